"""The words of buttons and links in both languages, from the catalogue that the pages use."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "registry" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@cache
def _english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}


def said(vietnamese: str, language: str) -> str:
    """A text of the pages in a language; fails when the catalogue does not have it."""
    return vietnamese if language == "vi" else _english()[vietnamese]
