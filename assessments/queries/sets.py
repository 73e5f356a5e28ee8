"""Sets of listings as integers, one bit for each place on the shelf, and the listings of every word."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import compress, count

FEW = 100  # listings of a word that are kept by their places: an integer is as long as the shelf, whatever it holds
_WIDTH = 512  # places that are looked at together
_NEAR = (1 << _WIDTH) - 1
_DIGITS = bytes.maketrans(b"01", b"\0\1")


def members(bits: int) -> list[int]:
    """The places in a set."""
    return list(compress(count(), digits_of(bits).translate(_DIGITS)))


def digits_of(bits: int, least: int = 0) -> bytes:
    """A set as a digit for each place, b"1" where it has the place; at least so many."""
    return f"{bits:0{least}b}"[::-1].encode()


def of_digits(digits: bytes) -> int:
    """The set of such digits."""
    return int(digits[::-1] or b"0", 2)


def lowest(bits: int, most: int) -> list[int]:
    """The first places of a set, at most so many."""
    found: list[int] = []
    at = 0
    while bits and len(found) < most:
        empty = (
            bits & -bits
        ).bit_length() - 1  # what lies before the next one is dropped, so that less is left to copy
        bits >>= empty
        at += empty
        near = members(bits & _NEAR)
        found += [at + place for place in near[: most - len(found)]]
        bits >>= _WIDTH
        at += _WIDTH
    return found


def highest(bits: int, most: int) -> list[int]:
    """The last places of a set, at most so many, the last one first."""
    found: list[int] = []
    while bits and len(found) < most:
        found.append(bits.bit_length() - 1)
        bits ^= 1 << found[-1]
    return found


def bits_of(places: Sequence[int]) -> int:
    """The set of these places; one that is named twice is out again."""
    if len(places) < 8:
        return reduce(lambda bits, place: bits ^ 1 << place, places, 0)
    octets = bytearray(max(places) // 8 + 1)
    for place in places:
        octets[place >> 3] ^= 1 << (place & 7)
    return int.from_bytes(octets, "little")


class WordSets(Mapping[str, int]):
    """Word -> its listings. Most words are of few listings: their sets are made when somebody looks for them."""

    __slots__ = ("_kept",)

    def __init__(self, kept: Mapping[str, int | tuple[int, ...]] | None = None) -> None:
        """Take what is kept of each word: its set, or its few places."""
        self._kept = kept or {}

    def __getitem__(self, word: str) -> int:
        """The listings of a word; raises KeyError where no listing has it."""
        found = self._kept[word]
        return found if isinstance(found, int) else bits_of(found)

    def __contains__(self, word: object) -> bool:
        """Whether any listing has a word."""
        return word in self._kept

    def __iter__(self) -> Iterator[str]:
        """Every word."""
        return iter(self._kept)

    def __len__(self) -> int:
        """How many words there are."""
        return len(self._kept)

    def number(self, word: str) -> int:
        """How many listings have a word."""
        found = self._kept.get(word, 0)
        return found.bit_count() if isinstance(found, int) else len(found)

    def turned(self, places: Mapping[str, Sequence[int]]) -> "WordSets":
        """The same where each word was put to these places, or taken from those that had it."""
        kept = dict(self._kept)
        for word, found in places.items():
            before = kept.get(word, ())
            after = _turned(before, found)
            if after:
                kept[word] = after
            else:
                kept.pop(word, None)
        return WordSets(kept)


def _turned(before: int | tuple[int, ...], places: Sequence[int]) -> int | tuple[int, ...]:
    if isinstance(before, int):
        return before ^ bits_of(places)
    if len(before) + len(places) > FEW:
        return bits_of((*before, *places))
    after: dict[int, None] = dict.fromkeys(before)
    for place in places:
        if place in after:
            del after[place]
        else:
            after[place] = None
    return tuple(after)
