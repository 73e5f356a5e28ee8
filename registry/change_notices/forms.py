"""Forms of change notices: what the vendor tells, and how the office judges it."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.change_notices import LONGEST, LONGEST_VERSION, Judged, Told
from assessments.clock import today
from assessments.lifecycle import ChangeSize
from assessments.states import ChangeKind
from registry.forms import Form
from registry.renewals import CHANGES

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class NoticeForm(Form):
    """What changes, from when, and in which version."""

    changes = SelectMultipleField(
        _l("Điều gì thay đổi?"),
        choices=[(kind.value, _l(word)) for kind, word in CHANGES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(message=_l("Chọn ít nhất một điều đã thay đổi."))],
    )
    effective_on = DateField(
        _l("Từ ngày nào?"), format=DAYS, validators=[InputRequired(message=_l("Chọn ngày. Ví dụ: 22/11/2026"))]
    )
    version = StringField(_l("Phiên bản mới"), validators=[Length(max=LONGEST_VERSION)])
    text = TextAreaField(
        _l("Thay đổi cụ thể là gì?"),
        validators=[InputRequired(message=_l("Viết vài câu về điều đã thay đổi.")), Length(max=LONGEST)],
    )

    def told(self) -> Told:
        """What was typed, as the procedure takes it."""
        kinds = tuple(ChangeKind(value) for value in self.changes.data or ())
        return Told(kinds, self.effective_on.data or today(), self.text.data or "", self.version.data or "")


class JudgeForm(Form):
    """Minor or major, and why."""

    size = RadioField(
        _l("Thay đổi này là"),
        choices=[
            (ChangeSize.MINOR.value, _l("Nhỏ: giấy vẫn áp dụng")),
            (ChangeSize.MAJOR.value, _l("Lớn: đơn vị nộp hồ sơ báo thay đổi, và có một lần giám sát")),
        ],
        validators=[InputRequired(message=_l("Chọn thay đổi nhỏ hoặc lớn."))],
    )
    reason = TextAreaField(
        _l("Lý do"),
        description=_l("Đơn vị đọc nguyên văn."),
        validators=[InputRequired(message=_l("Ghi lý do để đơn vị đọc.")), Length(max=LONGEST)],
    )
    apply_by = DateField(_l("Nếu lớn: nộp hồ sơ báo thay đổi trước hết ngày"), format=DAYS, validators=[Optional()])

    def judged(self) -> Judged:
        """What was typed, as the procedure takes it."""
        return Judged(ChangeSize(self.size.data), self.reason.data or "", self.apply_by.data)
