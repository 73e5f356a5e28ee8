"""Writes who reads, which application and when across our own picture of a page, and nothing else into the file."""

import io
from functools import lru_cache
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont

from registry.documents.typeface import FONTS

FONT = FONTS / "NotoSans-Bold.ttf"
TALLEST = 14_000  # points of a page: with its strip it has to stay below 16,384, which is all that WebP holds
SLANT = 30  # degrees
DARK, LIGHT = (20, 20, 60, 38), (255, 255, 255, 38)  # seen on white and on black alike, and read through
STRIP, INK = (240, 240, 236), (30, 30, 50)


def stamped(picture: BinaryIO, words: str, width: int) -> bytes:
    """A picture of ours, at most so many points wide, with the words slanting across it and below it, as WebP.

    The bytes hold points only: no metadata of any kind. Takes some ten megabytes whatever the file was that the
    picture shows.
    """
    with Image.open(picture, formats=("WEBP",)) as opened:
        page = opened.convert("RGB")
    if page.width > width:
        page = page.resize((width, max(1, round(page.height * width / page.width))), Image.Resampling.LANCZOS)
    if page.height > TALLEST:
        page = page.resize((max(1, round(page.width * TALLEST / page.height)), TALLEST), Image.Resampling.LANCZOS)
    size = max(12, page.width // 48)
    _across(page, words, size)
    sheet = _with_strip(page, words, size)
    out = io.BytesIO()
    sheet.save(out, "WEBP", quality=78, method=2)
    return out.getvalue()


def _across(page: Image.Image, words: str, size: int) -> None:
    """The words in slanting lines that go on without end, so that every part that is worth having holds some."""
    mark = _mark(words, size)
    for y in range(-mark.height, page.height, max(1, mark.height // 2)):
        for x in range(-size, page.width, mark.width):
            page.paste(mark, (x, y), mark)


@lru_cache(maxsize=8)
def _mark(words: str, size: int) -> Image.Image:
    """The words once, slanting: light behind dark."""
    font = _font(size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(words))
    flat = Image.new("RGBA", (right - left + 4, bottom - top + 4), (0, 0, 0, 0))
    drawn = ImageDraw.Draw(flat)
    drawn.text((3 - left, 3 - top), words, font=font, fill=LIGHT)
    drawn.text((1 - left, 1 - top), words, font=font, fill=DARK)
    return flat.rotate(SLANT, expand=True, resample=Image.Resampling.BILINEAR)


def _with_strip(page: Image.Image, words: str, size: int) -> Image.Image:
    """The page with the words in clear below it, broken where the picture is narrow; nothing of it is covered."""
    font = _font(max(11, size * 3 // 4))
    lines = _broken(words, font, page.width - size)
    line = int(font.size * 1.5)
    sheet = Image.new("RGB", (page.width, page.height + line * len(lines) + size // 2), STRIP)
    sheet.paste(page, (0, 0))
    drawn = ImageDraw.Draw(sheet)
    for number, text in enumerate(lines):
        drawn.text((size // 2, page.height + size // 4 + number * line), text, font=font, fill=INK)
    return sheet


def _broken(words: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)
