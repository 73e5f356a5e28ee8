"""Text files by pages of limited size: cut at ends of lines, read in whatever of the few encodings they came."""

import codecs
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

PAGE_BYTES = 24 * 1024
LONGEST_LINE = 4 * 1024  # bytes that are looked through for the end of a line; a longer one is cut
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
OLD = "cp1258"  # Vietnamese Windows: what is neither marked nor UTF-8
STEERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # of writing direction
TAIL = 4  # bytes of a character that may have been cut


@dataclass(frozen=True)
class Excerpt:
    """One page of a text, and how many pages it has."""

    text: str
    pages: int


def pages_of(size: int) -> int:
    """How many pages a text of so many bytes has."""
    return max(1, -(-size // PAGE_BYTES))


def excerpt(source: BinaryIO, size: int, number: int) -> Excerpt:
    """One page of a text, from 1; reads no more than a page and a few kilobytes, however long the text is."""
    mark, encoding = _encoding(source)
    start = mark if number == 1 else _cut(source, size, (number - 1) * PAGE_BYTES, encoding)
    end = size if number * PAGE_BYTES >= size else _cut(source, size, number * PAGE_BYTES, encoding)
    source.seek(start)
    text = source.read(max(0, end - start)).decode(encoding, "replace")
    return Excerpt(shown(text), pages_of(size))


def _encoding(source: BinaryIO) -> tuple[int, str]:
    """How many bytes say how the text is written, and how it is: by its mark, by its first page, or the old way."""
    source.seek(0)
    head = source.read(PAGE_BYTES)
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return len(mark), encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return 0, OLD
    return 0, "utf-8"


def _cut(source: BinaryIO, size: int, place: int, encoding: str) -> int:
    """Where a page begins that would begin at `place`: behind the next end of a line, else between two characters."""
    unit = 2 if encoding.startswith("utf-16") else 1
    source.seek(place)
    ahead = source.read(min(LONGEST_LINE, max(0, size - place)))
    line = "\n".encode(encoding)
    at = ahead.find(line)
    while at >= 0 and at % unit:
        at = ahead.find(line, at + 1)
    if at >= 0:
        return place + at + len(line)
    if encoding != "utf-8":
        return place
    inside = next((offset for offset, byte in enumerate(ahead[:TAIL]) if byte & 0xC0 != 0x80), 0)
    return place + inside


def shown(text: str) -> str:
    """Letters as we write them, and no signs that steer: they could make a line read backwards or hide a part of it."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join("\ufffd" if _steers(sign) else sign for sign in plain)


def _steers(sign: str) -> bool:
    return sign in STEERING or (unicodedata.category(sign) == "Cc" and sign not in "\n\t")
