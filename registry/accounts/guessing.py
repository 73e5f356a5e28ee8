"""How easily a password is guessed, worked out without asking anybody: zxcvbn, Vietnamese habits, one's own words.

zxcvbn tries every way of reading signs as letters, which takes seconds for a text made of nothing but such signs. So
they are read as letters before: each one way, and time is bounded whatever is typed.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from assessments.folding import fold

COMMON = Path(__file__).parent / "common-passwords.txt"
ENOUGH = 1e10  # guesses; each costs whoever has stolen the hashes an argon2id of 19 MiB, and others are counted
READ = 48  # characters that are looked at: so much cannot be easy, unless it repeats itself
REPEATS = 4  # different characters: "aaaaaaaaaaaa", "121212121212"
_SIGNS = str.maketrans("@({[<!|$+%", "accccilstx")


class Weakness(StrEnum):
    """What makes a password easy to guess."""

    COMMON = "common"  # among those that everybody tries first, or made of such
    OWN = "own"  # the person's own name or address
    KEYS = "keys"  # keys that lie beside each other
    REPEATED = "repeated"  # the same again, or counting on
    DATE = "date"
    SHORT_OF = "short_of"  # none of these alone


def weakness(password: str, own: Iterable[str] = ()) -> Weakness | None:
    """What makes a password too easy; None for one that is good enough. `own` are words of its person, as written."""
    plain = squeezed(password)
    mine = words_of(own)
    if plain in mine or bare(plain) in mine:
        return Weakness.OWN
    if plain in common() or bare(plain) in common():
        return Weakness.COMMON
    if len(set(plain)) <= REPEATS:
        return Weakness.REPEATED
    return _guessed(password, plain, mine)


def squeezed(text: str) -> str:
    """Without accents, case and spaces: none of them makes a password of a word that everybody tries first."""
    return re.sub(r"\s+", "", fold(text))


def bare(plain: str) -> str:
    """Without digits and signs at either end: "matkhau@2026" is still "matkhau"."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)


def words_of(own: Iterable[str]) -> set[str]:
    """The words a person's password should not be made of: each text, and the longer words in it."""
    found: set[str] = set()
    for text in own:
        whole = squeezed(text)
        words = re.split(r"[\W_]+", fold(text))
        found |= {whole, whole.split("@")[0], *(word for word in words if len(word) > 2)}
    return {word for word in found if len(word) > 1}


@cache
def common() -> frozenset[str]:
    """What people try first here, beside the thirty thousand that zxcvbn knows."""
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(squeezed(line) for line in lines if line and not line.startswith("#"))


def _guessed(password: str, plain: str, mine: set[str]) -> Weakness | None:
    """The weakest of its readings: as typed, without accents, and without spaces."""
    from zxcvbn import zxcvbn  # noqa: PLC0415  its lists take memory that most processes never need

    readings = {text[:READ].translate(_SIGNS) for text in (password.lower(), fold(password), plain)}
    found = [zxcvbn(text, user_inputs=[*sorted(mine), *_ranked()]) for text in sorted(readings)]
    worst = min(found, key=lambda one: float(one["guesses"]))
    if worst["guesses"] >= ENOUGH:
        return None
    return _cause(worst["sequence"], mine)


@cache
def _ranked() -> list[str]:
    return sorted(common(), key=lambda word: (len(word), word))


def _cause(sequence: list[dict[str, str]], mine: set[str]) -> Weakness:
    """What the longest known piece of it is."""
    known = [piece for piece in sequence if piece["pattern"] != "bruteforce"]
    longest = max(known, key=lambda piece: len(piece["token"]), default=None)
    if longest is None:
        return Weakness.SHORT_OF
    if longest.get("matched_word") in mine:
        return Weakness.OWN
    causes = {
        "dictionary": Weakness.COMMON,
        "spatial": Weakness.KEYS,
        "repeat": Weakness.REPEATED,
        "sequence": Weakness.REPEATED,
        "date": Weakness.DATE,
        "regex": Weakness.DATE,
    }
    return causes.get(longest["pattern"], Weakness.SHORT_OF)
