"""The forms of second factors: showing one, setting one up, and confirming before something grave."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from registry.accounts.forms import typed
from registry.accounts.passkeys import LONGEST_ANSWER
from registry.forms import Form

CODE_HINT = _l("Sáu chữ số trong ứng dụng tạo mã trên điện thoại.")


def code_field() -> StringField:
    """A one-time code."""
    return StringField(_l("Mã dùng một lần"), description=CODE_HINT, validators=[Optional(), Length(max=20)])


class Onward(Form):
    """Where to go on, and what was typed before: both travel along."""

    next = HiddenField(validators=[Optional()])
    carried = HiddenField(validators=[Optional()])


class ShowFactor(Onward):
    """A code, or what a passkey has signed."""

    code = code_field()
    credential = HiddenField(validators=[Optional(), Length(max=LONGEST_ANSWER)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether there is either."""
        if not super().validate(extra_validators):
            return False
        if not typed(self.credential) and not typed(self.code):
            self.code.errors = [_("Nhập mã.")]
            return False
        return True


class ShowPasskey(Onward):
    """What a passkey has signed, in place of address and password."""

    credential = HiddenField(validators=[Optional(), Length(max=LONGEST_ANSWER)])


class ShowRecovery(Onward):
    """A recovery code."""

    code = StringField(
        _l("Mã dự phòng"),
        description=_l("Một trong mười mã bạn đã cất khi thiết lập. Mỗi mã dùng được một lần."),
        validators=[DataRequired(_l("Nhập mã dự phòng.")), Length(max=100)],
    )


class ShowPassword(Onward):
    """The password once more, of whoever has no second factor."""

    password = PasswordField(_l("Mật khẩu"), validators=[DataRequired(_l("Nhập mật khẩu.")), Length(max=1024)])


class NewCodes(Onward):
    """The first code of an app; the secret travels sealed with the page that shows it."""

    secret = HiddenField(validators=[Optional(), Length(max=400)])
    code = StringField(
        _l("Mã ứng dụng đang hiện"),
        description=CODE_HINT,
        validators=[DataRequired(_l("Nhập mã ứng dụng đang hiện.")), Length(max=20)],
    )


class NewPasskey(Onward):
    """A passkey that a browser has made, and what to call it."""

    name = StringField(
        _l("Tên để nhận ra khóa này"),
        description=_l("Ví dụ: điện thoại của tôi, máy ở văn phòng."),
        validators=[DataRequired(_l("Đặt tên cho khóa.")), Length(max=60)],
    )
    credential = HiddenField(validators=[Optional(), Length(max=LONGEST_ANSWER)])

    def validate_credential(self, field: HiddenField) -> None:
        """There is none where no script ran."""
        if not field.data and typed(self.name):
            raise ValidationError(_("Trình duyệt chưa tạo khóa nào. Bật JavaScript rồi thử lại, hoặc chọn cách khác."))
