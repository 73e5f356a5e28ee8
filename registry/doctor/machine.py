"""What the program brings along and the machine has to have: fonts and the time zone."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fontTools.ttLib import TTFont, TTLibError

from registry.doctor.findings import Asked, Finding, well, wrong
from registry.documents.typeface import FONTS

ZONE = "Asia/Ho_Chi_Minh"
HARD = "ẵợừỹđ"  # letters that a font for the West does not have


def fonts(_asked: Asked) -> Iterator[Finding]:
    """The fonts of papers are there and have every letter of Vietnamese."""
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        try:
            with TTFont(FONTS / name, lazy=True) as font:
                known = font.getBestCmap()
        except (OSError, TTLibError):
            yield wrong("fonts", f"{name} cannot be read.", "Put the program's own files back: git checkout.")
            return
        if any(ord(letter) not in known for letter in HARD):
            yield wrong("fonts", f"{name} lacks Vietnamese letters.", "Put the program's own files back: git checkout.")
            return
    yield well("fonts", "Papers can be printed in Vietnamese.")


def zone(_asked: Asked) -> Iterator[Finding]:
    """The time zone of Viet Nam is known: legal days begin and end by it."""
    try:
        ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        yield wrong("time zone", f"{ZONE} is not known.", "apt-get install tzdata, or pip install tzdata.")
        return
    yield well("time zone", f"{ZONE} is known.")
