"""What a typed word may stand for: itself, what begins with it, Vietnamese typed with its program off, a mistake."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from assessments import needs, typos
from assessments.folding import fold
from assessments.queries.shelf import Shelf

MOST_ENDINGS = 60  # words that a beginning may stand for
MOST_GUESSES = 5  # words that a mistyped one may stand for
BEGUN, READ, GUESSED = 0.7, 0.9, 0.6  # of a word's weight: a beginning, Telex or VNI, a guess


class Way(NamedTuple):
    """One word that a typed one may stand for, and how good that is."""

    word: str
    worth: float
    begun: bool = False


def ways(shelf: Shelf, spelt: str, *, last: bool) -> tuple[Way, ...]:
    """What a typed word may stand for: itself, a longer one, Vietnamese typed with its program off, a mistake."""
    folded = fold(spelt)
    known = knows(shelf, folded)
    found = [Way(folded, 1.0)] if known else []
    if last or not known:
        found += [Way(word, BEGUN, begun=True) for word in _endings(shelf, folded) if word != folded]
    if not found:
        found = [Way(word, READ) for word in typos.untyped(folded) if knows(shelf, word)]
    return tuple(found or _guesses(shelf, folded))


def knows(shelf: Shelf, word: str) -> bool:
    """Whether a folded word stands with any product or need."""
    return word in needs.table().vocabulary or any(word in known for known in shelf.words.values())


def _endings(shelf: Shelf, beginning: str) -> list[str]:
    if len(beginning) < 2:
        return []
    first = bisect_left(shelf.vocabulary, beginning)
    last = bisect_left(shelf.vocabulary, beginning + "{")  # "{" follows "z"
    return shelf.vocabulary[first : min(last, first + MOST_ENDINGS)]


def _guesses(shelf: Shelf, folded: str) -> list[Way]:
    """The likeliest known words: the cheapest mistake first, then what more products have."""
    found = shelf.near(folded)
    if not found:
        return []
    dearest = found[0][0] + 2
    by_use = sorted((cost, -_uses(shelf, word), word) for cost, word in found if cost <= dearest)
    return [Way(word, GUESSED) for _, _, word in by_use[:MOST_GUESSES]]


def _uses(shelf: Shelf, word: str) -> int:
    return max(known.get(word, 0).bit_count() for known in shelf.words.values())


def read(word: str, options: Sequence[Way]) -> str:
    """The one word that a typed one is read as: the best guess, unless it only begins like others."""
    return options[0].word if options and not options[0].begun else fold(word)
