"""The conditions of a certificate as its public pages print them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from criteria.model import Bilingual


@dataclass(frozen=True)
class Promise:
    """What the vendor has to do by a day, and whether it was found done."""

    number: int
    text: Bilingual
    due_on: date
    fulfilled_on: date | None
    overdue: bool


def promises(told: Iterable[Mapping[str, Any]], today: date) -> list[Promise]:
    """Conditions as queries.conditions.told() writes them, on a legal day."""
    return [_promise(one, today) for one in told]


def _promise(one: Mapping[str, Any], today: date) -> Promise:
    due = date.fromisoformat(one["due_on"])
    done = date.fromisoformat(one["fulfilled_on"]) if one["fulfilled_on"] else None
    return Promise(one["number"], Bilingual(**one["text"]), due, done, done is None and due < today)
