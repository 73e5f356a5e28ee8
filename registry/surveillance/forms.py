"""Forms of the office's surveillance."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from assessments.lifecycle import Trigger
from assessments.surveillance import LONGEST
from registry.forms import Form
from registry.surveillance.words import TRIGGERS

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
OFFERED = (Trigger.STORE_VERSION, Trigger.CONCERN)  # the calendar and change notices plan by themselves


class PlanForm(Form):
    """One more surveillance, because of something."""

    trigger = RadioField(
        _l("Vì sao giám sát thêm?"),
        choices=[(one.value, _l(TRIGGERS[one])) for one in OFFERED],
        validators=[InputRequired(message=_l("Chọn điều dẫn đến lần giám sát này."))],
    )
    note = TextAreaField(
        _l("Cụ thể là gì?"),
        description=_l("Ví dụ: tên cửa hàng, phiên bản thấy ở đó, ngày thấy. Chỉ người của Câu lạc bộ đọc."),
        validators=[
            InputRequired(message=_l("Ghi điều dẫn đến lần giám sát này.")),
            Length(max=LONGEST),
        ],
    )
    due_on = DateField(
        _l("Phải bắt đầu trước hết ngày"), format=DAYS, validators=[InputRequired(message=_l("Chọn ngày từ hôm nay."))]
    )


class BeginForm(Form):
    """Open the company's draft."""

    reply_by = DateField(
        _l("Đơn vị trả lời trước hết ngày"),
        format=DAYS,
        validators=[InputRequired(message=_l("Chọn ngày. Ví dụ: 22/11/2026"))],
    )


class DropForm(Form):
    """Give it up."""

    reason = TextAreaField(
        _l("Vì sao bỏ lần giám sát này?"),
        validators=[InputRequired(message=_l("Ghi lý do.")), Length(max=LONGEST)],
    )
