"""The catalogue as every process holds it in memory: sets of products as integers, read once and then followed.

One bit stands for one listing. What fits a filter, a word or a day is an integer, so that a combination of them is one
AND and its number one count of bits; see docs/decisions/0037. A shelf never changes: a later revision is a new one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any, TypeVar
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
from assessments.queries.orders import Key, Order
from assessments.queries.orders import Value as Value
from assessments.queries.sets import WordSets, bits_of
from assessments.queries.sets import members as members
from assessments.states import CertificateState, CertificateStatus

FIELDS = ("name", "maker", "lead", "need", "rest")  # of the words of a listing, the weightiest first
SHOWN = ("name", "maker", "lead")  # by list and card: here marks are told apart
MOST_GUESSED = 2_000  # mistyped words whose answers are kept
MOST_FOLLOWED = 500  # products that changed since; when there are more, all is read anew

Of = TypeVar("Of")  # what a set is of


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
    words: Mapping[str, WordSets]  # field -> word, folded and (in what is SHOWN) as it is spelt -> listings
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
        for known, word in ((self.words[name], word) for name in SHOWN for word in self.words[name]):
            if not word.isascii():
                best[fold(word)] = max(best.get(fold(word), (0, "")), (known.number(word), word))
        return {folded: word for folded, (_, word) in best.items()}

    def near(self, word: str) -> list[tuple[int, str]]:
        """What a word may stand for when it is a mistake; asked once for each."""
        if word not in self.guessed:
            if len(self.guessed) >= MOST_GUESSED:
                self.guessed.clear()
            self.guessed[word] = typos.near(word, self.guessable)
        return self.guessed[word]


class Day:
    """What of a shelf the public sees on one day, with the status it has then and the orders of that day."""

    def __init__(self, shelf: Shelf, day: date, before: "Day | None" = None, changed: Collection[int] = ()) -> None:
        """Look at every listing once; orders are made when somebody asks for them.

        With the same day on an earlier shelf, only the listings at the places that have changed are looked at.
        """
        self.shelf = shelf
        self.counts: Mapping[Value, int] | None = None  # of everything, once somebody has asked
        self._status: list[CertificateStatus | None] = list(before._status) if before else []
        self._status += [None] * (len(shelf.entries) - len(self._status))
        turned: dict[CertificateStatus, list[int]] = defaultdict(list)
        for place in changed if before else range(len(shelf.entries)):
            now = _status_on(shelf.entries[place], day)
            for one in (self._status[place], now):
                if one is not None:
                    turned[one].append(place)
            self._status[place] = now
        self.statuses: dict[CertificateStatus, int] = _turned(before.statuses if before else {}, turned)
        self.visible = sum(self.statuses.values())  # no listing has two
        self._orders: dict[str, Order] = {}
        if before:
            self._orders = {sort: self._following(sort, before, changed) for sort in list(before._orders)}

    @property
    def valid(self) -> int:
        """The listings whose certificate is valid."""
        return self.statuses.get(CertificateStatus.ACTIVE, 0)

    def having(self, value: Value) -> int:
        """The listings with a value of a facet, or with a status."""
        facet, code = value
        return self.statuses.get(CertificateStatus(code), 0) if facet == "status" else self.shelf.values.get(value, 0)

    def entry(self, place: int) -> Entry:
        """The listing at a place."""
        found = self.shelf.entries[place]
        assert found is not None  # noqa: S101  a place somebody found has one
        return found

    def order(self, sort: str) -> Order:
        """Every listing of the day in an order, made when it is asked for first."""
        if sort not in self._orders:
            keyed = sorted(self._keyed(sort, members(self.visible)))
            self._orders[sort] = Order([one for one, _ in keyed], [place for _, place in keyed], KINDS[sort])
        return self._orders[sort]

    def _keyed(self, sort: str, places: Iterable[int]) -> list[tuple[Key, int]]:
        """What those of some places are ordered by that are seen on this day."""
        key = _KEYS[sort]
        return [(key(self, place), place) for place in places if self._status[place] is not None]

    def _following(self, sort: str, before: "Day", changed: Collection[int]) -> Order:
        gone = before._keyed(sort, (place for place in changed if place < len(before._status)))
        return before._orders[sort].without([key for key, _ in gone]).joined(self._keyed(sort, changed))

    def changed(self, place: int) -> date:
        """The day a listing came into its status: expiry comes with the calendar, the rest by decision."""
        entry = self.entry(place)
        return entry.valid_until if self._status[place] is CertificateStatus.EXPIRED else entry.changed_on

    def invalid(self, place: int) -> int:
        """0 where the certificate is valid, else 1: the valid ones come first."""
        return int(self._status[place] is not CertificateStatus.ACTIVE)


def _status_on(entry: Entry | None, day: date) -> CertificateStatus | None:
    """What a listing shows on a day; None where it is not seen."""
    seen = entry is not None and entry.first_day <= day <= entry.last_day
    return status(entry, day) if entry is not None and seen else None


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
    rows = session.execute(select(*_COLUMNS))
    empty = Shelf(number, [], {}, {}, {name: WordSets() for name in FIELDS})
    return _with(empty, number, [], _entries(rows, session.execute(_values())))


def _follow(session: Session, kept: Shelf, number: int) -> Shelf:
    """The same with the products that were written since; the rest is not read."""
    question = select(Relisting.product_id).where(col(Relisting.revision) > kept.revision).limit(MOST_FOLLOWED + 1)
    products = list(session.exec(question).all())
    if len(products) > MOST_FOLLOWED:
        return _read(session, number)
    rows = session.execute(select(*_COLUMNS).where(col(Listing.product_id).in_(products))).all()
    values = _values().where(col(ListingFacet.listing_id).in_([row[0] for row in rows]))
    return _with(kept, number, products, _entries(rows, session.execute(values)))


def _values() -> Any:
    """SQL: the values of listings, with ids as the database has them: a hundred thousand need not become UUIDs."""
    table = ListingFacet.__table__  # type: ignore[attr-defined]
    return sql_select(type_coerce(table.c.listing_id, String), table.c.facet, table.c.value)


def _entries(rows: Iterable[Any], values: Iterable[Any]) -> Iterator[Entry]:
    """One after the other; what many listings say in the same words is held once."""
    found: dict[str, list[Value]] = defaultdict(list)
    same: dict[Any, Any] = {}
    for listing_id, facet, value in values:
        found[str(listing_id)].append(same.setdefault((facet, value), (facet, value)))
    for row in rows:
        own = frozenset(found.pop(row[0].hex, ()) or found.pop(str(row[0]), ()))
        words = {name: same.setdefault(text, text) for name, text in row[-1].items()}
        yield Entry(same.setdefault(own, own), *(*row[:-1], words))


def _with(shelf: Shelf, number: int, gone: Iterable[UUID], new: Iterable[Entry]) -> Shelf:
    """A shelf without the listings of some products and with others."""
    entries, places = list(shelf.entries), dict(shelf.places)
    turned: dict[str, dict[Any, list[int]]] = {name: defaultdict(list) for name in (*FIELDS, "values")}
    changed: set[int] = set()
    for product_id in gone:
        for place in places.pop(product_id, ()):
            changed.add(place)
            _note(turned, entries[place], place)
            entries[place] = None
    free = [place for place, entry in enumerate(entries) if entry is None]
    for entry in new:
        place = free.pop() if free else len(entries)
        entries[place : place + 1] = [entry]
        places[entry.product_id] = (*places.get(entry.product_id, ()), place)
        changed.add(place)
        _note(turned, entry, place)
    values = _turned(shelf.values, turned.pop("values"))
    words = {name: shelf.words[name].turned(turned[name]) for name in FIELDS}
    new_shelf = Shelf(number, entries, places, values, words)
    new_shelf._days.update({day: Day(new_shelf, day, before, changed) for day, before in list(shelf._days.items())})
    return new_shelf


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


def _turned(sets: Mapping[Of, int], places: Mapping[Of, Sequence[int]]) -> dict[Of, int]:
    new = dict(sets)
    for key, found in places.items():
        new[key] = new.get(key, 0) ^ bits_of(found)
        if not new[key]:
            del new[key]
    return new


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
