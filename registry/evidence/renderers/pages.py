"""Draws some pages of a PDF, or a picture anew, as pictures of our own making. Run by path: see confined.py.

Arguments: "pdf" or "image", the first page, how many, and the number of an open file that the pictures are written
to, one after the other. What it prints: {"pages": of the whole document, "made": [{"number", "offset", "size",
"width", "height", "text"}]}. A page that cannot be drawn is left out. Nothing of the file's own metadata goes along:
the pictures are made of points.
"""

import io
import json
import math
import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2 as pdfium
from PIL import Image, ImageOps

WIDTH = 1654  # points: A4 at 200 to the inch, which can be read when it is shown large
MOST_POINTS = 6_000_000  # of one page, however it is shaped
SMALLEST = 8  # points of a side, for pages that are a line
LONGEST_TEXT = 20_000  # characters of one page
FORMATS = ("PNG", "JPEG", "WEBP")  # what Pillow may open here

Page = tuple[int, Image.Image, str]


def extent(width: float, height: float) -> tuple[int, int]:
    """How large a page of that shape is drawn: as wide as pages are, and never more points than there may be.

    Raises ValueError for what has no shape.
    """
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        raise ValueError("no page has this shape")
    scale = min(WIDTH / width, math.sqrt(MOST_POINTS / (width * height)))
    return (max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale)))


def pdf_pages(source: BinaryIO, first: int, count: int) -> tuple[int, Iterator[Page]]:
    """How many pages a PDF has, and those asked for."""
    document = pdfium.PdfDocument(source)
    total = len(document)
    return total, _drawn(document, range(first, min(first + count, total + 1)))


def _drawn(document: Any, numbers: range) -> Iterator[Page]:
    for number in numbers:
        try:
            page = document[number - 1]
            yield number, _picture(page), _words(page)
        except (pdfium.PdfiumError, ValueError, MemoryError, OverflowError):
            continue


def _picture(page: Any) -> Image.Image:
    """Drawn into a bitmap of the size we choose: what the page says of itself makes no large one."""
    wide, high = page.get_size()
    width, height = extent(wide, high)
    if max(width / wide, height / high) > 4 * min(width / wide, height / high):
        raise ValueError("a page like a line")
    bitmap = page.render(scale=min(width / wide, height / high), draw_annots=True)
    drawn: Image.Image = bitmap.to_pil().convert("RGB")
    return drawn


def _words(page: Any) -> str:
    text: str = page.get_textpage().get_text_bounded()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))[:LONGEST_TEXT]


def image_pages(source: BinaryIO) -> tuple[int, Iterator[Page]]:
    """A picture is one page."""
    return 1, iter([(1, image(source), "")])


def image(source: BinaryIO) -> Image.Image:
    """A picture as it is meant to be seen: turned as the camera says, on white, no larger than a page."""
    Image.MAX_IMAGE_PIXELS = None  # the limits are ours
    with Image.open(source, formats=FORMATS) as opened:
        width, height = extent(*opened.size)
        opened.draft("RGB", (min(opened.width, width), min(opened.height, height)))  # a JPEG can be read small
        opened.thumbnail((width, height))
        turned = ImageOps.exif_transpose(opened)
    if "A" in turned.getbands() or "transparency" in turned.info:
        sheet = Image.new("RGBA", turned.size, "white")
        return Image.alpha_composite(sheet, turned.convert("RGBA")).convert("RGB")
    return turned.convert("RGB")


def write(pages: Iterator[Page], out: BinaryIO) -> list[dict[str, Any]]:
    """Each page into the file behind the others; where it begins, how long it is, and what stands on it."""
    made, offset = [], 0
    for number, picture, text in pages:
        encoded = io.BytesIO()
        picture.save(encoded, "WEBP", quality=85, method=2)
        out.write(encoded.getvalue())
        size = len(encoded.getvalue())
        about = {"number": number, "offset": offset, "size": size, "text": text}
        made.append({**about, "width": picture.width, "height": picture.height})
        offset += size
    return made


def main(kind: str, first: str, count: str, descriptor: str) -> dict[str, Any]:
    """Draw what is asked for."""
    source = sys.stdin.buffer
    total, pages = pdf_pages(source, int(first), int(count)) if kind == "pdf" else image_pages(source)
    with os.fdopen(int(descriptor), "wb") as out:
        return {"pages": total, "made": write(pages, out)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
