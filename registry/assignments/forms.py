"""The forms of assignment."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.assignments import LONGEST_REASON
from registry.forms import Form

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class AssignForm(Form):
    """Who reviews, who leads, until when."""

    reviewers = SelectMultipleField(
        _l("Người đánh giá"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    lead = RadioField(_l("Trưởng nhóm"), validate_choice=False)
    lack = TextAreaField(
        _l("Lý do giao khi nhóm còn thiếu"),
        description=_l(
            "Chỉ cần ghi khi nhóm thiếu năng lực hoặc có người chưa qua chấm thử. Hội đồng đọc lý do này: đừng ghi "
            "tên người đánh giá."
        ),
        validators=[Length(max=LONGEST_REASON)],
    )
    due_on = DateField(
        _l("Hạn chấm, hết ngày"), format=DAYS, validators=[InputRequired(_l("Nhập hạn chấm. Ví dụ: 22/11/2026"))]
    )


class ReplaceForm(Form):
    """Somebody else in a reviewer's place, or one more."""

    person = SelectField(_l("Người mới"), validators=[InputRequired(_l("Chọn người mới."))])
    reason = StringField(_l("Lý do đổi"), description=_l("Chỉ văn phòng Câu lạc bộ đọc."), validators=[Length(max=500)])
    waiver = StringField(
        _l("Lý do giao cho người chưa qua chấm thử"),
        description=_l(
            "Chỉ cần ghi khi người mới chưa qua chấm thử. Hội đồng đọc lý do này: đừng ghi tên người đánh giá."
        ),
        validators=[Length(max=LONGEST_REASON)],
    )


class ExtendForm(Form):
    """More time for whoever acts now."""

    until = DateField(
        _l("Gia hạn đến hết ngày"), format=DAYS, validators=[InputRequired(_l("Chọn ngày. Ví dụ: 22/11/2026"))]
    )


class PlainForm(Form):
    """A button: nothing but the token."""
