"""Looks into a ZIP archive for bombs, tricks in its paths, encryption and archives within. Run by path.

A document ("document" as the argument) is unpacked to nowhere, so that its sizes are true; of a build the sizes that
its list states are added up, and archives in it are looked into as well. What it prints is what pdf.py prints.
"""

import io
import json
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 100_000
MOST_BYTES = 4096 * MEGABYTE  # of everything in a build, unpacked; a large game has less
MOST_DOCUMENT_BYTES = 512 * MEGABYTE
FREE_BYTES = 100 * MEGABYTE  # so much may come of anything, however tightly it was packed
RATIO = 200  # honest text packs to a twentieth, a page of zeros to a thousandth
DEEPEST = 3  # archives within archives
MOST_INNER = 64 * MEGABYTE  # an inner archive is held in memory while it is looked into
PIECE = 256 * 1024

ENCRYPTED = 0x1 | 0x40 | 0x2000
DRIVE = re.compile(r"[A-Za-z]:")
ARCHIVES = (".zip", ".jar", ".aar", ".apk", ".aab", ".ipa", ".msix", ".xpi", ".docx", ".xlsx", ".odt", ".ods")
OTHER_ARCHIVES = (".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar", ".cab", ".iso")
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, ValueError),
    *(RuntimeError, NotImplementedError, KeyError, IndexError, UnicodeError),
)


class Refused(Exception):
    """The file cannot be taken; the argument is the code of the reason."""


@dataclass
class Sum:
    """What was found so far, over all archives within each other."""

    document: bool
    packed: int = 0  # bytes of the whole file
    unpacked: int = 0
    entries: int = 0
    flags: set[str] = field(default_factory=set)

    def add(self, octets: int) -> None:
        """Count unpacked bytes. Raises Refused for a bomb."""
        self.unpacked += octets
        most = MOST_DOCUMENT_BYTES if self.document else MOST_BYTES
        if self.unpacked > most or self.unpacked > max(FREE_BYTES, self.packed * RATIO):
            raise Refused("bomb")


def inspect(source: BinaryIO, *, document: bool) -> dict[str, Any]:
    """The reason why the archive is refused, or what a reader should know of it."""
    found = Sum(document, packed=source.seek(0, 2))
    try:
        _look(source, found, depth=1)
    except Refused as refusal:
        return {"refused": str(refusal), "flags": []}
    except UNREADABLE:
        return {"refused": "damaged", "flags": []}
    return {"refused": "", "flags": sorted(found.flags)}


def _look(source: BinaryIO, found: Sum, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused("bomb")
    size = source.seek(0, 2)
    with zipfile.ZipFile(source) as archive:
        listed = archive.infolist()
        found.entries += len(listed)
        if found.entries > MOST_ENTRIES or sum(one.compress_size for one in listed) > size:
            raise Refused("bomb")  # entries that share their bytes are how a small file becomes a large one
        _look_at_names(listed, found)
        for one in listed:
            _weigh(archive, one, found, depth)


def _look_at_names(listed: Iterable[zipfile.ZipInfo], found: Sum) -> None:
    for one in listed:
        if is_trick(one.orig_filename) or is_trick(one.filename):
            raise Refused("paths")
        if one.flag_bits & ENCRYPTED:
            raise Refused("encrypted")
        if stat.S_ISLNK(one.external_attr >> 16):
            if found.document:
                raise Refused("paths")
            found.flags.add("symlinks")


def is_trick(name: str) -> bool:
    """Whether unpacking the name could write somewhere else than below the folder that was chosen."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or bool(DRIVE.match(plain)) or ".." in plain.split("/") or "\0" in plain


def _weigh(archive: zipfile.ZipFile, one: zipfile.ZipInfo, found: Sum, depth: int) -> None:
    """Count what an entry comes to: by unpacking it, or by the word of the list where that would take too long."""
    name = one.filename.lower()
    if name.endswith(OTHER_ARCHIVES):
        found.flags.add("nested")
    if not found.document and name.endswith(ARCHIVES):
        found.flags.add("nested")
        _look(io.BytesIO(_unpacked(archive, one, found)), found, depth + 1)
    elif found.document:
        _count(archive, one, found)
    else:
        found.add(one.file_size)


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo, found: Sum) -> bytes:
    """An inner archive, in memory."""
    if one.file_size > MOST_INNER:
        raise Refused("nested_large")
    with archive.open(one) as inner:
        content = inner.read(MOST_INNER + 1)
    found.add(len(content))
    return content


def _count(archive: zipfile.ZipFile, one: zipfile.ZipInfo, found: Sum) -> None:
    """Unpack an entry to nowhere; its checksum and length have to be what the list says."""
    with archive.open(one) as inner:
        while piece := inner.read(PIECE):
            found.add(len(piece))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer, document=sys.argv[1:] == ["document"])))
