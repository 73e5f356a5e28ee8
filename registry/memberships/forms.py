"""The forms of the office's answer to a claim of membership."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from assessments.memberships import LONGEST
from registry.forms import Form


class ConfirmForm(Form):
    """Yes; `claimed_at` names the claim that was read."""

    claimed_at = HiddenField()

    def moment(self) -> datetime | None:
        """When the claim was made, None where the field was tampered with."""
        try:
            return datetime.fromisoformat(self.claimed_at.data or "").astimezone(UTC)
        except ValueError:
            return None


class DenyForm(Form):
    """No, and why."""

    reason = TextAreaField(
        _l("Lý do"),
        description=_l("Đơn vị nhận được lý do này qua thư."),
        validators=[InputRequired(_l("Ghi lý do để đơn vị biết.")), Length(max=LONGEST)],
    )
