"""The catalogue as every process holds it in memory: sets of products as integers, read once and then followed.

One bit stands for one listing. What fits a filter, a word or a day is an integer, so that a combination of them is one
AND and its number one count of bits; see docs/decisions/0037. A shelf never changes: a later revision is a new one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, reduce
from itertools import pairwise
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import String, type_coerce
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from assessments import typos
from assessments.folding import fold
from assessments.models import Listing, ListingFacet, Relisting, Revision
from assessments.needs import table
from assessments.queries.certificates import status
from assessments.states import CertificateState, CertificateStatus

FIELDS = ("name", "maker", "lead", "need", "rest")  # of the words of a listing, the weightiest first
SHOWN = ("name", "maker", "lead")  # by list and card: here marks are told apart
MOST_GUESSED = 2_000  # mistyped words whose answers are kept
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
    words: Mapping[str, Mapping[str, int]]  # field -> word, folded and (in what is SHOWN) as it is spelt -> listings
    _days: dict[date, "Day"] = field(default_factory=dict)
    guessed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # answers of typos.near

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
    def guessable(self) -> list[tuple[int, str]]:
        """What a mistyped word may stand for: every word of a product or of a need."""
        return typos.prepared({*self.vocabulary, *table().vocabulary})

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Each folded word as most products spell it."""
        best: dict[str, tuple[int, str]] = {folded: (0, word) for folded, word in table().spellings.items()}
        for word, bits in ((word, bits) for name in SHOWN for word, bits in self.words[name].items()):
            if not word.isascii():
                best[fold(word)] = max(best.get(fold(word), (0, "")), (bits.bit_count(), word))
        return {folded: word for folded, (_, word) in best.items()}

    def near(self, word: str) -> list[tuple[int, str]]:
        """What a word may stand for when it is a mistake; asked once for each."""
        if word not in self.guessed:
            if len(self.guessed) >= MOST_GUESSED:
                self.guessed.clear()
            self.guessed[word] = typos.near(word, self.guessable)
        return self.guessed[word]


@dataclass(frozen=True)
class Order:
    """The keys of the listings in their order, the rank of each place in it, and the types of a key's parts."""

    keys: list[Key]
    ranks: Mapping[int, int]  # in their order
    kinds: list[type]

    def run(self, bits: int) -> list[int]:
        """The places of a set in this order."""
        if bits.bit_count() == len(self.keys):
            return list(self.ranks)
        return sorted(members(bits), key=self.ranks.__getitem__)

    def key(self, place: int) -> Key:
        """What a place is ordered by."""
        return self.keys[self.ranks[place]]


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
        self._orders: dict[str, Order] = {}

    @property
    def valid(self) -> int:
        """The listings whose certificate is valid."""
        return self.statuses.get(CertificateStatus.ACTIVE, 0)

    def entry(self, place: int) -> Entry:
        """The listing at a place."""
        found = self.shelf.entries[place]
        assert found is not None  # noqa: S101  a place somebody found has one
        return found

    def order(self, sort: str) -> "Order":
        """Every listing of the day in an order, made when it is asked for first."""
        if sort not in self._orders:
            key = _KEYS[sort]
            keyed = sorted((key(self, place), place) for place in members(self.visible))
            ranks = {place: rank for rank, (_, place) in enumerate(keyed)}
            self._orders[sort] = Order([one for one, _ in keyed], ranks, KINDS[sort])
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
    "match": lambda day, place: (day.invalid(place), *day.entry(place).last),
}
KINDS: Mapping[str, list[type]] = {
    "recommended": [int, int, str, str],
    "changed": [int, str, str],
    "checked": [int, str, str],
    "name": [str, str],
    "level": [int, int, str, str],
    "match": [int, str, str],
}


def _read(session: Session, number: int) -> Shelf:
    """Everything, once."""
    rows = session.execute(select(*_COLUMNS)).all()
    empty = Shelf(number, [], {}, {}, {name: {} for name in FIELDS})
    return _with(empty, number, [], _entries(rows, session.execute(_values()).all()))


