"""What a list says of a product: the words that were stored when its certificate last changed, and what follows."""

import re
import zlib
from collections.abc import Iterable
from typing import Any

from criteria.model import Bilingual


class Worded:
    """A product in a list, of today or of a day gone by; `text` is what models.catalogue.Listing keeps of it."""

    slug: str
    text: dict[str, Any]

    @property
    def name(self) -> Bilingual:
        """The product's name."""
        return self._both("name")

    @property
    def short(self) -> Bilingual:
        """What it is, in the vendor's words."""
        return self._both("short")

    @property
    def vendor(self) -> Bilingual:
        """Who answers for it."""
        return self._both("vendor")

    @property
    def level(self) -> Bilingual:
        """The level with its number, so that "mức {level}" reads right."""
        level = self.text["level"]
        return Bilingual(f"{level['rank']} – {level['vi']}", f"{level['rank']} – {level['en']}")

    @property
    def reason(self) -> Bilingual:
        """Why the committee decided last."""
        return self._both("reason")

    @property
    def ages(self) -> list[tuple[int, int]]:
        """The ages the product is for."""
        return spans(self.text["ages"])

    @property
    def tone(self) -> int:
        """A small number that never changes for a product: the colour of its tile."""
        return tone(self.slug)

    def _both(self, key: str) -> Bilingual:
        return Bilingual(self.text[key]["vi"], self.text[key]["en"] or self.text[key]["vi"])


def tone(slug: str) -> int:
    """A number from 0 to 5 that never changes for a product."""
    return zlib.crc32(slug.encode()) % 6


def spans(bands: Iterable[str]) -> list[tuple[int, int]]:
    """Age bands ("7-11", "12-15") as spans of years, neighbours joined: [(7, 15)]; other codes are left out."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(_years(bands)):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _years(bands: Iterable[str]) -> list[tuple[int, int]]:
    found = [re.fullmatch(r"(\d{1,2})-(\d{1,2})", band) for band in bands]
    return [(int(match[1]), int(match[2])) for match in found if match]
