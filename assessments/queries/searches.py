"""A search, and what it makes of the shelf: which products fit, in which order, how many beside each value."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments.folding import words
from assessments.queries import matching, shelf
from assessments.queries.matching import Matches
from assessments.queries.orders import Key, Order, Value
from assessments.queries.paging import token_of, values_of
from assessments.queries.sets import highest, lowest
from assessments.states import CertificateStatus

PAGE = 24
EXACT = 1000  # counts are exact up to here, "1000+" beyond
SORTS = ("recommended", "changed", "checked", "name", "level")
FACETS = ("age", "worry", "platform", "category", "price", "language", "made_in", "level")
SHOWN = (
    CertificateStatus.ACTIVE,
    CertificateStatus.SUSPENDED,
    CertificateStatus.EXPIRED,
    CertificateStatus.WITHDRAWN,
    CertificateStatus.TERMINATED,
)
MAX_WORDS = 8


@dataclass(frozen=True)
class Search:
    """What somebody looks for; `facets` maps a facet to the values of which one must fit."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: tuple[CertificateStatus, ...] = ()
    sort: str = "recommended"
    after: str = ""
    as_of: date | None = None  # a day gone by: see queries.past

    def without(self, part: str) -> "Search":
        """The same search, one part of it ("text", "status" or a facet) dropped."""
        kept = {facet: values for facet, values in self.facets.items() if facet != part}
        statuses = () if part == "status" else self.statuses
        return Search("" if part == "text" else self.text, kept, statuses, self.sort, as_of=self.as_of)

    def parts(self) -> list[str]:
        """What the search asks for, by name."""
        asked = ["text"] if words(self.text) else []
        asked += [facet for facet, values in self.facets.items() if values]
        return asked + (["status"] if self.statuses else [])


@dataclass(frozen=True)
class Page:
    places: list[int]
    first: int
    after: str
    before: str | None


def page_of(day: shelf.Day, wanted: Search, matches: Matches, bits: int) -> Page:
    """The places of one page, found by the last row of the one before; of what comes later nothing is put in order."""
    if wanted.sort == "recommended" and matches.cells:
        return _best(day.order("match"), wanted, matches, bits)
    order = day.order(wanted.sort)
    if matches.bits != day.visible:
        return _standing(order, order.turn(bits), wanted)
    turned = _narrowed(order.all, lambda value: order.turned(value, day.having(value)), wanted)
    return _standing(order, turned, wanted)


def _standing(order: Order, bits: int, wanted: Search) -> Page:
    """A page of a set that is turned into the order."""
    known = values_of(wanted.after, order.kinds)
    begin = order.past(known) if known else 0
    passed = bits & ((1 << begin) - 1)
    ranks = [begin + rank for rank in lowest(bits >> begin, PAGE + 1)]
    last = highest(passed, PAGE + 1)
    after = token_of(order.keys[ranks[PAGE - 1]]) if len(ranks) > PAGE else ""
    before = token_of(order.keys[last[PAGE]]) if len(last) > PAGE else "" if last else None
    return Page([order.places[rank] for rank in ranks[:PAGE]], passed.bit_count() + 1, after, before)


def _best(order: Order, wanted: Search, matches: Matches, bits: int) -> Page:
    """A page of what matches a text, the best first."""
    known = values_of(wanted.after, [int, *order.kinds])
    rows: list[tuple[Key, int]] = []
    begin = 0
    for score, cell in matches.cells:
        run = order.run(cell & bits)
        begin += _passed(known, (-score,), [order.key(place) for place in run]) if known else 0
        rows += [((-score,), place) for place in run]
        if len(rows) > begin + PAGE:
            break
    return _cut(rows, begin, order)


def _passed(known: list[Any], ahead: Key, run: Sequence[Key]) -> int:
    """How many of a run stand at or before the row that a page begins after."""
    score = tuple(known[: len(ahead)])
    if score < ahead:
        return 0
    return len(run) if score > ahead else bisect_right(run, tuple(known[len(ahead) :]))


def _cut(rows: Sequence[tuple[Key, int]], begin: int, order: Order) -> Page:
    def token(row: tuple[Key, int]) -> str:
        return token_of((*row[0], *order.key(row[1])))

    end = begin + PAGE
    after = token(rows[end - 1]) if end < len(rows) else ""
    before = None if begin == 0 else token(rows[begin - PAGE - 1]) if begin > PAGE else ""
    return Page([place for _, place in rows[begin:end]], begin + 1, after, before)


def number_of(day: shelf.Day, wanted: Search, left_out: Iterable[str] = ()) -> int:
    """How many products fit with some parts of the search left out, counted no further than EXACT + 1."""
    for part in left_out:
        wanted = wanted.without(part)
    return up_to(matching.find(day, wanted.text).bits & fitting(day, wanted))


def fitting(day: shelf.Day, wanted: Search, besides: str = "") -> int:
    """The places that fit every filter, one of them left out."""
    return _narrowed(day.visible, day.having, wanted, besides)


def _narrowed(bits: int, having: Callable[[Value], int], wanted: Search, besides: str = "") -> int:
    """What of a set fits every filter, by the sets of the values; one filter left out."""
    for facet, values in wanted.facets.items():
        if values and facet != besides:
            bits &= _any(having((facet, value)) for value in values)
    if wanted.statuses and besides != "status":
        bits &= _any(having(("status", one.value)) for one in wanted.statuses)
    return bits


def _any(sets: Iterable[int]) -> int:
    bits = 0
    for one in sets:
        bits |= one
    return bits


def drilled(day: shelf.Day, wanted: Search, found: int) -> dict[tuple[str, str], int]:
    """How many there are of each value with everything else that was asked for: its own facet is left out."""
    counts: dict[tuple[str, str], int] = {}
    left_out = {part: found & fitting(day, wanted, part) for part in wanted.parts()}
    all_of_it = found & fitting(day, wanted)
    for (facet, value), bits in day.shelf.values.items():
        counts[facet, value] = up_to(left_out.get(facet, all_of_it) & bits)
    for status_, bits in day.statuses.items():
        counts["status", status_.value] = up_to(left_out.get("status", all_of_it) & bits)
    return counts


def up_to(bits: int) -> int:
    return min(bits.bit_count(), EXACT + 1)
