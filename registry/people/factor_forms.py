"""The form about lost second factors."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from registry.accounts.forms import email_field
from registry.forms import Form


class ResetFactors(Form):
    """Whose factors go, and why."""

    email = email_field()
    reason = TextAreaField(
        _l("Lý do, và đã xác minh người này bằng cách nào"),
        description=_l("Ghi vào lịch sử; người này đọc được trong thư báo."),
        validators=[DataRequired(_l("Ghi lý do, và đã xác minh người này bằng cách nào.")), Length(max=1000)],
    )
