"""The forms of a company: its facts, and an invitation to a colleague."""

import re
from datetime import datetime
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp

from assessments.folding import sort_key
from assessments.people import MemberRole
from assessments.vendors import Facts
from registry.accounts.forms import email_field, language_field, lower
from registry.forms import Form
from registry.i18n import lang

HOME = "VN"
TRAVELLING = {"csrf_token", "carried", "seen"}  # in the form, but no fact of the company
DATES = ["%Y-%m-%d", "%d/%m/%Y"]
# The tax code of an enterprise, of its branch, and of a household business (Circular 86/2024/TT-BTC).
_NUMBER_IN_VIETNAM = re.compile(r"\d{10}(-\d{3})?|\d{12}", re.ASCII)
_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


def closed_up(text: Any) -> Any:
    """Numbers are compared without the spaces and in the letters they are printed in."""
    return re.sub(r"\s+", "", text).upper() if isinstance(text, str) else text


def with_scheme(text: Any) -> Any:
    """People write addresses as they say them: "congty.vn"."""
    return f"https://{text}" if isinstance(text, str) and text.strip() and "://" not in text else text


def countries() -> list[tuple[str, str]]:
    """Every country by its name in the language of the page, Viet Nam on top."""
    names = {str(code): name for code, name in Locale(lang()).territories.items()}
    codes = [code for code in names if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES]
    found = [(code, names[code]) for code in codes]
    return sorted(found, key=lambda entry: (entry[0] != HOME, sort_key(entry[1])))


class Company(Form):
    """The facts of a company; the first ones are printed on its papers. `seen` marks what the person began from."""

    seen = HiddenField(validators=[Optional()])

    name = StringField(
        _l("Tên đơn vị"),
        description=_l("Đúng như trên giấy đăng ký, đủ loại hình: Công ty TNHH…, Hiệp hội…, Viện…"),
        validators=[DataRequired(_l("Nhập tên đơn vị.")), Length(max=200)],
    )
    name_en = StringField(
        _l("Tên tiếng Anh"),
        description=_l("Hiện trên các trang tiếng Anh. Để trống thì dùng tên ở trên."),
        validators=[Optional(), Length(max=200)],
    )
    country = SelectField(_l("Nước đăng ký"), default=HOME, validators=[DataRequired(_l("Chọn nước đăng ký."))])
    registration_number = StringField(
        _l("Mã số đăng ký"),
        description=_l(
            "Ở Việt Nam là mã số doanh nghiệp hoặc mã số thuế. Tổ chức không có mã số thì ghi số quyết định thành lập."
        ),
        filters=[closed_up],
        validators=[DataRequired(_l("Nhập mã số đăng ký.")), Length(max=40)],
    )
    address = TextAreaField(
        _l("Địa chỉ trụ sở"),
        description=_l("Như trên giấy đăng ký."),
        validators=[DataRequired(_l("Nhập địa chỉ trụ sở.")), Length(max=400)],
    )
    representative = StringField(
        _l("Người đại diện theo pháp luật"),
        description=_l("Họ và tên, đủ dấu."),
        validators=[DataRequired(_l("Nhập tên người đại diện theo pháp luật.")), Length(max=200)],
    )
    website = URLField(
        _l("Trang web của đơn vị"),
        filters=[with_scheme],
        validators=[
            Optional(),
            Length(max=400),
            Regexp(
                r"https?://[^\s/@\\]+\.[^\s/@\\]+(/\S*)?$",
                message=_l("Địa chỉ trang web chưa đúng. Ví dụ: https://congty.vn"),
            ),
        ],
    )
    contact_email = EmailField(
        _l("Email liên hệ"),
        description=_l("Hộp thư chung có người đọc thường xuyên thì tốt hơn hộp thư riêng."),
        filters=[lower],
        validators=[DataRequired(_l("Nhập email liên hệ.")), Length(max=254), Email(granular_message=False)],
    )
    contact_phone = TelField(
        _l("Điện thoại liên hệ"),
        validators=[
            Optional(),
            Length(max=40),
            Regexp(r"\+?[\d\s().-]{6,}$", message=_l("Số điện thoại chưa đúng. Ví dụ: 024 3123 4567")),
        ],
    )
    club_member = BooleanField(
        _l("Đơn vị là hội viên của Câu lạc bộ"),
        description=_l(
            "Văn phòng Câu lạc bộ xác nhận rồi mới ghi công khai bên cạnh sản phẩm. "
            "Hội viên không được đánh giá hay quyết định sản phẩm của mình."
        ),
    )
    club_member_since = DateField(
        _l("Hội viên từ ngày"), format=DATES, description=_l("Ví dụ: 22/11/2026"), validators=[Optional()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = dict(countries())

    def validate_registration_number(self, field: StringField) -> None:
        """Vietnamese numbers have one of three shapes; other countries are not checked."""
        if self.country.data == HOME and not _NUMBER_IN_VIETNAM.fullmatch(field.data or ""):
            raise ValidationError(
                _("Mã số ở Việt Nam có 10 chữ số, có thể thêm gạch nối và 3 chữ số. Ví dụ: 0101234567")
            )

    def facts(self) -> Facts:
        """What was typed, as the procedure takes it."""
        values: dict[str, Any] = {name: value or "" for name, value in self.data.items() if name not in TRAVELLING}
        values["club_member"] = bool(self.club_member.data)
        values["club_member_since"] = self.club_member_since.data if self.club_member.data else None
        return Facts(**values)


class Registration(Company):
    """A company's facts for the first time, and what its person brings along."""

    carried = HiddenField(validators=[Optional()])


class Close(Form):
    """The word of an owner who closes the company's account: its name, typed."""

    name = StringField(
        _l("Gõ tên đơn vị để xác nhận"),
        validators=[DataRequired(_l("Gõ tên đơn vị để xác nhận.")), Length(max=200)],
    )


class Invite(Form):
    """An invitation to a colleague; `shown` is when the page was made: what was sent since was sent from it."""

    shown = HiddenField(validators=[Optional()])

    email = email_field()
    role = RadioField(_l("Vai trò"), validators=[DataRequired(_l("Chọn vai trò."))])
    language = language_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = {
            MemberRole.CONTRIBUTOR.value: _("Người cùng soạn: soạn hồ sơ và bằng chứng, không nộp được"),
            MemberRole.OWNER.value: _("Người phụ trách: nộp hồ sơ, trả lời Câu lạc bộ, mời và đưa người ra"),
        }

    @property
    def since(self) -> datetime | None:
        """When the page was made, if it says so."""
        try:
            found = datetime.fromisoformat(self.shown.data or "")
        except ValueError:
            return None
        return found if found.tzinfo else None

    @property
    def member_role(self) -> MemberRole:
        """The role chosen."""
        return MemberRole(self.role.data)
