"""Looks at the head of a picture: whether it is one, and whether it is of a size that can be shown. Run by path.

No picture is ever decoded: a few bytes can stand for gigabytes of points. What it prints is what pdf.py prints.
"""

import json
import sys
from typing import Any, BinaryIO

from PIL import Image

MOST_POINTS = 120_000_000  # an A3 page scanned at 600 points an inch has 70 million
LONGEST_SIDE = 30_000
FORMATS = ("PNG", "JPEG")  # what Pillow reads here; WebP is read below
WEBP_HEAD = 30  # bytes, of the container and the first chunk's own head


def inspect(source: BinaryIO) -> dict[str, Any]:
    """The reason why the picture is refused; there is nothing to flag about a picture."""
    try:
        width, height = _webp_size(source) or _size(source)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError):  # what Pillow raises on broken files
        return {"refused": "damaged", "flags": []}
    huge = width * height > MOST_POINTS or max(width, height) > LONGEST_SIDE
    return {"refused": "dimensions" if huge else "", "flags": []}


def _size(source: BinaryIO) -> tuple[int, int]:
    """By Pillow, which reads the head only, of the formats we take only."""
    Image.MAX_IMAGE_PIXELS = None  # it would raise; the limits are ours
    source.seek(0)
    with Image.open(source, formats=FORMATS) as picture:
        return picture.size


def _webp_size(source: BinaryIO) -> tuple[int, int] | None:
    """Of a WebP file, from its head (RFC 9649): Pillow would make room for the whole picture when it opens one."""
    source.seek(0)
    head = source.read(WEBP_HEAD)
    if head[8:12] != b"WEBP":
        return None
    if len(head) < WEBP_HEAD:
        raise ValueError("cut")
    return _WEBP[head[12:16]](head) if head[12:16] in _WEBP else _unknown()


def _lossy(head: bytes) -> tuple[int, int]:
    if head[23:26] != b"\x9d\x01\x2a":
        raise ValueError("no start code")
    width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width, height


def _lossless(head: bytes) -> tuple[int, int]:
    if head[20] != 0x2F:
        raise ValueError("no signature")
    bits = int.from_bytes(head[21:25], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(head: bytes) -> tuple[int, int]:
    width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    return width, height


def _unknown() -> tuple[int, int]:
    raise ValueError("no chunk of a picture")


_WEBP = {b"VP8 ": _lossy, b"VP8L": _lossless, b"VP8X": _extended}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer)))
