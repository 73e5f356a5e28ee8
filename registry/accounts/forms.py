"""The forms of accounts: signing up and in, passwords, one's own facts, invitations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, Email, EqualTo, Length, Optional

from assessments.errors import N_
from registry.accounts import passwords
from registry.forms import Form
from registry.i18n import translate

PASSWORD_HINT = _l("Ít nhất 12 ký tự, dấu cách cũng được. Một câu dài dễ nhớ tốt hơn một từ khó.")
LONGEST_NAME = 100
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def lower(text: Any) -> Any:
    """Addresses are kept in small letters; who signs in may type them as they like."""
    return text.strip().lower() if isinstance(text, str) else text


def typed(field: StringField) -> str:
    """What was typed into a field; nothing is the empty text."""
    return field.data or ""


def email_field() -> EmailField:
    """An e-mail address."""
    return EmailField(
        _l("Email"),
        filters=[lower],
        validators=[DataRequired(_l("Nhập email.")), Length(max=254), Email(granular_message=False)],
    )


def no_address(_form: Any, field: StringField) -> None:
    """Names stand in letters to others: no place for a link."""
    if "://" in typed(field):
        raise ValidationError(translate(N_("Họ và tên không chứa đường dẫn.")))


def name_field() -> StringField:
    """A person's name, in one piece: names are never split."""
    return StringField(
        _l("Họ và tên"),
        description=_l("Viết như trên giấy tờ, đủ dấu."),
        validators=[DataRequired(_l("Nhập họ và tên.")), Length(max=LONGEST_NAME), no_address],
    )


def language_field() -> RadioField:
    """The language of pages and letters."""
    return RadioField(
        _l("Ngôn ngữ của trang và thư"),
        choices=LANGUAGES,
        validators=[DataRequired(_l("Chọn ngôn ngữ."))],
    )


def first_password_field() -> PasswordField:
    """The password of an account that is being opened."""
    return PasswordField(_l("Mật khẩu"), description=PASSWORD_HINT, validators=[DataRequired(_l("Nhập mật khẩu."))])


def new_password_field() -> PasswordField:
    """A password in place of an earlier one."""
    return PasswordField(
        _l("Mật khẩu mới"), description=PASSWORD_HINT, validators=[DataRequired(_l("Nhập mật khẩu mới."))]
    )


def repeat_field() -> PasswordField:
    """The same once more: nobody sees what they type."""
    return PasswordField(
        _l("Nhập lại mật khẩu"),
        validators=[
            DataRequired(_l("Nhập lại mật khẩu.")),
            EqualTo("password", _l("Hai lần nhập mật khẩu chưa giống nhau.")),
        ],
    )


class NewPassword(Form):
    """A password to set, twice; subclasses say whose it is, and name the fields again in the order of their page."""

    password = new_password_field()
    repeat = repeat_field()

    def about(self) -> tuple[str, str]:
        """The address and the name the password must not be."""
        return "", ""

    def validate_password(self, field: PasswordField) -> None:
        """Length, well-known ones, and one's own name."""
        if found := passwords.fault(typed(field), *self.about()):
            raise ValidationError(translate(found, min=passwords.MIN_LENGTH, max=passwords.MAX_LENGTH))


class SignUp(NewPassword):
    """A new account."""

    name = name_field()
    email = email_field()
    password = first_password_field()
    repeat = repeat_field()
    language = language_field()
    carried = HiddenField(validators=[Optional()])

    def about(self) -> tuple[str, str]:
        """As typed in the same form."""
        return typed(self.email), typed(self.name)


class SetPassword(NewPassword):
    """A new password by a link, for a person we know."""

    def __init__(self, email: str = "", name: str = "") -> None:
        super().__init__()
        self._about = (email, name)

    def about(self) -> tuple[str, str]:
        """The person the link was sent to."""
        return self._about


class ChangePassword(SetPassword):
    """A new password, by whoever knows the present one."""

    current = PasswordField(_l("Mật khẩu hiện tại"), validators=[DataRequired(_l("Nhập mật khẩu hiện tại."))])
    password = new_password_field()
    repeat = repeat_field()


class CloseAccount(Form):
    """The present password, by whoever closes their account."""

    current = PasswordField(
        _l("Mật khẩu hiện tại"), validators=[DataRequired(_l("Nhập mật khẩu hiện tại.")), Length(max=1024)]
    )


class Accept(SetPassword):
    """An invitation taken by somebody who has no account yet."""

    name = name_field()
    password = first_password_field()
    repeat = repeat_field()

    def about(self) -> tuple[str, str]:
        """The invited address, and the name as typed."""
        return self._about[0], typed(self.name)


class Button(Form):
    """Nothing but the token: a page with one button."""


class VerifyEmail(Form):
    """The password chosen at sign-up, asked for in any other browser than the one that signed up."""

    password = PasswordField(
        _l("Mật khẩu đã chọn khi đăng ký"), validators=[DataRequired(_l("Nhập mật khẩu đã chọn khi đăng ký."))]
    )


class SignIn(Form):
    """Address and password; where to go on, and what was typed before the session ended."""

    email = email_field()
    password = PasswordField(_l("Mật khẩu"), validators=[DataRequired(_l("Nhập mật khẩu.")), Length(max=1024)])
    next = HiddenField(validators=[Optional()])
    carried = HiddenField(validators=[Optional()])


class Address(Form):
    """One e-mail address to send a link to."""

    email = email_field()


class Details(Form):
    """What a person says of themselves."""

    name = name_field()
    language = language_field()
