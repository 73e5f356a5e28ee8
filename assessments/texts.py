"""Typed text in one form: visible signs only, NFC, one kind of line ending; forms and documents read it alike."""

import re
import unicodedata
from typing import Any

BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # letters and marks that show nothing at all
UNSEEN = {"Cc", "Cf", "Cs"}  # controls, writing direction and zero width, halves of characters
_LAST_TWO = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
NONE_AT_ALL = re.compile(f"[\ufdd0-\ufdef{_LAST_TWO}]")  # what Unicode gives to nobody, and no XML may hold


def tidy(text: Any) -> Any:
    """NFC, nothing invisible, one kind of line ending, no space around; other things than text pass."""
    if not isinstance(text, str):
        return text
    return unicodedata.normalize("NFC", "\n".join(_visible(line) for line in text.splitlines())).strip()


def one_line(text: Any) -> Any:
    """The same for what is one line on paper: every stretch of white space is one space."""
    return " ".join(tidy(text).split()) if isinstance(text, str) else text


def _visible(line: str) -> str:
    return "".join(
        sign
        for sign in NONE_AT_ALL.sub("", line)
        if sign == "\t" or (sign not in BLANKS and unicodedata.category(sign) not in UNSEEN)
    )
