"""The forms of evidence: a file, a link."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from criteria.model import EvidenceKind
from registry.forms import Form
from registry.i18n import lang

LINK = "LINK"
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]  # what a browser sends, and what people type where there is no calendar


class FactsForm(Form):
    """What is said of every piece of evidence."""

    kind = SelectField(_l("Loại bằng chứng"), validators=[InputRequired(_l("Chọn loại bằng chứng."))])
    issued_on = DateField(_l("Ngày lập"), format=DAYS, validators=[Optional()])
    valid_until = DateField(_l("Có giá trị đến hết ngày"), format=DAYS, validators=[Optional()])

    def offer(self, kinds: list[EvidenceKind]) -> None:
        """The kinds to choose from, in the order given, none chosen beforehand."""
        named = [(kind.code, kind.name.get(lang())) for kind in kinds]
        self.kind.choices = [("", str(_l("Chọn loại"))), *named]

    def validate_valid_until(self, field: Any) -> None:
        """Nothing ends before it begins."""
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(str(_l("Ngày hết hạn phải từ ngày lập trở đi.")))


class UploadForm(FactsForm):
    """A file. Its token stands in the address, so that the request is judged before the file is read."""

    class Meta(FactsForm.Meta):
        csrf = False

    title = StringField(
        _l("Tên bằng chứng"),
        description=_l("Để trống thì dùng tên tệp."),
        validators=[Length(max=200, message=_l("Tên dài quá 200 ký tự."))],
    )
    file = FileField(_l("Tệp"))
    promise = BooleanField(
        _l("Tệp này không có dữ liệu của trẻ em thật và không có tài liệu xâm hại trẻ em."),
        validators=[InputRequired(_l("Đánh dấu lời cam đoan về tệp này."))],
    )


class LinkForm(FactsForm):
    """A web address. It is never fetched."""

    title = StringField(
        _l("Tên bằng chứng"),
        validators=[
            InputRequired(_l("Nhập tên bằng chứng.")),
            Length(max=200, message=_l("Tên dài quá 200 ký tự.")),
        ],
    )
    address = StringField(
        _l("Địa chỉ trang"),
        description=_l("Bắt đầu bằng https://. Trang phải mở được mà không cần đăng nhập."),
        validators=[InputRequired(_l("Nhập địa chỉ trang."))],
    )
    promise = BooleanField(
        _l("Trang này không có dữ liệu của trẻ em thật và không có tài liệu xâm hại trẻ em."),
        validators=[InputRequired(_l("Đánh dấu lời cam đoan về trang này."))],
    )
