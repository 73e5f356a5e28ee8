"""The forms of the club's identity and of the issuing body, each from a day on."""

from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, Regexp

from assessments.clock import today
from assessments.identities import LENGTHS, Facts
from registry.forms import Form
from registry.identity import LOGOS
from registry.issuing.bodies import Naming
from registry.wording import SETS

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
PICTURES = {"leaves": _l("Hai chiếc lá"), "shield": _l("Tấm khiên"), "hands": _l("Hai bàn tay")}
HTTPS = Regexp(r"https://[^\s/]+\.[^\s]+", message=_l("Địa chỉ phải bắt đầu bằng https://"))


def needed(name: str, message: Any) -> list[Any]:
    """Required, and as long as its column at most."""
    return [InputRequired(message), Length(max=LENGTHS[name])]


def free(name: str) -> list[Any]:
    """May be left out."""
    return [Optional(), Length(max=LENGTHS[name])]


class FromForm(Form):
    """Something that holds from a day on."""

    starts_on = DateField(
        _l("Từ ngày"),
        format=DAYS,
        description=_l("Hôm nay hoặc một ngày sau. Việc đã qua giữ nguyên tên cũ."),
        validators=[InputRequired(_l("Nhập ngày bắt đầu."))],
    )

    @property
    def day(self) -> date:
        """The first day."""
        return cast("date", self.starts_on.data)

    def validate_starts_on(self, field: DateField) -> None:
        """The past does not change."""
        if field.data is not None and field.data < today():
            raise ValidationError(_l("Chọn ngày từ hôm nay."))


class IdentityForm(FromForm):
    """The club as everybody sees it."""

    name_vi = StringField(_l("Tên Câu lạc bộ, tiếng Việt"), validators=needed("name_vi", _l("Nhập tên.")))
    name_en = StringField(_l("Tên Câu lạc bộ, tiếng Anh"), validators=needed("name_en", _l("Nhập tên tiếng Anh.")))
    short_name = StringField(_l("Tên ngắn"), validators=needed("short_name", _l("Nhập tên ngắn.")))
    site_name_vi = StringField(_l("Tên trang, tiếng Việt"), validators=needed("site_name_vi", _l("Nhập tên trang.")))
    site_name_en = StringField(
        _l("Tên trang, tiếng Anh"), validators=needed("site_name_en", _l("Nhập tên trang bằng tiếng Anh."))
    )
    wording = RadioField(
        _l("Từ công khai"),
        description=_l("Luật sư của Câu lạc bộ phải đồng ý trước khi dùng từ của bộ A."),
        validators=[InputRequired(_l("Chọn một bộ từ."))],
    )
    logo = RadioField(_l("Biểu tượng"), validators=[InputRequired(_l("Chọn một biểu tượng."))])
    email = EmailField(
        _l("Email của văn phòng"),
        validators=[
            *needed("email", _l("Nhập địa chỉ thư.")),
            Regexp(r"[^@\s]+@[^@\s]+$", message=_l("Nhập một địa chỉ thư, như vanphong@vidu.vn.")),
        ],
    )
    phone = StringField(_l("Điện thoại"), validators=free("phone"))
    address_vi = StringField(_l("Địa chỉ, tiếng Việt"), validators=free("address_vi"))
    address_en = StringField(_l("Địa chỉ, tiếng Anh"), validators=free("address_en"))
    website = StringField(_l("Trang web"), validators=[*free("website"), HTTPS])
    funding_vi = TextAreaField(
        _l("Tiền của Câu lạc bộ từ đâu, tiếng Việt"),
        description=_l("Hiện ở trang giới thiệu. Để trống thì trang ghi là chưa công bố."),
        validators=free("funding_vi"),
    )
    funding_en = TextAreaField(_l("Tiền của Câu lạc bộ từ đâu, tiếng Anh"), validators=free("funding_en"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.wording.choices = [(name, f"{name}: {words['vi']['certificate']}") for name, words in SETS.items()]
        self.logo.choices = [(name, PICTURES[name]) for name in LOGOS]

    def facts(self) -> Facts:
        """The form as the verb takes it."""
        return Facts(**{name: self[name].data or "" for name in Facts.__dataclass_fields__})


class BodyForm(FromForm):
    """In whose name certificates are issued."""

    vi = StringField(_l("Tên tổ chức cấp, tiếng Việt"), validators=[InputRequired(_l("Nhập tên.")), Length(max=200)])
    en = StringField(
        _l("Tên tổ chức cấp, tiếng Anh"), validators=[InputRequired(_l("Nhập tên tiếng Anh.")), Length(max=200)]
    )
    signatory = StringField(
        _l("Người ký"),
        description=_l("Tên in trên giấy. Để trống cả ba ô dưới đây nếu không ghi ai."),
        validators=[Optional(), Length(max=200)],
    )
    office_vi = StringField(_l("Chức vụ, tiếng Việt"), validators=[Optional(), Length(max=200)])
    office_en = StringField(_l("Chức vụ, tiếng Anh"), validators=[Optional(), Length(max=200)])

    def naming(self) -> Naming:
        """The form as the verb takes it."""
        return Naming(*(self[name].data or "" for name in ("vi", "en", "signatory", "office_vi", "office_en")))
