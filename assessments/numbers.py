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


def _body(text: str) -> str:
    """Letters and digits without the prefix, upper case; of an address, its last part."""
    plain = unicodedata.normalize("NFKC", text[:_MAX_TYPED]).strip().upper()
    if "/" in plain:
        plain = re.split(r"[?#]", plain)[0].rstrip("/").rpartition("/")[2]
    kept = "".join(character for character in plain if character.isalnum())
    return kept.removeprefix(PREFIX)


def _is_whole(digits: str) -> bool:
    """A serial of more than four digits has no zero in front; and none is 0."""
    serial = digits[2:]
    return int(serial) > 0 and (len(serial) == MIN_SERIAL_DIGITS or serial[0] != "0")
