"""The form by which anybody asks to hear of changes: without an account, a session or a cookie."""

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from assessments.publishing import SubscriptionWay
from registry.accounts.forms import email_field
from registry.forms import Form
from registry.subscriptions import outgoing

WAYS = {
    SubscriptionWay.MAIL.value: _l("Thư điện tử"),
    SubscriptionWay.WEBHOOK.value: _l("Webhook, cho máy chủ của cửa hàng, trường học, báo chí"),
}


class AskForm(Form):
    """How, where to, and of which product."""

    class Meta(Form.Meta):
        csrf = False

    product = HiddenField(validators=[Length(max=80)])
    way = RadioField(
        _l("Nhận tin bằng cách nào"), choices=list(WAYS.items()), validators=[InputRequired(_l("Chọn một cách."))]
    )
    email = email_field()
    daily = BooleanField(_l("Gộp các thay đổi thành một thư mỗi ngày, gửi vào buổi sáng"))
    url = StringField(_l("Địa chỉ webhook"), validators=[Length(max=outgoing.LONGEST_URL)])
    website = StringField(_l("Để trống ô này"))

    @property
    def is_webhook(self) -> bool:
        """Whether messages go to a machine."""
        return bool(self.way.data == SubscriptionWay.WEBHOOK.value)

    @property
    def is_daily(self) -> bool:
        """Whether letters come together; a webhook is always told at once."""
        return bool(self.daily.data) and not self.is_webhook

    def validate_url(self, field: StringField) -> None:
        """The form of the address; whether its name leads anywhere is seen when something is sent."""
        if not self.is_webhook:
            return
        if not field.data:
            raise ValidationError(_("Nhập địa chỉ webhook."))
        try:
            outgoing.checked(field.data, at_home=current_app.config["SETTINGS"].webhooks_at_home)
        except outgoing.Refused as refusal:
            raise ValidationError(
                _("Địa chỉ webhook phải bắt đầu bằng https://, có tên máy chủ và không kèm mật khẩu.")
            ) from refusal

    def validate_website(self, field: StringField) -> None:
        """People do not see this field; programs fill everything in."""
        if field.data:
            raise ValidationError(_("Để trống ô này."))


class PlainForm(Form):
    """A button; the token in the address says what it is for."""

    class Meta(Form.Meta):
        csrf = False
