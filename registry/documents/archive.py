"""A ZIP written piece by piece: memory stays the same however much there is, and the same data makes the same bytes."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

PIECE_BYTES = 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry, whenever it is packed
READABLE = 0o600 << 16

Alive = Callable[[], None]


@dataclass
class Archive:
    """A ZIP under way: every entry is hashed as it is written; whoever writes it adds the manifest as the last one."""

    zip: ZipFile
    alive: Alive  # called again and again while it goes on; raises when it should not
    entries: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, value: Any) -> None:
        """One entry of JSON: keys in order, UTF-8, so that the same data is the same text."""
        self.add_bytes(name, canonical(value))

    def add_bytes(self, name: str, content: bytes) -> None:
        """One entry made in memory: a document or a page."""
        self._write(name, iter([content]), ZIP_DEFLATED)

    def add_file(self, name: str, source: BinaryIO) -> None:
        """One entry of bytes, as they are."""
        self._write(name, iter(lambda: source.read(PIECE_BYTES), b""), ZIP_STORED)

    def _write(self, name: str, pieces: Iterator[bytes], compression: int) -> None:
        info = ZipInfo(name, EPOCH)
        info.compress_type, info.external_attr = compression, READABLE
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
                self.alive()
        self.entries.append({"name": name, "size": size, "sha256": digest.hexdigest()})


def canonical(value: Any) -> bytes:
    """A value as JSON: keys in order, UTF-8, one line a value; moments, days and ids as text."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=_plain)
    return (text + "\n").encode()


def measured(path: Path) -> tuple[str, int]:
    """sha256 and size of a finished file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest(), path.stat().st_size


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
