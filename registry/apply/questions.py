"""Every question of the product profile, as a paper form or a spreadsheet asks it: taken from the forms themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, FormField, HiddenField, RadioField, TextAreaField
from wtforms.fields.core import Field

from criteria.model import Edition
from registry.applications.profile_form import STEPS, Section, Step, Ticks
from registry.applications.rows import Row
from registry.forms import Rows
from registry.i18n import translate

STORED = {"features": "flags", "taken": "data", "asked": "permissions", "measured": "blocking"}


@dataclass(frozen=True)
class Question:
    """One question: the field of the profile it fills, and how it is answered.

    `kind` is line, text, one, many, tick, yes_no (each choice with yes or no) or table (with its columns).
    """

    field: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One step of the profile with its questions."""

    title: str
    questions: tuple[Question, ...]


def parts(edition: Edition) -> tuple[Part, ...]:
    """The profile, step by step."""
    return tuple(Part(translate(step.title), tuple(_questions(step, edition))) for step in STEPS)


def _questions(step: Step, edition: Edition) -> Iterator[Question]:
    form = _blank(step, edition)
    for field in form:
        if not isinstance(field, HiddenField):
            yield _question(field)


def _blank(step: Step, edition: Edition) -> Section:
    """The form of a step with nothing in it; it is never sent, so it has no token."""
    form = step.form(formdata=None, data=step.form.filled_from({}, edition), meta={"csrf": False})
    form.offer(edition)
    return form


def _question(field: Field) -> Question:
    name, label = STORED.get(field.short_name, field.short_name), str(field.label.text)
    if isinstance(field, Rows):
        return _repeated(name, label, field)
    if isinstance(field, Ticks | RadioField):
        kind = "many" if isinstance(field, Ticks) else "one"
        return Question(name, label, kind, _choices(field))
    if isinstance(field, BooleanField):
        return Question(name, label, "tick")
    return Question(name, label, "text" if isinstance(field, TextAreaField) else "line")


def _choices(field: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), str(words)) for code, words in field.choices)


def _repeated(name: str, label: str, rows: Any) -> Question:
    entries = [entry for entry in rows if isinstance(entry, FormField)]
    first = entries[0].form
    if isinstance(first, Row):
        columns = tuple(str(one.label.text) for one in first if one.short_name != "drop")
        return Question(name, label, "table", columns=columns)
    asked = tuple((str(entry.form.code.data), str(entry.form.answer.label.text)) for entry in entries)
    return Question(name, label, "yes_no", asked)
