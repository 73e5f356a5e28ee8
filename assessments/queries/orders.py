"""The listings of a day in an order, and sets of them with their bits in it: a page is found without its rest."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assessments.queries.sets import digits_of, members, of_digits

Value = tuple[str, str]  # a facet and one of its values
Key = tuple[int | str, ...]  # what a product is ordered by


@dataclass(frozen=True)
class Order:
    """The keys of the listings in their order, the place of each on the shelf, and the types of a key's parts."""

    keys: Sequence[Key]
    places: Sequence[int]
    kinds: list[type]
    _turned: dict[Value, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """The set of all, turned."""
        return (1 << len(self.keys)) - 1

    @cached_property
    def ranks(self) -> Mapping[int, int]:
        """Where each place stands."""
        return {place: rank for rank, place in enumerate(self.places)}

    def run(self, bits: int) -> Sequence[int]:
        """The places of a set in this order."""
        if bits.bit_count() == len(self.keys):
            return self.places
        return sorted(members(bits), key=self.ranks.__getitem__)

    def key(self, place: int) -> Key:
        """What a place is ordered by."""
        return self.keys[self.ranks[place]]

    def past(self, key: Sequence[int | str]) -> int:
        """How many stand at or before a key."""
        return bisect_right(self.keys, tuple(key))

    def without(self, gone: Iterable[Key]) -> "Order":
        """The same without those of some keys."""
        keys, places = list(self.keys), list(self.places)
        for key in gone:
            at = bisect_left(keys, key)
            del keys[at], places[at]
        return Order(keys, places, self.kinds)

    def joined(self, new: Iterable[tuple[Key, int]]) -> "Order":
        """The same with others, each where its key belongs."""
        keys, places = list(self.keys), list(self.places)
        for key, place in new:
            at = bisect_left(keys, key)
            keys.insert(at, key)
            places.insert(at, place)
        return Order(keys, places, self.kinds)

    def turn(self, bits: int) -> int:
        """A set with its bits where its listings stand in this order."""
        digits = digits_of(bits, max(self.places, default=-1) + 1)
        return of_digits(bytes(map(digits.__getitem__, self.places)))

    def turned(self, value: Value, bits: int) -> int:
        """The set of a value, turned; done once for each."""
        if value not in self._turned:
            self._turned[value] = self.turn(bits)
        return self._turned[value]
