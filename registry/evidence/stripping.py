"""Takes out of a reviewer's file what it says beside its picture, film or words: who made it, where, with what.

The copy holds only the parts that are needed to show it; whatever is not known to be such a part is left out. Nothing
is decoded. Sources: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, annex B), WebP (RFC 9649), MP4 (ISO/IEC 14496-12).
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from assessments.errors import Invalid
from registry.evidence.content import CHUNK_BYTES, DAMAGED, MEDIA_TYPES, TEXT

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_PARTS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"),
    *(b"acTL", b"fcTL", b"fdAT", b"cICP"),
}
WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_SAYS = 0x08 | 0x04  # flags of VP8X: there is Exif, there is XMP
SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
RESTARTS = range(0xD0, 0xD8)
JPEG_NEEDS = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # application segments that change how the picture looks
MP4_PARTS: Mapping[bytes, frozenset[bytes]] = {  # by folder, b"" for the film itself: what is needed to play it
    b"": frozenset((b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"pdin")),
    b"moov": frozenset((b"mvhd", b"trak", b"mvex", b"iods")),
    b"trak": frozenset((b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf", b"elng")),
    b"moof": frozenset((b"mfhd", b"traf")),
}
FREE = b"free"  # a box that readers pass over


def copy(source: BinaryIO, media_type: str, write: Callable[[bytes], int]) -> None:
    """Write what is left of a file. Refuses (Invalid) one that is not built as its type asks for.

    `media_type` is one of TAKEN.
    """
    source.seek(0)
    try:
        for piece in TAKEN[media_type](source):
            write(piece)
    except (struct.error, IndexError, ValueError) as error:
        raise Invalid(DAMAGED) from error


def _as_it_is(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(CHUNK_BYTES):
        yield piece


def _png(source: BinaryIO) -> Iterator[bytes]:
    if source.read(len(PNG_MAGIC)) != PNG_MAGIC:
        raise ValueError("no PNG")
    yield PNG_MAGIC
    kind = b""
    while kind != b"IEND":
        head = source.read(8)
        length, kind = struct.unpack(">I4s", head)
        rest = _exactly(source, length + 4)
        if kind in PNG_PARTS:
            yield head + rest


def _webp(source: BinaryIO) -> Iterator[bytes]:
    if source.read(4) != b"RIFF":
        raise ValueError("no WebP")
    size = struct.unpack("<I", source.read(4))[0]
    data = _exactly(source, size)
    kept, at = [data[:4]], 4
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        if kind in WEBP_PARTS:
            kept.append(_silent(data[at:end]) if kind == b"VP8X" else data[at:end])
        at = end
    body = b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body)) + body


def _silent(chunk: bytes) -> bytes:
    return chunk[:8] + bytes([chunk[8] & ~WEBP_SAYS]) + chunk[9:]


def _jpeg(source: BinaryIO) -> Iterator[bytes]:
    data = source.read()
    if data[:2] != bytes([0xFF, SOI]):
        raise ValueError("no JPEG")
    yield data[:2]
    marker, at = _marker(data, 2)
    while marker != EOI:
        segment = data[at : at + struct.unpack_from(">H", data, at)[0]]
        at += len(segment)
        if _shows(marker, segment):
            yield bytes([0xFF, marker]) + segment
        end = _end_of_scan(data, at) if marker == SOS else at
        yield data[at:end]
        marker, at = _marker(data, end)
    yield bytes([0xFF, EOI])


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and where what follows it begins."""
    if data[at] != 0xFF:
        raise ValueError("no marker")
    while data[at] == 0xFF:
        at += 1
    return data[at], at + 1


def _shows(marker: int, segment: bytes) -> bool:
    """Whether a segment is needed to show the picture: every one but comments and most of what programs add."""
    if marker in JPEG_NEEDS:
        return segment[2:].startswith(JPEG_NEEDS[marker])
    return marker != COM and not 0xE1 <= marker <= 0xEF


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands: 0xFF followed by neither zero nor a restart."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and data[at + 1] not in RESTARTS:
            return at
        at += 2


def _mp4(source: BinaryIO) -> Iterator[bytes]:
    """The same bytes at the same places, for the film's index counts on them; what says something is blanked."""
    end = source.seek(0, 2)
    blank = sorted(_saying(source, 0, end, b""))
    at = 0
    for start, size, head in blank:
        yield from _stretch(source, at, start)
        yield struct.pack(">I", size) + FREE if head == 8 else struct.pack(">I4sQ", 1, FREE, size)
        yield from _zeros(size - head)
        at = start + size
    yield from _stretch(source, at, end)


def _saying(source: BinaryIO, at: int, end: int, folder: bytes) -> Iterator[tuple[int, int, int]]:
    """Start, size and head of every box of a folder that is not known to be needed: it may say who made the film."""
    while at + 8 <= end:
        source.seek(at)
        size, kind = struct.unpack(">I4s", source.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", source.read(8))[0], 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError("a box that ends outside")
        if kind not in MP4_PARTS[folder]:
            yield at, size, head
        elif kind in MP4_PARTS:
            yield from _saying(source, at + head, at + size, kind)
        at += size


def _stretch(source: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    source.seek(start)
    left = end - start
    while left > 0:
        piece = _exactly(source, min(left, CHUNK_BYTES))
        left -= len(piece)
        yield piece


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, CHUNK_BYTES))
        count -= CHUNK_BYTES


def _exactly(source: BinaryIO, count: int) -> bytes:
    piece = source.read(count)
    if len(piece) != count:
        raise ValueError("cut")
    return piece


TAKEN: Mapping[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    MEDIA_TYPES["png"]: _png,
    MEDIA_TYPES["jpg"]: _jpeg,
    MEDIA_TYPES["webp"]: _webp,
    MEDIA_TYPES["mp4"]: _mp4,
    TEXT: _as_it_is,
    MEDIA_TYPES["csv"]: _as_it_is,
}
