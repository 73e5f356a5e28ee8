"""Typing mistakes: how far two words are apart for a hand on a keyboard, and Vietnamese typed with its program off."""

import re
from collections.abc import Iterable, Iterator

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(
    (a, b)
    for row, line in enumerate(_ROWS)
    for place, a in enumerate(line)
    for other in _ROWS[max(0, row - 1) : row + 2]
    for b in other[max(0, place - 1) : place + 2]
    if a != b
)
DOUBLED, SWAPPED, BESIDE, MISSING, OTHER = 5, 6, 7, 9, 10  # what each mistake costs
LONGEST = 24  # letters of a word that is compared

_TONED = re.compile(r"([^aeiouy]*[aeiouy]+)[sfrxjz]?(ch|c|m|ng|nh|n|p|t)?[sfrxjz]?")
_DOUBLED = {"dd": "d", "aa": "a", "ee": "e", "oo": "o"}


def untyped(word: str) -> list[str]:
    """What a folded word may stand for that was typed in Telex or VNI while the program was off.

    "chawn" is chặn, "ddieenj" and "d9ie65n" are điện. A word that cannot be one stays out.
    """
    found = [reading for reading in (_telex(word), _vni(word)) if reading and reading != word]
    return list(dict.fromkeys(found))


def allowed(word: str) -> int:
    """How dear the mistakes in a word may be: none in two letters, a slip in three, one in seven, two in more."""
    length = len(word)
    return 0 if length < 3 else BESIDE if length == 3 else OTHER if length < 8 else 2 * OTHER


def prepared(words: Iterable[str]) -> list[tuple[int, str]]:
    """Words that may be guessed, each with its letters: made once for many questions. Numbers are never guessed."""
    return [(letters(word), word) for word in words if word.isalpha() and 3 <= len(word) <= LONGEST]


def near(word: str, known: Iterable[tuple[int, str]], least: int = 0) -> list[tuple[int, str]]:
    """The known words that somebody may have meant, the likeliest first, each with the cost of its mistakes.

    `least` is what is allowed of short words too, where their neighbours speak for them.
    """
    most = max(allowed(word), least if len(word) > 2 else 0)
    if not most or len(word) > LONGEST:
        return []
    own, others = letters(word), 2 if most <= OTHER else 4
    alike = [other for bits, other in known if (bits ^ own).bit_count() <= others and _may_be(word, other, most)]
    return sorted((cost, other) for other in alike if (cost := distance(word, other, most)) <= most)


def _may_be(word: str, other: str, most: int) -> bool:
    """Whether two words can be that near: one mistake leaves the beginning or the end as it was."""
    if most > OTHER:
        return abs(len(other) - len(word)) <= 2
    half = (min(len(word), len(other)) - 1) // 2
    same = not half or word[:half] == other[:half] or word[-half:] == other[-half:]
    return same and abs(len(other) - len(word)) <= 1


def letters(word: str) -> int:
    """Which letters a word has, as bits: two words with very different ones need no closer look."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def distance(one: str, other: str, most: int) -> int:
    """What it costs to turn one word into the other; anything over `most` says only that it is more."""
    before: list[int] = []
    above = [0]
    for place in range(1, len(other) + 1):
        above.append(above[-1] + _adding(other, place - 1))
    for row in range(1, len(one) + 1):
        line = [above[0] + _adding(one, row - 1)]
        for place in range(1, len(other) + 1):
            line.append(min(_ways(one, other, (row, place), (before, above, line))))
        if min(line) > most and min(above) + SWAPPED > most:
            return most + 1
        before, above = above, line
    return above[-1]


def _ways(one: str, other: str, at: tuple[int, int], lines: tuple[list[int], list[int], list[int]]) -> Iterator[int]:
    """What each last step would cost: take a letter out, put one in, another in its place, two the other way round."""
    row, place = at
    before, above, line = lines
    yield above[place] + _adding(one, row - 1)
    yield line[place - 1] + _adding(other, place - 1)
    yield above[place - 1] + _instead(one[row - 1], other[place - 1])
    if (
        row > 1
        and place > 1
        and one[row - 2 : row] == other[place - 1] + other[place - 2]
        and one[row - 1] != one[row - 2]
    ):
        yield before[place - 2] + SWAPPED


def _adding(word: str, place: int) -> int:
    return DOUBLED if place and word[place] == word[place - 1] else MISSING


def _instead(a: str, b: str) -> int:
    return 0 if a == b else BESIDE if (a, b) in _NEIGHBOURS else OTHER


def _telex(word: str) -> str:
    if not word.isalpha():
        return ""
    plain = word
    for pair, letter in _DOUBLED.items():
        plain = plain.replace(pair, letter)
    plain = re.sub(r"(?<=[aeiouy])w", "", plain)
    plain = re.sub(r"(?<=[^aeiouy])w", "u", plain)
    found = _TONED.fullmatch(plain)
    return found[1] + (found[2] or "") if found else ""


def _vni(word: str) -> str:
    return re.sub(r"\d", "", word) if re.fullmatch(r"[a-z]+[1-9][a-z1-9]*", word) else ""
