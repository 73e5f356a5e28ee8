"""The catalogue as every process holds it in memory: sets of products as integers, read once and then followed.

One bit stands for one listing. What fits a filter, a word or a day is an integer, so that a combination of them is one
AND and its number one count of bits; see docs/decisions/0037. A shelf never changes: a later revision is a new one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlmodel import Session, col, select

from assessments.folding import fold
from assessments.models import Listing, ListingFacet, Relisting, Revision
from assessments.queries.certificates import status
from assessments.states import CertificateState, CertificateStatus

FIELDS = ("name", "maker", "lead", "need", "rest")  # of the words of a listing, the weightiest first
MOST_FOLLOWED = 500  # products that changed since; when there are more, all is read anew

Value = tuple[str, str]  # a facet and one of its values
Key = tuple[int | str, ...]  # what a product is ordered by


@dataclass(slots=True)
class Entry:
    """One listing: what it is found, ordered and dated by."""

    values: frozenset[Value]
    id: UUID
    product_id: UUID
    first_day: date
    last_day: date
    state: CertificateState
    valid_from: date
    valid_until: date
    level_rank: int
    checked_on: date
    changed_on: date
    sort_key: str
    words: Mapping[str, str]

    @property
    def superseded_on(self) -> date | None:
        """Never while it is shown; see models.catalogue.Listing."""
        return None

    @property
    def last(self) -> Key:
        """What decides between equals."""
        return self.sort_key, self.id.hex


@dataclass(frozen=True)
class Shelf:
    """Every listing at one revision. `places` are the bits of each product's listings."""

    revision: int
    entries: Sequence[Entry | None]
    places: Mapping[UUID, tuple[int, ...]]
    values: Mapping[Value, int]
    words: Mapping[str, Mapping[str, int]]  # field -> word, folded and (where it has marks) as it is spelt -> listings
    _days: dict[date, "Day"] = field(default_factory=dict)

    def day(self, day: date) -> "Day":
        """The shelf as it stands on a day."""
        if day not in self._days:
            self._days[day] = Day(self, day)
            for other in sorted(self._days)[:-2]:
                self._days.pop(other, None)
        return self._days[day]

    @cached_property
    def vocabulary(self) -> list[str]:
        """Every folded word, in its order."""
        return sorted({word for words in self.words.values() for word in words if word.isascii()})

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Each folded word as most products spell it."""
        best: dict[str, tuple[int, str]] = {}
        for words in self.words.values():
            for word, bits in words.items():
                best[fold(word)] = max(best.get(fold(word), (0, "")), (bits.bit_count() * 2 - word.isascii(), word))
        return {folded: word for folded, (_, word) in best.items()}


class Day:
    """What of a shelf the public sees on one day, with the status it has then and the orders of that day."""

    def __init__(self, shelf: Shelf, day: date) -> None:
        """Look at every listing once; orders are made when somebody asks for them."""
        self.shelf = shelf
        self.statuses: dict[CertificateStatus, int] = defaultdict(int)
        for place, entry in enumerate(shelf.entries):
            if entry is not None and entry.first_day <= day <= entry.last_day:
                self.statuses[status(entry, day)] |= 1 << place
        self.visible = 0
        for bits in self.statuses.values():
            self.visible |= bits
        self._orders: dict[str, tuple[list[Key], dict[int, int]]] = {}

    @property
    def valid(self) -> int:
        """The listings whose certificate is valid."""
        return self.statuses.get(CertificateStatus.ACTIVE, 0)

    def entry(self, place: int) -> Entry:
        """The listing at a place."""
        found = self.shelf.entries[place]
        assert found is not None  # noqa: S101  a place somebody found has one
        return found

    def order(self, sort: str) -> tuple[list[Key], dict[int, int]]:
        """The keys of every listing in an order, and the rank of each place in it."""
        if sort not in self._orders:
            key = _KEYS[sort]
            keyed = sorted((key(self, place), place) for place in members(self.visible))
            ranks = {place: rank for rank, (_, place) in enumerate(keyed)}
            self._orders[sort] = [one for one, _ in keyed], ranks
        return self._orders[sort]

    def changed(self, place: int) -> date:
        """The day a listing came into its status: expiry comes with the calendar, the rest by decision."""
        entry = self.entry(place)
        expired = self.statuses.get(CertificateStatus.EXPIRED, 0) >> place & 1
        return entry.valid_until if expired else entry.changed_on

    def invalid(self, place: int) -> int:
        """0 where the certificate is valid, else 1: the valid ones come first."""
        return 1 - (self.valid >> place & 1)


def members(bits: int) -> list[int]:
    """The places in a set."""
    return [place for place, digit in enumerate(reversed(bin(bits))) if digit == "1"] if bits else []


def revision(session: Session) -> int:
    """The number of the public revision."""
    return session.exec(select(Revision.number)).first() or 0


def of(session: Session) -> Shelf:
    """The shelf at today's revision: kept for the whole process, followed when something public changed.

    Takes any session. One that writes may see what is never committed; it gets a shelf of its own, read anew.
    """
    number = revision(session)
    bind: Any = session.get_bind()
    if not bind.get_execution_options().get("reading"):
        return _read(session, number)
    with _LOCK:
        kept = _KEPT.get(bind.pool)
        if kept is None or kept.revision > number:
            kept = _read(session, number)
        elif kept.revision < number:
            kept = _follow(session, kept, number)
        _KEPT[bind.pool] = kept
    return kept


_LOCK = Lock()
_KEPT: WeakKeyDictionary[Any, Shelf] = WeakKeyDictionary()
_COLUMNS: tuple[Any, ...] = (
    Listing.certificate_id,
    Listing.product_id,
    Listing.first_day,
    Listing.last_day,
    Listing.state,
    Listing.valid_from,
    Listing.valid_until,
    Listing.level_rank,
    Listing.checked_on,
    Listing.changed_on,
    Listing.sort_key,
    Listing.words,
)
_KEYS: dict[str, Callable[[Day, int], Key]] = {
    "recommended": lambda day, place: (day.invalid(place), -day.changed(place).toordinal(), *day.entry(place).last),
    "changed": lambda day, place: (-day.changed(place).toordinal(), *day.entry(place).last),
    "checked": lambda day, place: (-day.entry(place).checked_on.toordinal(), *day.entry(place).last),
    "name": lambda day, place: day.entry(place).last,
    "level": lambda day, place: (day.invalid(place), -day.entry(place).level_rank, *day.entry(place).last),
}
KINDS: Mapping[str, list[type]] = {
    "recommended": [int, int, str, str],
    "changed": [int, str, str],
    "checked": [int, str, str],
    "name": [str, str],
    "level": [int, int, str, str],
    "match": [int, int, str, str],
}


def _read(session: Session, number: int) -> Shelf:
    """Everything, once."""
    facets = session.execute(select(ListingFacet.listing_id, ListingFacet.facet, ListingFacet.value)).all()
    rows = session.execute(select(*_COLUMNS)).all()
    empty = Shelf(number, [], {}, {}, {name: {} for name in FIELDS})
    return _with(empty, number, [], _entries(rows, facets))


def _follow(session: Session, kept: Shelf, number: int) -> Shelf:
    """The same with the products that were written since; the rest is not read."""
    question = select(Relisting.product_id).where(col(Relisting.revision) > kept.revision).limit(MOST_FOLLOWED + 1)
    products = list(session.exec(question).all())
    if len(products) > MOST_FOLLOWED:
        return _read(session, number)
    rows = session.execute(select(*_COLUMNS).where(col(Listing.product_id).in_(products))).all()
    values = select(ListingFacet.listing_id, ListingFacet.facet, ListingFacet.value)
    facets = session.execute(values.where(col(ListingFacet.listing_id).in_([row[0] for row in rows]))).all()
    return _with(kept, number, products, _entries(rows, facets))


def _entries(rows: Iterable[Any], facets: Iterable[Any]) -> list[Entry]:
    found: dict[UUID, set[Value]] = defaultdict(set)
    for listing_id, facet, value in facets:
        found[listing_id].add((facet, value))
    return [Entry(frozenset(found[row[0]]), *row) for row in rows]


def _with(shelf: Shelf, number: int, gone: Iterable[UUID], new: Iterable[Entry]) -> Shelf:
    """A shelf without the listings of some products and with others."""
    entries = list(shelf.entries)
    places = dict(shelf.places)
    values, words = dict(shelf.values), {name: dict(known) for name, known in shelf.words.items()}
    for product_id in gone:
        for place in places.pop(product_id, ()):
            _note(values, words, entries[place], place)
            entries[place] = None
    free = [place for place, entry in enumerate(entries) if entry is None]
    for entry in new:
        place = free.pop() if free else len(entries)
        entries[place : place + 1] = [entry]
        places[entry.product_id] = (*places.get(entry.product_id, ()), place)
        _note(values, words, entry, place)
    return Shelf(number, entries, places, values, words)


def _note(values: dict[Value, int], words: dict[str, dict[str, int]], entry: Entry | None, place: int) -> None:
    """Turn the bit of a listing over in every set it belongs to: into it, or out of it."""
    if entry is None:
        return
    bit = 1 << place
    for value in entry.values:
        _turn(values, value, bit)
    for name in FIELDS:
        for word in set(_found_by(name, entry.words.get(name, ""))):
            _turn(words[name], word, bit)


def _turn(sets: dict[Any, int], key: Any, bit: int) -> None:
    left = sets.get(key, 0) ^ bit
    if left:
        sets[key] = left
    else:
        sets.pop(key, None)


def _found_by(name: str, text: str) -> Iterator[str]:
    """The words of a field: folded, as they are spelt, and those of names run together as people write them."""
    for line in text.split("\n"):
        spelt = line.split()
        folded = [plain for word in spelt if (plain := _plain(word))]
        yield from folded
        yield from (word for word in spelt if not word.isascii())
        if name in {"name", "maker"}:
            yield from (a + b for a, b in pairwise(folded))
            yield "".join(folded)[:60]


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    return "".join(letter for letter in fold(word) if letter.isascii())
