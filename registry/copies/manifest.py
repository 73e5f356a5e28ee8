"""What lies in a copy: one line a file with what it was made of, so that the next run knows what is already there."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

LEVEL = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: what it was made of (without its stamp), its type, and the last day its stamp names ("" without)."""

    source: str
    media_type: str
    until: str = ""


@dataclass
class Manifest:
    """All of a copy by the name of the file, and what it was made from; equal copies have equal manifests."""

    basis: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)

    def packed(self) -> bytes:
        """As it is kept."""
        lines = [json.dumps(self.basis, sort_keys=True)]
        lines += [json.dumps([name, one.source, one.media_type, one.until]) for name, one in sorted(self.files.items())]
        return gzip.compress("\n".join(lines).encode(), LEVEL, mtime=0)


def unpacked(raw: bytes) -> Manifest:
    """Read one that was kept."""
    first, *lines = gzip.decompress(raw).decode().split("\n")
    files = {}
    for line in lines:
        name, source, media_type, until = json.loads(line)
        files[name] = Kept(source, media_type, until)
    return Manifest(json.loads(first), files)
