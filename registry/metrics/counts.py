"""Counts of one process in a file that every other process of the machine can read: no port, no broker, no lock.

A file holds records of fixed length: a key, how often, how many seconds together. Only its own process writes to it;
whoever is asked for the numbers reads all files, so that it does not matter which process answers.
"""

import mmap
import os
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

RECORD = struct.Struct("<104sdd")
MOST = 2_000  # different keys of one process; what comes after them is counted under OTHER
OTHER = "other"
ENDING = ".counts"


@dataclass(frozen=True)
class Count:
    """One record: of which process, of what, how often, and the seconds together."""

    process: int
    key: str
    times: float
    seconds: float


@dataclass
class Counts:
    """The counts of this process; opened when the first one comes, and anew after a fork."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _process: int = 0
    _places: dict[str, int] = field(default_factory=dict)
    _kept: mmap.mmap | None = None

    def add(self, seconds: float, *keys: str) -> None:
        """Count one more of each key, with the seconds it took."""
        with self._lock:
            kept = self._opened()
            for key in keys:
                at = self._place(kept, key)
                name, times, total = RECORD.unpack_from(kept, at)
                RECORD.pack_into(kept, at, name, times + 1, total + seconds)

    def all(self) -> Iterator[Count]:
        """The counts of every process of this machine that still runs, this one's among them."""
        with self._lock:
            own = bytes(self._opened())
        yield from _read(os.getpid(), own)
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            process = _process_of(path)
            if process != os.getpid() and _runs(process):
                yield from _read(process, path.read_bytes())

    def _opened(self) -> mmap.mmap:
        if self._kept is None or self._process != os.getpid():
            self._process, self._places = os.getpid(), {}
            self._kept = _own(self.folder, self._process)
        return self._kept

    def _place(self, kept: mmap.mmap, key: str) -> int:
        if key not in self._places and len(self._places) >= MOST:
            key = OTHER
        if key not in self._places:
            at = self._places[key] = len(self._places) * RECORD.size
            RECORD.pack_into(kept, at, key.encode()[:104], 0.0, 0.0)
        return self._places[key]


def _own(folder: Path, process: int) -> mmap.mmap:
    """The file of this process, empty; memory of its own where the folder takes nothing: others do not see it then."""
    size = (MOST + 1) * RECORD.size
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob(f"*{ENDING}"):
            if not _runs(_process_of(path)):
                path.unlink(missing_ok=True)
        with (folder / f"{process}{ENDING}").open("w+b") as file:
            file.truncate(size)
            return mmap.mmap(file.fileno(), size)
    except OSError:
        return mmap.mmap(-1, size)


def _read(process: int, content: bytes) -> Iterator[Count]:
    for key, times, seconds in RECORD.iter_unpack(content[: len(content) - len(content) % RECORD.size]):
        if not key[0]:
            return
        yield Count(process, key.rstrip(b"\0").decode("utf-8", "replace"), times, seconds)


def _process_of(path: Path) -> int:
    name = path.name.removesuffix(ENDING)
    return int(name) if name.isdigit() else 0


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return process > 0
