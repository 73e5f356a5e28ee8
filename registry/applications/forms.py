"""The short forms of the vendor's pages; the profile has its own module."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from assessments import answers, corrections, renewals, test_access
from assessments.models import Product
from assessments.questions import LONGEST_ANSWER
from assessments.states import ChangeKind
from registry.forms import Form
from registry.renewals import CHANGES

NEW = "new"
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]  # what a browser sends, and what people type where there is no calendar


class Start(Form):
    """A product that applies: one of the company's, or a new one by its names."""

    product = RadioField(_l("Hồ sơ cho sản phẩm nào?"), validators=[InputRequired(_l("Chọn sản phẩm."))])
    name_vi = StringField(_l("Tên sản phẩm, tiếng Việt"), validators=[Length(max=200)])
    name_en = StringField(_l("Tên sản phẩm, tiếng Anh"), validators=[Length(max=200)])
    newest = HiddenField(default="")  # what the company had begun last when the page was opened

    def offer(self, products: list[Product]) -> None:
        """The company's products, and a new one."""
        known = [(str(product.id), product.name) for product in products]
        self.product.choices = [*known, (NEW, _l("Sản phẩm mới"))]
        if not known and not self.product.data:
            self.product.data = NEW

    def validate(self, extra_validators: object = None) -> bool:
        """A new product needs its Vietnamese name."""
        right: bool = super().validate(extra_validators)
        if self.product.data == NEW and not self.name_vi.data:
            self.name_vi.errors = [_l("Nhập tên sản phẩm bằng tiếng Việt.")]
            return False
        return right


class ImportFile(Form):
    """A file to fill an application from."""

    file = FileField(_l("Tệp"))


class NewProduct(Form):
    """The names of the product that an imported application is about."""

    name_vi = StringField(
        _l("Tên sản phẩm, tiếng Việt"),
        validators=[DataRequired(_l("Nhập tên sản phẩm bằng tiếng Việt.")), Length(max=200)],
    )
    name_en = StringField(_l("Tên sản phẩm, tiếng Anh"), validators=[Length(max=200)])


class Changed(Form):
    """What is different since the certificate was granted."""

    changes = SelectMultipleField(
        _l("Điều gì đã thay đổi kể từ lần trước?"),
        choices=[(kind.value, _l(word)) for kind, word in CHANGES.items()],  # each is marked where it stands
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    note = TextAreaField(_l("Thay đổi cụ thể là gì, từ ngày nào?"), validators=[Length(max=renewals.LONGEST)])

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """What was ticked."""
        return tuple(ChangeKind(value) for value in self.changes.data or ())


class Claim(Form):
    """What is said about one criterion; `version` is the one the person began from."""

    version = IntegerField(validators=[Optional()])
    claim = TextAreaField(_l("Sản phẩm làm được gì, chứng minh bằng gì?"), validators=[Length(max=answers.LONGEST)])
    not_applicable = BooleanField(_l("Đề nghị: tiêu chí này không áp dụng cho sản phẩm"))
    not_applicable_reason = TextAreaField(_l("Vì sao không áp dụng?"), validators=[Length(max=answers.LONGEST_REASON)])
    library = SelectField(_l("Chọn từ kho bằng chứng"), validators=[Optional()])


class Agreement(Form):
    """The owner's word for the company; `version` is the one that was read."""

    version = HiddenField()
    accept = BooleanField(
        _l("Chấp nhận thỏa thuận"), validators=[DataRequired(_l("Đánh dấu để chấp nhận thỏa thuận."))]
    )


class TestAccount(Form):
    """An account for trying the product out. The password is shown while it is typed, so that it is typed right."""

    __test__ = False  # pytest takes every class with such a name for one of its own

    label = StringField(
        _l("Tên để nhận ra"),
        description=_l("Ví dụ: Tài khoản cha mẹ trên bản thử. Đừng ghi mật khẩu ở ô này."),
        validators=[InputRequired(_l("Nhập tên để nhận ra tài khoản.")), Length(max=test_access.LONGEST_LABEL)],
    )
    address = StringField(_l("Địa chỉ dịch vụ hoặc chỗ tải bản thử"), validators=[Length(max=test_access.LONGEST)])
    user_name = StringField(_l("Tên đăng nhập"), validators=[Length(max=test_access.LONGEST)])
    password = PasswordField(_l("Mật khẩu"), widget=TextInput(), validators=[Length(max=test_access.LONGEST)])
    notes = TextAreaField(
        _l("Ghi chú"),
        description=_l("Ví dụ: mã dùng một lần lấy ở đâu, tài khoản của con đã có sẵn dữ liệu gì."),
        validators=[Length(max=test_access.LONGEST)],
    )
    valid_until = DateField(_l("Dùng được đến hết ngày"), format=DAYS, validators=[Optional()])


class Withdrawal(Form):
    """Why an application ends; nobody has to say."""

    reason = TextAreaField(_l("Lý do rút hồ sơ"), validators=[Length(max=1000)])


class Comment(Form):
    """What the company says to the notice before a decline."""

    text = TextAreaField(
        _l("Ý kiến của đơn vị"),
        validators=[DataRequired(_l("Nhập ý kiến của đơn vị.")), Length(max=corrections.LONGEST)],
    )


class QuestionAnswer(Form):
    """What the company answers to a reviewer's question."""

    text = TextAreaField(
        _l("Câu trả lời của đơn vị"),
        validators=[DataRequired(_l("Viết câu trả lời.")), Length(max=LONGEST_ANSWER)],
    )


class Facts(Form):
    """Whether the facts of the public summary are right."""

    right = RadioField(
        _l("Các dữ kiện trong bản tóm tắt có đúng không?"),
        choices=[("yes", _l("Dữ kiện đều đúng")), ("no", _l("Có chỗ chưa đúng"))],
        validators=[InputRequired(_l("Chọn đúng dữ kiện, hoặc có chỗ chưa đúng."))],
    )
    remarks = TextAreaField(_l("Chỗ nào chưa đúng? Ghi dữ kiện đúng."), validators=[Length(max=corrections.LONGEST)])

    def validate(self, extra_validators: object = None) -> bool:
        """Whoever finds a mistake names it."""
        ok: bool = super().validate(extra_validators)
        if self.right.data == "no" and not self.remarks.data:
            self.remarks.errors = [_l("Ghi chỗ chưa đúng và dữ kiện đúng.")]
            return False
        return ok