def _follow(session: Session, kept: Shelf, number: int) -> Shelf:
    """The same with the products that were written since; the rest is not read."""
    question = select(Relisting.product_id).where(col(Relisting.revision) > kept.revision).limit(MOST_FOLLOWED + 1)
    products = list(session.exec(question).all())
    if len(products) > MOST_FOLLOWED:
        return _read(session, number)
    rows = session.execute(select(*_COLUMNS).where(col(Listing.product_id).in_(products))).all()
    values = _values().where(col(ListingFacet.listing_id).in_([row[0] for row in rows]))
    return _with(kept, number, products, _entries(rows, session.execute(values).all()))


def _values() -> Any:
    """SQL: the values of listings, with ids as the database has them: a hundred thousand need not become UUIDs."""
    table = ListingFacet.__table__  # type: ignore[attr-defined]
    return sql_select(type_coerce(table.c.listing_id, String), table.c.facet, table.c.value)


def _entries(rows: Iterable[Any], values: Iterable[Any]) -> list[Entry]:
    found: dict[str, set[Value]] = defaultdict(set)
    for listing_id, facet, value in values:
        found[str(listing_id)].add((facet, value))
    return [Entry(frozenset(found[row[0].hex] | found[str(row[0])]), *row) for row in rows]


def _with(shelf: Shelf, number: int, gone: Iterable[UUID], new: Iterable[Entry]) -> Shelf:
    """A shelf without the listings of some products and with others."""
    entries, places = list(shelf.entries), dict(shelf.places)
    turned: dict[str, dict[Any, list[int]]] = {name: defaultdict(list) for name in (*FIELDS, "values")}
    for product_id in gone:
        for place in places.pop(product_id, ()):
            _note(turned, entries[place], place)
            entries[place] = None
    free = [place for place, entry in enumerate(entries) if entry is None]
    for entry in new:
        place = free.pop() if free else len(entries)
        entries[place : place + 1] = [entry]
        places[entry.product_id] = (*places.get(entry.product_id, ()), place)
        _note(turned, entry, place)
    values = _turned(shelf.values, turned.pop("values"))
    return Shelf(number, entries, places, values, {name: _turned(shelf.words[name], turned[name]) for name in FIELDS})


def _note(turned: dict[str, dict[Any, list[int]]], entry: Entry | None, place: int) -> None:
    """Note a listing in every set it belongs to: its bit is turned over there, into the set or out of it."""
    if entry is None:
        return
    for value in entry.values:
        turned["values"][value].append(place)
    for name in FIELDS:
        found: set[str] = set()
        for line in entry.words.get(name, "").split("\n"):
            found.update(_WORDS_OF[name](line))
        for word in found:
            turned[name][word].append(place)


def _turned(sets: Mapping[Any, int], places: Mapping[Any, Sequence[int]]) -> dict[Any, int]:
    new = dict(sets)
    for key, found in places.items():
        new[key] = new.get(key, 0) ^ bits_of(found)
        if not new[key]:
            del new[key]
    return new


def bits_of(places: Sequence[int]) -> int:
    """The set of these places; one that is named twice is out again."""
    if len(places) < 8:
        return reduce(lambda bits, place: bits ^ 1 << place, places, 0)
    octets = bytearray(max(places) // 8 + 1)
    for place in places:
        octets[place >> 3] ^= 1 << (place & 7)
    return int.from_bytes(octets, "little")


@lru_cache(maxsize=5_000)
def _folded(line: str) -> tuple[str, ...]:
    return tuple(plain for word in line.split() if (plain := _plain(word)))


def _spelt(line: str) -> Iterator[str]:
    yield from _folded(line)
    yield from (word for word in line.split() if not word.isascii())


def _named(line: str) -> Iterator[str]:
    """A name's words, and those of them run together as people write them."""
    yield from _spelt(line)
    folded = _folded(line)
    yield from (a + b for a, b in pairwise(folded))
    yield "".join(folded)[:60]


_WORDS_OF: Mapping[str, Callable[[str], Iterable[str]]] = {
    "name": _named,
    "maker": _named,
    "lead": _spelt,
    "need": _folded,
    "rest": _folded,
}


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    return "".join(letter for letter in fold(word) if letter.isascii())
