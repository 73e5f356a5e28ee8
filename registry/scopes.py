"""The fields of a scope: what a certificate goes on covering when it is reduced."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.models import Certificate
from assessments.reductions import PARTS, Reduction
from criteria.model import Edition
from registry.forms import Form
from registry.i18n import lang
from registry.templating import bi


def _ticks(label: Any, message: Any) -> Any:
    return SelectMultipleField(
        label,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(message=message)],
    )


class ScopeForm(Form):
    """What remains of a certificate."""

    platforms = _ticks(_l("Nền tảng còn lại"), _l("Giữ ít nhất một nền tảng."))
    categories = _ticks(_l("Loại sản phẩm còn lại"), _l("Giữ ít nhất một loại."))
    ages = _ticks(_l("Nhóm tuổi còn lại"), _l("Giữ ít nhất một nhóm tuổi."))
    level = RadioField(_l("Mức"), validators=[InputRequired(message=_l("Chọn mức."))])

    def offer_scope(self, certificate: Certificate, edition: Edition) -> None:
        """Offer what the certificate covers, all of it chosen at first, and its level with the lower ones."""
        facts = certificate.content["profile"]
        named = {
            "platforms": {one.code: bi(one.name) for one in edition.platforms},
            "categories": {one.code: bi(one.name) for one in edition.categories},
            "ages": {one.code: bi(one.name) for one in edition.age_bands},
        }
        for part in PARTS:
            field = self[part]
            field.choices = [(code, named[part].get(code, code)) for code in facts[part]]
            if not self.is_submitted():
                field.data = list(facts[part])
        rank = int(certificate.content["level"]["rank"])
        lower = [one for one in certificate.content["levels"] if int(one["rank"]) <= rank]
        self.level.choices = [(one["code"], f"{one['rank']} – {one[lang()]}") for one in reversed(lower)]
        if not self.is_submitted():
            self.level.data = certificate.level

    def remaining(self) -> Reduction:
        """What is said to remain."""
        parts = {part: tuple(self[part].data or ()) for part in PARTS}
        return Reduction(**parts, level=self.level.data or "")
