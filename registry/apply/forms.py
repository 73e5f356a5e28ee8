"""The form of the self-check: what decides which criteria apply, and little more."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from assessments.errors import N_, Invalid
from criteria.model import Edition
from registry.applications.profile_form import Kinds, Ticks
from registry.forms import Form
from registry.templating import bi

STALE = N_(
    "Biểu mẫu này không khớp với bộ tiêu chí %(edition)s. Có thể bộ tiêu chí vừa đổi. "
    "Mở lại trang tự đánh giá và làm lại."
)


class Product(Kinds):
    """A product as the self-check needs to know it; public, so without a token: nothing is stored or changed."""

    class Meta(Form.Meta):
        csrf = False

    name_vi = StringField(_l("Tên sản phẩm, tiếng Việt"), validators=[Length(max=200)])
    name_en = StringField(_l("Tên sản phẩm, tiếng Anh"), validators=[Length(max=200)])
    platforms = Ticks(_l("Chạy trên thiết bị, nền tảng nào?"))
    ages = Ticks(_l("Dành cho trẻ ở nhóm tuổi nào?"))

    PLAIN = ("name_vi", "name_en", "platforms", "ages")

    def offer(self, edition: Edition) -> None:
        super().offer(edition)
        self.platforms.choices = [(one.code, bi(one.name)) for one in edition.platforms]
        self.ages.choices = [(one.code, bi(one.name)) for one in edition.age_bands]

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
        plain = {name: stored.get(name) for name in cls.PLAIN}
        return plain | super().filled_from(stored, edition)

    def profile(self) -> dict[str, Any]:
        """What was answered, in the fields of Application.profile."""
        plain = {name: self[name].data or ([] if isinstance(self[name], Ticks) else "") for name in self.PLAIN}
        kinds = super().changes()
        return plain | {name: kinds[name] for name in ("categories", "flags", "flags_answered")}

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask for what decides: a category, and every feature answered."""
        right = super().validate(extra_validators)
        if not self.categories.data and not self.categories.errors:
            self.categories.errors = [_("Chọn ít nhất một loại sản phẩm.")]
            right = False
        for entry in self.features:
            answer = entry.form.answer
            if not answer.data and not answer.errors:
                answer.errors = [_("%(question)s Chọn “Có” hoặc “Không”.", question=answer.label.text)]
                right = False
        return right


def product_of(edition: Edition, profile: Mapping[str, Any]) -> Product:
    """The form with what is known of a product, whatever was posted."""
    form = Product(formdata=None, data=Product.filled_from(profile, edition))
    form.offer(edition)
    return form


def posted_product(edition: Edition) -> Product:
    """The form as it was posted; refuses one that asks other questions than the edition (Invalid)."""
    form = Product()
    asked = [entry.form.code.data for entry in form.features]
    if sorted(map(str, asked)) != sorted(flag.code for flag in edition.flags):
        raise Invalid(STALE, edition=edition.id)
    form.offer(edition)
    return form
