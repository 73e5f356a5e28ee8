"""Versions of a text as components/drafts.html draws them: each beside the one before it, what changed marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from registry.differences import merged

Told = Sequence[tuple[str, str, str]]  # label, text, language of every field


@dataclass(frozen=True)
class Stored:
    """One version as the tables have it, and what it says."""

    id: UUID
    key: int  # orders them
    at: datetime
    auto: bool
    told: Told
    who: str = ""  # empty where it is one's own, and nobody else's


@dataclass(frozen=True)
class Row:
    """One field of a version: its text, with what was added and left out since the version before."""

    label: str
    text: Markup
    language: str = ""


@dataclass(frozen=True)
class Version:
    """One version as the page shows it; `number` counts them from one."""

    id: UUID
    key: int
    number: int
    who: str
    at: datetime
    auto: bool
    present: bool
    first: bool
    rows: list[Row]


def versions_of(found: Sequence[Stored], shown: int, top: int, present: int) -> list[Version]:
    """The first `shown` of some versions, the newest first; one more is there to be compared with the last of them.

    `top` is the number of the first one, `present` the key of the one that stands now.
    """
    return [
        Version(
            id=one.id,
            key=one.key,
            number=top - place,
            who=one.who,
            at=one.at,
            auto=one.auto,
            present=one.key == present,
            first=before is None,
            rows=list(_rows(one.told, before.told if before else None)),
        )
        for place, one in enumerate(found[:shown])
        for before in [found[place + 1] if place + 1 < len(found) else None]
    ]


def _rows(told: Told, before: Told | None) -> Iterator[Row]:
    """What to show of a version: of the first one everything, of the others what changed."""
    for place, (label, text, language) in enumerate(told):
        if before is None:
            if text:
                yield Row(label, Markup.escape(text), language)
        elif text != before[place][1]:
            yield Row(label, merged(before[place][1], text), language)
