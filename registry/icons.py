"""The shapes of marks and logo: one sprite, from which every page carries those it shows.

They stand in the page and not behind an address of their own: a status must be seen before any other file has come, and
browsers that take a sprite for no image (Firefox before 132) refuse it under `default-src 'none'`.
"""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SPRITE = Path(__file__).parent / "icons.svg"


def icons(*names: str) -> Markup:
    """The symbols with these names, for `<use href="#name">`; refuses one that the sprite does not have (KeyError)."""
    return Markup("").join(_symbols()[name] for name in names)


@cache
def _symbols() -> dict[str, Markup]:
    found = re.finditer(r'<symbol id="([\w-]+)".*?</symbol>', SPRITE.read_text("utf-8"))
    return {one[1]: Markup(one[0]) for one in found}  # noqa: S704  our own file
