"""Draws a badge as SVG: small, sharp at any size, as wide as its words, with nothing in it that calls home."""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from assessments.states import CertificateStatus
from registry.badges import words
from registry.badges.status import Badge
from registry.documents.typeface import FONTS
from registry.i18n import lang

if TYPE_CHECKING:
    from PIL import ImageFont

THEMES = ("light", "dark", "auto")
HEIGHT, LEFT, RIGHT = 84, 80, 18
NARROWEST = 250
DRAWN = 200  # points at which letters are measured
ROOM = 1.08  # letters of a visitor's own font may be a little wider than those that were measured
FAMILY = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Arial,sans-serif"
SIZES = (16, 13.5, 12)

# The shapes of the site's own status line: word and shape say the same.
SHAPES = {
    "valid": '<circle cx="24" cy="24" r="24" class="c"/><path class="h" d="M20 39A25 25 0 0 1 38.5 11.5 25 25 0 0 1 20 '
    '39ZM20 39A14.5 14.5 0 0 1 8.5 23 14.5 14.5 0 0 1 20 39Z"/>',
    "suspended": '<path class="l" stroke-width="4" d="M20 2.4A22 22 0 0 0 20 45.6M28 2.4A22 22 0 0 1 28 45.6"/>'
    '<path class="c" d="M17 11.5A19 19 0 0 1 17 36.5 19 19 0 0 1 17 11.5ZM31 11.5A19 19 0 0 1 31 36.5 19 19 0 0 1 31 '
    '11.5Z"/>',
    "expired": '<circle cx="24" cy="24" r="21.5" class="l" stroke-width="5" stroke-linecap="round" stroke-dasharray="0 '
    '11.257"/><path class="c" d="M24 28A15 15 0 0 1 24 7.5 15 15 0 0 1 24 28ZM21.5 24.5A11.5 11.5 0 0 1 37 32.5 11.5 '
    '11.5 0 0 1 21.5 24.5Z"/>',
    "withdrawn": '<circle cx="24" cy="24" r="22.5" class="l" stroke-width="3"/><path class="c" d="M11.5 11.5A60 60 0 0 '
    '1 36.5 36.5 60 60 0 0 1 11.5 11.5ZM36.5 11.5A60 60 0 0 1 11.5 36.5 60 60 0 0 1 36.5 11.5Z"/>',
}
LOOKS = {
    CertificateStatus.ACTIVE: "valid",
    CertificateStatus.SUSPENDED: "suspended",
    CertificateStatus.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True)
class Colours:
    """The colours of one theme; `ground` is empty where the page behind is seen."""

    ground: str
    edge: str
    ink: str
    faded: str
    looks: dict[str, str]


LIGHT = Colours(
    *("#fffefa", "#dccfb6", "#1b2536", "#586174"),
    {"valid": "#17693d", "suspended": "#865300", "expired": "#586174", "withdrawn": "#a92a1a"},
)
DARK = Colours(
    *("#1a1612", "#453c31", "#f6eee0", "#c5baa8"),
    {"valid": "#84d6a3", "suspended": "#f6c255", "expired": "#c5baa8", "withdrawn": "#ffab9b"},
)


def draw(badge: Badge, theme: str, *, demonstration: bool) -> str:
    """The picture, in the language of what is written now; "auto" has no ground and follows the visitor's theme."""
    said = words.lines(badge, demonstration=demonstration)
    told = escape(words.sentence(badge, demonstration=demonstration))
    about = f" <desc>{escape(badge.product)}</desc>" if badge.product else ""
    look = LOOKS.get(badge.status, "expired") if badge.status else "withdrawn"
    width = _width(said)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        f'role="img" aria-labelledby="t" lang="{lang()}" data-number="{escape(badge.number)}" '
        f'data-status="{badge.status.value if badge.status else "unknown"}"><title id="t">{told}</title>{about}'
        f"<style>{_style(look, theme)}</style>{_ground(width, theme)}"
        f'<g transform="translate(18 18)">{SHAPES[look]}</g>{_texts(said)}</svg>'
    )


def _texts(said: tuple[str, str, str]) -> str:
    places = zip(said, SIZES, (31, 51, 69), ("a", "b", "n"), strict=True)
    return "".join(
        f'<text class="{kind}" x="{LEFT}" y="{y}" font-size="{size}">{escape(text)}</text>'
        for text, size, y, kind in places
    )


def _ground(width: int, theme: str) -> str:
    """A leaf's outline: two sharp corners, two round."""
    if theme == "auto":
        return ""
    right, low = width - 1, HEIGHT - 1
    return f'<path class="g" d="M3 1H{right - 18}A18 18 0 0 1 {right} 19V{low}H19A18 18 0 0 1 1 {low - 18}V1Z"/>'


def _style(look: str, theme: str) -> str:
    rules = f"text{{font-family:{FAMILY}}}.a,.b{{font-weight:700}}.l{{fill:none}}"
    if theme == "auto":
        return rules + _coloured(look, LIGHT) + f"@media(prefers-color-scheme:dark){{{_coloured(look, DARK)}}}"
    return rules + _coloured(look, DARK if theme == "dark" else LIGHT)


def _coloured(look: str, colours: Colours) -> str:
    strong = colours.looks[look]
    return (
        f".g{{fill:{colours.ground};stroke:{colours.edge}}}.a{{fill:{colours.ink}}}.n{{fill:{colours.faded}}}"
        f".b,.c{{fill:{strong}}}.l{{stroke:{strong}}}.h{{fill:{colours.ground}}}"
    )


def _width(said: tuple[str, str, str]) -> int:
    widest = max(_measured(text, size, place < 2) for place, (text, size) in enumerate(zip(said, SIZES, strict=True)))
    return max(NARROWEST, LEFT + int(widest * ROOM) + RIGHT)


def _measured(text: str, size: float, bold: bool) -> float:  # noqa: FBT001  of one font or the other
    return _font("NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf").getlength(text) * size / DRAWN


@cache
def _font(name: str) -> "ImageFont.FreeTypeFont":
    """A font to measure letters with, read once."""
    from PIL import ImageFont  # noqa: PLC0415  some ten megabytes, for the first badge

    return ImageFont.truetype(FONTS / name, DRAWN)
