"""The picture that goes along when a certificate's page is shared: the shape and word of its status, and the product.

What it says holds for one status; the status is part of its address, so that a change has another picture at once. No
day, no level and no praise stand in it: pictures are kept by others longer than they are true.
"""

import hashlib
import io
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _

from assessments.states import CertificateStatus
from registry import identity
from registry.catalogue import status_word
from registry.documents.typeface import FONTS
from registry.i18n import lang
from registry.links import absolute

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MEDIA_TYPE = "image/png"

_FORMAT = 1  # of the drawing: another number gives every picture another address
_TWICE = 2  # drawn larger and made smaller: smooth edges
_MARGIN = 72
_MARK = 240
_COLOURS = 48
_LINES = 3  # of a product's name
_GROUND, _INK, _FADED, _INDIGO = "#fbf7ee", "#1b2536", "#586174", "#17396b"
_LOOKS = {
    CertificateStatus.ACTIVE: ("valid", "#17693d"),
    CertificateStatus.SUSPENDED: ("suspended", "#865300"),
    CertificateStatus.WITHDRAWN: ("withdrawn", "#a92a1a"),
}

Point = tuple[float, float]


@dataclass(frozen=True)
class Preview:
    """What is drawn: `status` decides shape and colour; the words come in the language of the page."""

    status: CertificateStatus
    word: str
    product: str
    number: str
    site: str
    note: str = ""  # of a demonstration

    @property
    def version(self) -> str:
        """Another one as soon as anything in the picture is another."""
        told = "\n".join((str(_FORMAT), self.status, self.word, self.product, self.number, self.site, self.note))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Where the picture is, with host and all."""
        return f"{absolute('certificates.previews.picture', lang(), number=self.number)}?v={self.version}"


def preview_of(number: str, status: CertificateStatus, product: str) -> Preview:
    """What goes along with the page of a certificate, in the language of the page."""
    note = _("Dữ liệu trình diễn, không có thật") if current_app.config["SETTINGS"].demonstration else ""
    return Preview(status, status_word(status.value), product, number, identity.on().site_name, note)


@lru_cache(maxsize=256)
def draw(preview: Preview) -> bytes:
    """The picture as PNG, WIDTH by HEIGHT."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  some ten megabytes, for the first picture

    picture = Image.new("RGB", (WIDTH * _TWICE, HEIGHT * _TWICE), _GROUND)
    look, colour = _LOOKS.get(preview.status, ("expired", _FADED))
    pen = ImageDraw.Draw(picture)
    _mark(pen, look, colour)
    _texts(pen, preview, colour)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(_COLOURS)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


# --- words ---


def _texts(pen: "ImageDraw.ImageDraw", preview: Preview, colour: str) -> None:
    left, room = _MARGIN + _MARK + 56, WIDTH - 2 * _MARGIN - _MARK - 56
    bold, plain = "NotoSans-Bold.ttf", "NotoSans-Regular.ttf"
    _write(pen, (_MARGIN, 52), preview.site, plain, 32, _FADED, WIDTH - 2 * _MARGIN)
    top = _write(pen, (left, 196), preview.word, bold, 68, colour, room)
    _write(pen, (left, top + 24), preview.product, bold, 52, _INK, room)
    pen.rectangle(_scaled((0, HEIGHT - 16, WIDTH, HEIGHT)), fill=_INDIGO)
    last = " · ".join(part for part in (preview.number, preview.note) if part)
    _write(pen, (_MARGIN, HEIGHT - 96), last, plain, 34, _INK, WIDTH - 2 * _MARGIN)


def _write(pen: "ImageDraw.ImageDraw", at: Point, text: str, font: str, size: int, colour: str, room: int) -> float:  # noqa: PLR0913  place, words and look of one line
    """Write a text into lines of that width; returns where the next line may begin."""
    letters, (x, y) = _font(font, size * _TWICE), at
    for line in _lines(text, letters, room * _TWICE):
        pen.text((x * _TWICE, y * _TWICE), line, font=letters, fill=colour)
        y += size * 1.3
    return y


