"""What the public pages share: today's counts, and the names of the codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlmodel import Session

from assessments.clock import today
from assessments.queries import catalogue as queries
from assessments.queries.certificates import Dated, status
from assessments.queries.marking import Marks
from criteria import store
from criteria.model import Bilingual, Edition
from criteria.source import EditionError
from registry import editions
from registry.i18n import lang
from registry.templating import number

LISTS = {
    "age": "age_bands",
    "worry": "risks",
    "platform": "platforms",
    "category": "categories",
    "price": "price_models",
    "level": "levels",
    "data": "data_taken",
}


@dataclass(frozen=True)
class Counts:
    """How many products have each value of each facet, on one day."""

    day: date
    found: Mapping[tuple[str, str], int]

    def of(self, facet: str, value: str) -> int:
        """How many products have a value."""
        return self.found.get((facet, value), 0)

    @property
    def all(self) -> int:
        """How many products there are."""
        return self.of("all", "")

    def values(self, facet: str) -> list[str]:
        """The values of a facet that some product has."""
        return sorted(value for name, value in self.found if name == facet)


def init_app(app: Flask) -> None:
    """What the templates of the public pages ask."""
    app.add_template_filter(counted)
    app.add_template_filter(name_of)
    app.add_template_filter(marked)
    app.add_template_test(has_marks)
    app.add_template_filter(status_word)
    app.add_template_filter(status_today)


def counts(session: Session) -> Counts:
    """Today's counts."""
    day = today()
    return Counts(day, queries.counts(session, day))


def current_edition() -> Edition | None:
    """The edition in force; None when none is."""
    try:
        return editions.current()
    except EditionError:
        return None


def edition_of(content: Mapping[str, Any]) -> Edition | None:
    """The edition a certificate was granted under, or the one in force when its folder is gone."""
    try:
        return store.load(content["edition"]["id"])
    except EditionError:
        return current_edition()


# --- filters ---


def counted(count: int) -> str:
    """A count as it is shown: exact to 1,000, then "1.000+"."""
    return number(count) if count <= queries.EXACT else f"{number(queries.EXACT)}+"


def marked(text: str, marks: Marks | None) -> Markup:
    """A text with what was looked for marked; all of it escaped."""
    pieces = marks.pieces(text) if marks else [(text, False)]
    return Markup("").join(Markup("<mark>{}</mark>").format(piece) if hit else escape(piece) for piece, hit in pieces)


def has_marks(text: str, marks: Marks | None) -> bool:
    """Whether anything that was looked for stands in a text."""
    return marks is not None and any(hit for _piece, hit in marks.pieces(text))


def name_of(code: str, facet: str) -> str:
    """The name of a code in the current language; a code that no edition has stays as it is."""
    found = _names(facet).get(code)
    return found.get(lang()) if found else code


def status_today(row: Dated) -> str:
    """What a certificate is worth today: a code for the components."""
    return status(row, today()).value


def status_word(code: str) -> str:
    """The word of a status; the word alone must be enough."""
    words: dict[str, str] = {
        "scheduled": _("Chờ công bố"),
        "active": _("Còn hiệu lực"),
        "suspended": _("Tạm đình chỉ"),
        "expired": _("Hết hạn"),
        "withdrawn": _("Đã thu hồi"),
        "terminated": _("Đã chấm dứt"),
        "superseded": _("Đã thay bằng giấy mới"),
    }
    return words[code]


@cache
def _names(facet: str) -> dict[str, Bilingual]:
    """Each code of a list with its name in the newest edition that has it, a draft only where no other does."""
    names: dict[str, Bilingual] = {}
    for edition in sorted(store.editions(), key=lambda one: (one.status != "draft", one.in_force_from)):
        for entry in getattr(edition, LISTS[facet]):
            names[entry.code] = getattr(entry, "label", getattr(entry, "short", entry.name))
    return names
