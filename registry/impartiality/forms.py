"""The forms of the impartiality committee: what follows from a conflict, a risk, a meeting."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from assessments.clock import today
from assessments.impartiality import LONGEST, RiskText
from registry.forms import Form

DATES = ["%Y-%m-%d", "%d/%m/%Y"]


class HandleForm(Form):
    """What was decided about a conflict."""

    handling = TextAreaField(
        _l("Đã xem xét thế nào và làm gì"),
        description=_l("Ghi điều đã kiểm tra, kết luận và việc phải làm. Không chép nội dung hồ sơ vào đây."),
        validators=[InputRequired(_l("Ghi đã xem xét thế nào và làm gì.")), Length(max=LONGEST)],
    )


class RiskForm(Form):
    """One risk to impartiality."""

    title = StringField(
        _l("Rủi ro"),
        description=_l("Ví dụ: hội viên là nhà cung cấp tài trợ hoạt động của Câu lạc bộ."),
        validators=[InputRequired(_l("Ghi rủi ro.")), Length(max=300)],
    )
    measure = TextAreaField(
        _l("Việc làm để loại bỏ hoặc giảm rủi ro"),
        validators=[InputRequired(_l("Ghi việc làm.")), Length(max=LONGEST)],
    )
    owner = StringField(_l("Người phụ trách"), validators=[InputRequired(_l("Ghi người phụ trách.")), Length(max=200)])
    due_on = DateField(_l("Hạn, hết ngày"), format=DATES, validators=[InputRequired(_l("Nhập hạn. Ví dụ: 22/11/2026"))])
    version = IntegerField(widget=HiddenInput(), default=0)

    def text(self) -> RiskText:
        """What was typed, as the procedure takes it."""
        due_on = self.due_on.data or today()  # the field is required
        return RiskText(self.title.data or "", self.measure.data or "", self.owner.data or "", due_on)


class CloseRiskForm(Form):
    """Why a risk is closed."""

    closing = StringField(
        _l("Vì sao đóng"), validators=[InputRequired(_l("Ghi vì sao đóng rủi ro này.")), Length(max=1000)]
    )
    seen = IntegerField(widget=HiddenInput(), default=0)


class MeetingForm(Form):
    """Notes of one meeting."""

    held_on = DateField(_l("Ngày họp"), format=DATES, validators=[InputRequired(_l("Nhập ngày họp."))])
    present = TextAreaField(_l("Người dự"), validators=[InputRequired(_l("Ghi người dự.")), Length(max=1000)])
    notes = TextAreaField(
        _l("Nội dung và kết luận"),
        description=_l("Đã xem số liệu và rủi ro nào, kết luận gì, ai làm gì đến ngày nào. Lưu rồi không sửa được."),
        validators=[InputRequired(_l("Ghi nội dung cuộc họp.")), Length(max=20_000)],
    )