def _lines(text: str, letters: "ImageFont.FreeTypeFont", room: float) -> list[str]:
    """The text in at most _LINES lines, each cut where it would stand over the edge."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:_LINES]
    if len(lines) > _LINES:
        kept[-1] += "…"
    return [_cut(line, letters, room) for line in kept]


def _cut(line: str, letters: "ImageFont.FreeTypeFont", room: float) -> str:
    if letters.getlength(line) <= room:
        return line
    while line and letters.getlength(line + "…") > room:
        line = line[:-1]
    return line + "…"


@cache
def _font(name: str, size: int) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415  as above

    return ImageFont.truetype(FONTS / name, size)


# --- the shapes of the status line, on a field of 48 by 48 ---


def _mark(pen: "ImageDraw.ImageDraw", look: str, colour: str) -> None:
    if look == "valid":
        pen.ellipse(_placed((0, 0), (48, 48)), fill=colour)
        _leaf(pen, (20, 39), (38.5, 11.5), 25, _GROUND)
        _leaf(pen, (20, 39), (8.5, 23), 14.5, _GROUND)
    elif look == "suspended":
        _half(pen, 109, 251, colour)
        _half(pen, -71, 71, colour)
        _leaf(pen, (17, 11.5), (17, 36.5), 19, colour)
        _leaf(pen, (31, 11.5), (31, 36.5), 19, colour)
    elif look == "withdrawn":
        pen.ellipse(_placed((0, 0), (48, 48)), outline=colour, width=_width(3))
        _leaf(pen, (11.5, 11.5), (36.5, 36.5), 60, colour)
        _leaf(pen, (36.5, 11.5), (11.5, 36.5), 60, colour)
    else:
        for dot in range(12):
            x, y = (24 + 21.5 * f(math.tau * dot / 12) for f in (math.cos, math.sin))
            pen.ellipse(_placed((x - 2.5, y - 2.5), (x + 2.5, y + 2.5)), fill=colour)
        _leaf(pen, (24, 28), (24, 7.5), 15, colour)
        _leaf(pen, (21.5, 24.5), (37, 32.5), 11.5, colour)


def _half(pen: "ImageDraw.ImageDraw", start: float, end: float, colour: str) -> None:
    pen.arc(_placed((0, 0), (48, 48)), start, end, fill=colour, width=_width(4))


def _leaf(pen: "ImageDraw.ImageDraw", tip: Point, stem: Point, radius: float, colour: str) -> None:
    """What two circles of a radius through both points have in common."""
    pen.polygon([_at(point) for point in (*_arc(tip, stem, radius), *_arc(stem, tip, radius))], fill=colour)


def _arc(start: Point, end: Point, radius: float, steps: int = 48) -> list[Point]:
    """The short way round from one point to the other, clockwise as SVG has it (sweep 1)."""
    (x1, y1), (x2, y2) = start, end
    apart = math.dist(start, end)
    back = math.sqrt(max(radius * radius - apart * apart / 4, 0)) / apart
    cx, cy = (x1 + x2) / 2 - (y2 - y1) * back, (y1 + y2) / 2 + (x2 - x1) * back
    first, last = math.atan2(y1 - cy, x1 - cx), math.atan2(y2 - cy, x2 - cx)
    last += math.tau if last < first else 0
    turns = [first + (last - first) * step / steps for step in range(steps + 1)]
    return [(cx + radius * math.cos(turn), cy + radius * math.sin(turn)) for turn in turns]


def _at(point: Point) -> Point:
    x, y = point
    return (_MARGIN + x * _MARK / 48) * _TWICE, (200 + y * _MARK / 48) * _TWICE


def _placed(corner: Point, opposite: Point) -> tuple[float, float, float, float]:
    return (*_at(corner), *_at(opposite))


def _scaled(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (side * _TWICE for side in box)
    return left, top, right, bottom


def _width(width: float) -> int:
    return round(width * _MARK / 48 * _TWICE)
