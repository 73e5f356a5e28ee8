"""Where the words of a search stand in a text that is shown: folded words, beginnings of words, runs of words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.folding import fold


@dataclass(frozen=True)
class Marks:
    """What to mark."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.words or self.beginnings or self.phrases)

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """A text cut where marks begin and end: each piece, and whether it is marked. Joined, they are the text."""
        text = unicodedata.normalize("NFC", text)
        found: list[tuple[str, bool]] = []
        at = 0
        for begin, end in _joined(text, self._spans(text)):
            found += [(text[at:begin], False)] if begin > at else []
            found.append((text[begin:end], True))
            at = end
        return [*found, (text[at:], False)] if at < len(text) else found

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where marks begin and end, in their order; what follows at once is one mark."""
        places = [match.span() for match in re.finditer(r"[^\W_]+", text)]
        folded = [fold(text[begin:end]) for begin, end in places]
        at = 0
        while at < len(places):
            run = self._run(folded, at)
            if run:
                yield places[at][0], places[at + run - 1][1]
            at += run or 1

    def _run(self, folded: Sequence[str], at: int) -> int:
        """How many words from a place on are marked as one."""
        found = [len(phrase) for phrase in self.phrases if tuple(folded[at : at + len(phrase)]) == phrase]
        if found:
            return max(found)
        if folded[at] in self.words or any(folded[at].startswith(beginning) for beginning in self.beginnings):
            return 1
        return 2 if "".join(folded[at : at + 2]) in self.words and at + 1 < len(folded) else 0


def _joined(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Marks with nothing but a space between them made one."""
    before: tuple[int, int] | None = None
    for begin, end in spans:
        if before and text[before[1] : begin] == " ":
            before = before[0], end
            continue
        if before:
            yield before
        before = begin, end
    if before:
        yield before
