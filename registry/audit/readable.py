"""The case file to read: the same as its data, section by section, as a page and on paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from assessments.clock import VIETNAM, legal_day
from assessments.states import State
from registry import identity, timeline
from registry.audit.labels import field_label, is_person, section_label
from registry.audit.words import who
from registry.documents.paper import Paper
from registry.i18n import lang
from registry.templating import moment

LINES = 36  # of one cell on paper, which must fit a page: what is longer goes on in the next
SIGNS = 60  # in a line, at least
STATES = ("state", "from_state", "to_state")
QUIET: tuple[Any, ...] = ("", None, [], {})

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One section: its heading, and its rows, each as names and values."""

    name: str
    title: str
    rows: list[Facts]
    withheld: bool = False


@dataclass(frozen=True)
class Document:
    """The whole, in the language it was made in."""

    language: str
    ref: str
    made_at: datetime
    about: Facts
    parts: list[Part]


def document_of(case: Mapping[str, Any], history: Mapping[str, Any]) -> Document:
    """The data of a case file in words of the current language."""
    made_at = datetime.fromisoformat(case["made_at"])
    shown = case["scores"] == "shown"
    about = [
        (_("Làm lúc (giờ Việt Nam)"), moment(made_at)),
        (_("Điểm"), _("có, vì mọi phần đánh giá đã chốt") if shown else _("không có, vì còn phần đánh giá chưa chốt")),
        (_("Bước cuối của nhật ký lúc đó"), f"{history['head']['seq']} · {history['head']['hash']}"),
        (_("Mã của tệp này"), case["export"]),
    ]
    parts = [_part(name, value) for name, value in case["sections"].items()]
    parts.append(_part("history", history["steps"]))
    return Document(lang(), case["ref"], made_at, about, parts)


def page(document: Document) -> bytes:
    """The document as one HTML file that needs nothing else."""
    return render_template("audit/_case.html", document=document).encode()


def paper(document: Document) -> bytes:
    """The document as PDF."""
    at = document.made_at.astimezone(VIETNAM)
    heading = _("Hồ sơ vụ việc %(ref)s", ref=document.ref)
    sheet = Paper(heading, f"{document.ref} · {moment(at)}", at)
    sheet.say(identity.on(legal_day(document.made_at), document.language).name, 11, bold=True)
    sheet.space(4)
    sheet.say(heading, 18, bold=True)
    sheet.facts(document.about)
    for part in document.parts:
        _on_paper(sheet, part)
    return bytes(sheet.output())


def _on_paper(sheet: Paper, part: Part) -> None:
    sheet.space(5)
    sheet.keep_together(30)
    sheet.say(part.title, 13, bold=True)
    if part.withheld:
        sheet.say(_("Chưa có ở đây: còn phần đánh giá chưa chốt."), 9.5, faded=True)
    elif not part.rows:
        sheet.say(_("Không có."), 9.5, faded=True)
    for row in part.rows:
        sheet.space(2)
        sheet.facts(piece for label, value in row for piece in cells(label, value))


def cells(label: str, value: str) -> Iterator[tuple[str, str]]:
    """A value in pieces that each fit a page; the label stands beside the first."""
    held: list[str] = []
    lines = 0
    for line in value.split("\n"):
        for start in range(0, max(1, len(line)), LINES * SIGNS):
            part = line[start : start + LINES * SIGNS]
            needed = 1 + len(part) // SIGNS
            if held and lines + needed > LINES:
                yield label, "\n".join(held)
                label, held, lines = "", [], 0
            held.append(part)
            lines += needed
    yield label, "\n".join(held)


def _part(name: str, value: Any) -> Part:
    rows = value if isinstance(value, list) else [value] if value else []
    return Part(name, section_label(name), [list(_facts(row)) for row in rows], withheld=_is_withheld(name, value))


def _is_withheld(name: str, value: Any) -> bool:
    """A list that is not there was kept back; the one row that a section may have can be wanting."""
    return value is None and name != "round"


def _facts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every value with the way to it; what is empty is left out, and so are the keys of tables: the data has them."""
    if isinstance(value, Mapping):
        for key in filter(_is_told, value):
            yield from _facts(value[key], (*path, key))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, inner in enumerate(value, start=1):
            yield from _facts(inner, (*path, str(number)))
    elif value not in QUIET:
        yield field_label(path), _said(path, value)


def _is_told(key: str) -> bool:
    return is_person(key) or not (key == "id" or key.endswith("_id"))


def _said(path: tuple[str, ...], value: Any) -> str:
    field = path[-1] if path else ""
    if isinstance(value, bool):
        return str(_("Có") if value else _("Không"))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return _word(field, value) if isinstance(value, str) else str(value)


def _word(field: str, value: str) -> str:
    if is_person(field):
        return who(value)
    if field == "action":
        return timeline.step_word(value)
    if field in STATES and value in set(State):
        return timeline.state_word(State(value))
    return _moment(value) if field == "at" or field.endswith("_at") else value


def _moment(value: str) -> str:
    try:
        return moment(datetime.fromisoformat(value))
    except ValueError:
        return value
