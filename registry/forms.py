"""The base of every form: CSRF token, our words for WTForms' messages, and text in one Unicode form."""

import unicodedata
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField

from registry.i18n import form_translations


class Form(FlaskForm):
    """Flask-WTF's form with Vietnamese and English messages; typed text arrives trimmed and in NFC."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> Any:
            """Our own catalogues: WTForms ships no Vietnamese."""
            return form_translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Give every text field the cleaning filters."""
            if issubclass(unbound_field.field_class, StringField):
                filters = (*unbound_field.kwargs.get("filters", ()), tidy)
                unbound_field.kwargs["filters"] = tuple(dict.fromkeys(filters))
            bound: Field = unbound_field.bind(form=form, **options)
            return bound


def tidy(text: Any) -> Any:
    """NFC, no NUL, Unix line endings, no space around; other things than text pass."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", text.replace("\0", "").replace("\r\n", "\n")).strip()
