"""Forms of those who change certificates; what is published is asked for in both languages."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from assessments.states import CertificateAction
from registry.forms import Form
from registry.scopes import ScopeForm

LONGEST = 2000
REINSTATE = (CertificateAction.REINSTATE.value, _l("Khôi phục giấy"))
WITHDRAW = (CertificateAction.WITHDRAW.value, _l("Thu hồi giấy"))
REASON_VI = _l("Ghi lý do bằng tiếng Việt.")
REASON_EN = _l("Ghi lý do bằng tiếng Anh.")


class SuspendForm(Form):
    """Suspend at once: why, what restores it, and by when."""

    reason_vi = TextAreaField(
        _l("Lý do, tiếng Việt"), validators=[InputRequired(message=REASON_VI), Length(max=LONGEST)]
    )
    reason_en = TextAreaField(
        _l("Lý do, tiếng Anh"), validators=[InputRequired(message=REASON_EN), Length(max=LONGEST)]
    )
    condition_vi = TextAreaField(
        _l("Khôi phục khi nào, tiếng Việt"),
        validators=[InputRequired(message=_l("Ghi điều kiện khôi phục bằng tiếng Việt.")), Length(max=LONGEST)],
    )
    condition_en = TextAreaField(
        _l("Khôi phục khi nào, tiếng Anh"),
        validators=[InputRequired(message=_l("Ghi điều kiện khôi phục bằng tiếng Anh.")), Length(max=LONGEST)],
    )
    restore_by = DateField(
        _l("Hạn khôi phục"), validators=[InputRequired(message=_l("Chọn ngày muộn nhất để khôi phục."))]
    )


class ChangeForm(Form):
    """Propose to reinstate or to withdraw; a second person confirms."""

    action = RadioField(
        _l("Đề xuất"),
        choices=[REINSTATE, WITHDRAW],
        validators=[InputRequired(message=_l("Chọn khôi phục hoặc thu hồi giấy."))],
    )
    why_vi = TextAreaField(
        _l("Lý do của đề xuất, tiếng Việt"), validators=[InputRequired(message=REASON_VI), Length(max=LONGEST)]
    )
    why_en = TextAreaField(
        _l("Lý do của đề xuất, tiếng Anh"), validators=[InputRequired(message=REASON_EN), Length(max=LONGEST)]
    )


class ReduceForm(ScopeForm):
    """What remains, and why."""

    reason_vi = TextAreaField(
        _l("Lý do, tiếng Việt"), validators=[InputRequired(message=REASON_VI), Length(max=LONGEST)]
    )
    reason_en = TextAreaField(
        _l("Lý do, tiếng Anh"), validators=[InputRequired(message=REASON_EN), Length(max=LONGEST)]
    )


class AgreeForm(Form):
    """The second person agrees with the change of this number."""

    event = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class DisagreeForm(Form):
    """The second person disagrees, and says why."""

    event = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    note = TextAreaField(
        _l("Vì sao không đồng ý"),
        validators=[InputRequired(message=_l("Ghi lý do không đồng ý.")), Length(max=LONGEST)],
    )


class FulfilForm(Form):
    """What shows that a condition was fulfilled."""

    note = TextAreaField(
        _l("Điều gì cho thấy đã thực hiện"),
        description=_l("Nhà cung cấp đọc nguyên văn."),
        validators=[InputRequired(message=_l("Ghi điều gì cho thấy đã thực hiện.")), Length(max=LONGEST)],
    )
