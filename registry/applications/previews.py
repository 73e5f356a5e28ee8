"""What an import would change, part by part, in words: shown before anything is taken over."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessments import interchange
from assessments.errors import N_
from assessments.fields import Remark
from assessments.interchange import Change, Difference, Document, Given, Link, Note, Present
from assessments.profile import from_dict
from criteria.model import Edition
from registry.applications import facts
from registry.applications.pieces import kind_name
from registry.applications.profile_form import NAMED, label_of
from registry.i18n import translate
from registry.templating import bi

CHANGES: Mapping[Change, str] = {
    Change.NEW: N_("Mới"),
    Change.CHANGED: N_("Khác bản nháp"),
    Change.SAME: N_("Đã có, giống hệt"),
    Change.NOT_OPEN: N_("Đang khóa"),
}
OPEN = (Change.NEW, Change.CHANGED)
EXCUSED = N_("Đề nghị: không áp dụng.")
TO_LIBRARY = N_("chỉ vào kho bằng chứng")
MOST_LEFT = 200  # places told one by one: a forged file can have a hundred thousand


@dataclass(frozen=True)
class Part:
    """One part: what it is called, how it stands, and what stands there now and in the document, line by line."""

    place: str
    label: str
    change: Change
    word: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """Something that was left out, and why."""

    place: str
    label: str
    why: str


@dataclass(frozen=True)
class Preview:
    """Everything the page shows, and what its form carries: the document as text, and a mark of what was compared."""

    fields: list[Part]
    answers: list[Part]
    links: list[Part]
    same: int
    closed: list[Part]
    left: list[Left]
    left_untold: int  # how many more there are
    notes: tuple[Note, ...]
    scores: dict[str, int]
    packed: str
    seen: str

    @property
    def count(self) -> int:
        """How many parts can be taken over."""
        return len(self.fields) + len(self.answers) + len(self.links)


def preview(document: Document, present: Present, edition: Edition, without: Iterable[str] = ()) -> Preview:
    """Compare a document with a draft; the places in `without` are asked for elsewhere on the page."""
    found = [one for one in interchange.differences(document, present) if one.place not in set(without)]
    words = _Words(document, present, edition)
    parts = [words.part(one) for one in found]
    open_parts = [one for one in parts if one.change in OPEN]
    return Preview(
        fields=[one for one in open_parts if one.place.startswith("profile:")],
        answers=[one for one in open_parts if one.place.startswith("answer:")],
        links=[one for one in open_parts if one.place.startswith("link:")],
        same=sum(one.change is Change.SAME for one in parts),
        closed=[one for one in parts if one.change is Change.NOT_OPEN],
        left=[_left(one) for one in document.remarks[:MOST_LEFT]],
        left_untold=max(0, len(document.remarks) - MOST_LEFT),
        notes=document.notes,
        scores={code: one.self_score for code, one in document.answers.items() if one.self_score is not None},
        packed=json.dumps(document.to_dict(), ensure_ascii=False),
        seen=interchange.fingerprint(document, present),
    )


class _Words:
    """Names and values of one comparison."""

    def __init__(self, document: Document, present: Present, edition: Edition) -> None:
        self.edition = edition
        self.now = _lines(present.profile, edition)
        self.then = _lines({**present.profile, **document.profile}, edition)

    def part(self, one: Difference) -> Part:
        """One difference as the page shows it."""
        kind, _, what = one.place.partition(":")
        label, old, new = {"profile": self._field, "answer": self._answer, "link": self._link}[kind](one, what)
        return Part(one.place, label, one.change, translate(CHANGES[one.change]), old, new)

    def _field(self, _one: Difference, name: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        shown = {"flags_answered": "flags", "data_answered": "data"}.get(name, name)
        return label_of(shown), self.now.get(shown, ()), self.then.get(shown, ())

    def _answer(self, one: Difference, code: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        label = f"{code} {bi(self.edition.criterion(code).title)}"
        return label, _given(one.old), _given(one.new)

    def _link(self, one: Difference, _number: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        link: Link = one.new
        goes = link.criterion or translate(TO_LIBRARY)
        return link.title, (), (link.url, f"{kind_name(self.edition, link.kind)} · {goes}")


def _lines(profile: Mapping[str, Any], edition: Edition) -> dict[str, tuple[str, ...]]:
    return {fact.field: fact.lines for section in facts.sections(from_dict(profile), edition) for fact in section.facts}


def _given(given: Given) -> tuple[str, ...]:
    excused = f"{translate(EXCUSED)} {given.not_applicable_reason}".strip() if given.not_applicable else ""
    return tuple(text for text in (excused, given.claim) if text)


def _left(remark: Remark) -> Left:
    name = remark.place.removeprefix("profile.").partition("[")[0]
    label = label_of(name) if remark.place.startswith("profile.") and name in NAMED else ""
    return Left(remark.place, label, translate(remark.message, **remark.values))
