"""The base of every form: CSRF token, our words for WTForms' messages, and text in one Unicode form."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask import g, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    FieldList,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)

from assessments.errors import NotFound
from assessments.profile import MOST_ROWS
from assessments.texts import one_line as one_line  # where forms are written, both are looked for here
from assessments.texts import tidy as tidy
from registry.i18n import form_translations

MANY_LINES = (TextAreaField, HiddenField)  # a hidden field carries what was written elsewhere
MOST_DIGITS = 9  # of a number typed or sent: what every database takes


class Form(FlaskForm):
    """Flask-WTF's form with Vietnamese and English messages; typed text arrives trimmed, visible and in NFC."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> Any:
            """Our own catalogues: WTForms ships no Vietnamese."""
            return form_translations()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Give every text and number field the filter of its kind."""
            if clean := _filter_of(unbound_field.field_class):
                filters = (*unbound_field.kwargs.get("filters", ()), clean)
                unbound_field.kwargs["filters"] = tuple(dict.fromkeys(filters))
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all of it can be used. A form that is only shown again is not, and has no faults: see recalled."""
        right: bool = not g.get("recalled") and super().validate(extra_validators)
        return right


class Rows(FieldList):  # type: ignore[type-arg]  # generic in its stubs only
    """Repeated fields, as many as a page offers: WTForms would make one for every number a forged form names."""

    def __init__(self, unbound_field: Any, **options: Any) -> None:
        self.surplus = False
        super().__init__(unbound_field, max_entries=MOST_ROWS, validators=[_not_too_many], **options)

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Take what is stored or typed, up to the most."""
        super().process(formdata, data and list(data)[:MOST_ROWS], extra_filters)

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """The numbers of the rows that came; WTForms' own reading stumbles over ² and over thousands of digits."""
        start = f"{prefix}-"
        ends = {key.removeprefix(start).split("-", 1)[0] for key in formdata if key.startswith(start)}
        found = {whole(end) for end in ends if is_whole(end)}
        self.surplus = len(found) > MOST_ROWS
        return iter(found)


def secret(text: Any) -> Any:
    """Passwords only get one Unicode form: whatever else is in them is theirs."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", text.replace("\0", "").replace("\r\n", "\n")).strip("\n")


def sent(name: str) -> str:
    """A value of the form that was sent, or of the address where none was: never the one in place of the other."""
    return (request.form if request.method == "POST" else request.args).get(name, "")


def is_whole(text: str) -> bool:
    """Whether that is a whole number which a table could hold."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def some_id(text: str | None) -> UUID:
    """An id that a form sends; refuses (NotFound) what is none."""
    try:
        return UUID(text or "")
    except ValueError as error:
        raise NotFound from error


def whole(text: str | None) -> int:
    """A whole number that came along with a form; 0 for everything else."""
    return int(text) if text and is_whole(text) else 0


def _not_too_many(_form: Any, field: Any) -> None:
    """The first rows come back with this; nobody who uses the page ever sees it."""
    if field.surplus:
        raise ValidationError(_("Nhiều nhất %(most)d dòng. Bỏ bớt rồi lưu lại.", most=MOST_ROWS))


def countable(number: Any) -> Any:
    """Refuse numbers that no column takes: the database would fail, where the form can say so."""
    if isinstance(number, int) and abs(number) >= 10**MOST_DIGITS:
        raise ValueError(_("Số này lớn quá. Nhập số có nhiều nhất %(digits)d chữ số.", digits=MOST_DIGITS))
    return number


def _filter_of(field: type[Field]) -> Any:
    if issubclass(field, IntegerField):
        return countable
    if not issubclass(field, StringField):
        return None
    if issubclass(field, PasswordField):
        return secret
    return tidy if issubclass(field, MANY_LINES) else one_line
