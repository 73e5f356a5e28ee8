"""Certificate numbers: VCSC-26-0001-K, their check letter, and reading them as people type them.

The check letter is a pure system in the manner of ISO/IEC 7064 over 23 letters: the weighted sum of all
characters leaves the rest 1 by the prime 23, with the powers of RADIX as weights. Every wrong character and every swap
of two neighbours therefore shows. I, L and O are no check letters, because they are read as digits.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "VCSC"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
MODULUS = len(LETTERS)
RADIX = 8  # its powers are never 1 before the eleventh, so that no two close places weigh the same
MIN_SERIAL_DIGITS = 4
MAX_DIGITS = 12  # of year and serial together: nobody will need more, and nobody can make us read more

_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "B": "8", "S": "5", "Z": "2", "G": "6", "D": "0", "Q": "0"})
_ENDINGS = re.compile(r"\.(JSON|JWT|PDF|PNG|PROOF|SVG)$")  # of files that hang on the address of a certificate
_ASKED = re.compile(r"[?&]NUMBER=([^&#]*)")
_MAX_TYPED = 200


class Reading(StrEnum):
    """What a typed number turned out to be."""

    NUMBER = "number"  # it could have been issued
    MISTYPED = "mistyped"  # it looks like a number, but the check letter does not fit
    MALFORMED = "malformed"  # it does not look like a number


@dataclass(frozen=True)
class Read:
    """A typed text read as a number; `number` is the canonical form, empty unless it could have been issued."""

    reading: Reading
    number: str = ""


def compose(year: int, serial: int) -> str:
    """The number of the certificate with this serial (from 1) of a year (2000 to 2099)."""
    digits = f"{year % 100:02}{serial:0{MIN_SERIAL_DIGITS}}"
    return f"{PREFIX}-{digits[:2]}-{digits[2:]}-{check_letter(digits)}"


def running(prefix: str, year: int, serial: int) -> str:
    """A number that only counts: YC-2026-0001 for an appeal, KN-2026-0001 for a complaint."""
    return f"{prefix}-{year}-{serial:0{MIN_SERIAL_DIGITS}}"


def check_letter(digits: str) -> str:
    """The letter that follows the digits of year and serial."""
    total = sum(int(digit) * pow(RADIX, place, MODULUS) for place, digit in enumerate(reversed(digits), start=1))
    return LETTERS[(1 - total) % MODULUS]


def place(number: str) -> tuple[int, int] | None:
    """Year and serial of a number; None for what could not have been issued."""
    digits = parse(number).number.removeprefix(f"{PREFIX}-")[:-2].replace("-", "")
    return (2000 + int(digits[:2]), int(digits[2:])) if digits else None


def parse(text: str) -> Read:
    """Read a number however it was typed: case, spaces, dashes, the prefix, O for 0, I or L for 1, a whole address."""
    body = _body(text)
    if not body.isascii() or len(body) <= 2 + MIN_SERIAL_DIGITS or len(body) > MAX_DIGITS + 1:
        return Read(Reading.MALFORMED)
    digits, letter = body[:-1].translate(_LOOK_ALIKE), body[-1]
    if digits.isdigit() and letter in LETTERS and check_letter(digits) == letter and _is_whole(digits):
        return Read(Reading.NUMBER, f"{PREFIX}-{digits[:2]}-{digits[2:]}-{letter}")
    strange = sum(not character.isdigit() for character in digits)
    return Read(Reading.MISTYPED if strange <= 1 else Reading.MALFORMED)


def near(text: str) -> tuple[str, ...]:
    """Numbers that somebody may have meant: one character or one swap away, the nearest first; parse()'s own left out.

    Empty for what does not look like a number. Says nothing of whether any of them was ever issued.
    """
    typed = re.sub(r"^[A-Z]{1,5}(?=\d)", "", _body(text))  # a prefix with a wrong letter
    if not typed.isascii() or not 1 + MIN_SERIAL_DIGITS <= len(typed) <= MAX_DIGITS + 1:
        return ()
    digits, letter = _halves(typed)
    if not digits.isdigit():
        return ()
    found = [f"{one}{check_letter(one)}" for one in (digits, *_one_away(digits)) if _is_long(one)]
    found.sort(key=lambda one: (one[:-1] != digits, one[-1] != letter))  # a wrong letter alone, then one that fits
    own = parse(text).number
    numbers = dict.fromkeys(f"{PREFIX}-{one[:2]}-{one[2:-1]}-{one[-1]}" for one in found)
    return tuple(one for one in numbers if one != own)


def _halves(typed: str) -> tuple[str, str]:
    """Digits and check letter; a number that ends in a digit has lost its letter."""
    letter = typed[-1]
    if letter.isdigit():
        return typed.translate(_MISREAD), ""
    return typed[:-1].translate(_MISREAD), letter


def _one_away(digits: str) -> list[str]:
    """The digits with one of them another, two neighbours swapped, one put in, or one taken out."""
    other = [f"{digits[:at]}{new}{digits[at + 1 :]}" for at in range(len(digits)) for new in "0123456789"]
    places = range(len(digits) - 1)
    swapped = [f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in places]
    longer = [f"{digits[:at]}{new}{digits[at:]}" for at in range(len(digits) + 1) for new in "0123456789"]
    shorter = [digits[:at] + digits[at + 1 :] for at in range(len(digits))]
    return [*swapped, *other, *longer, *shorter]


def _body(text: str) -> str:
    """Letters and digits without the prefix, upper case; of an address, its last part or the number asked for."""
    plain = unicodedata.normalize("NFKC", text[:_MAX_TYPED]).strip().upper()
    if asked := _ASKED.search(plain):
        plain = asked[1]
    elif "/" in plain:
        plain = _ENDINGS.sub("", re.split(r"[?#]", plain)[0].rstrip("/").rpartition("/")[2])
    kept = "".join(character for character in plain if character.isalnum())
    return kept.removeprefix(PREFIX)


def _is_long(digits: str) -> bool:
    return 2 + MIN_SERIAL_DIGITS <= len(digits) <= MAX_DIGITS and _is_whole(digits)


def _is_whole(digits: str) -> bool:
    """A serial of more than four digits has no zero in front; and none is 0."""
    serial = digits[2:]
    return int(serial) > 0 and (len(serial) == MIN_SERIAL_DIGITS or serial[0] != "0")
