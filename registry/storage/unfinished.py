"""Bytes that arrive over several requests: what has been made safe of them, and the hand that adds to them."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from registry.storage.incoming import StorageAway, age, room

COPIED_AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class Arrived:
    """What a storage has made safe of an upload. Whoever asks for more keeps it, in a row of the upload."""

    name: str  # of the upload
    size: int = 0  # bytes that survive a power cut
    place: str = ""  # the storage's own word for where they are
    parts: tuple[str, ...] = ()  # the bucket's receipts for whole parts


class Arriving(Protocol):
    """One stretch of an upload on its way. Only what `secure` or `settle` returned counts; the rest never came."""

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises StorageFull when there is no room."""

    def secure(self) -> Arrived:
        """Make safe what can be made safe in the middle of a stretch."""

    def settle(self, *, last: bool) -> Arrived:
        """Make everything safe at the end of a stretch; `last` when nothing more will come."""

    def close(self) -> None:
        """Let go; what was not made safe is forgotten."""


class Unfinished(Protocol):
    """The place for uploads that are not yet files under their hash."""

    def start(self, name: str) -> Arrived:
        """A place for a new upload."""

    def grow(self, arrived: Arrived, *, aside: bool = False) -> Arriving:
        """Go on behind what arrived; `aside`: where nobody who still writes to the old place can reach."""

    def whole(self, arrived: Arrived) -> BinaryIO:
        """The bytes of a complete upload, readable from any position. Raises FileNotFoundError."""

    def adopt(self, path: Path, name: str) -> Arrived:
        """Make a whole local file a complete upload; the file is gone afterwards."""

    def share(self, arrived: Arrived, sha256: str) -> None:
        """Make a complete upload a file under its name as well; the upload stays until it is dropped."""

    def drop(self, arrived: Arrived) -> None:
        """Forget an upload; nothing happens when there is none."""

    def holds(self, arrived: Arrived) -> bool:
        """Whether the bytes that should be there are there."""

    def begun(self) -> Iterator[tuple[Arrived, timedelta]]:
        """Everything kept here, and how long ago it last changed: for finding what no row knows."""


class LocalArriving:
    """A file that is written on behind its safe end."""

    def __init__(self, path: Path, arrived: Arrived) -> None:
        self._arrived = arrived
        self._size = arrived.size
        self._file = path.open("r+b", buffering=0)
        self._file.truncate(arrived.size)  # what a stretch before this one left without making it safe
        self._file.seek(arrived.size)

    def write(self, chunk: bytes) -> None:
        """Write it whole; half a chunk does not count."""
        with room():
            left = memoryview(chunk)
            while left:
                left = left[self._file.write(left) :]
        self._size += len(chunk)

    def secure(self) -> Arrived:
        """Everything written so far, down to the disk."""
        with room():
            os.fsync(self._file.fileno())
        self._arrived = replace(self._arrived, size=self._size)
        return self._arrived

    def settle(self, *, last: bool) -> Arrived:
        """The same: a file has no parts."""
        del last
        return self.secure()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class LocalUnfinished:
    """A folder beside the files, on the same file system: a finished upload becomes a file by a second name."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / "unfinished"
        self._known = False

    def require(self) -> None:
        """Refuse (StorageAway) to begin anew where files have been: what is written now would vanish under the disk."""
        there = (self._root / "files").is_dir()
        if self._known and not there:
            raise StorageAway("the storage is not there")
        self._known = there

    def start(self, name: str) -> Arrived:
        """An empty file of a name that nobody guesses. Raises StorageAway."""
        self.require()
        place = f"{name}.{secrets.token_hex(8)}"
        self._folder.mkdir(parents=True, exist_ok=True)
        with room():
            (self._folder / place).open("xb").close()
            sync(self._folder)
        return Arrived(name, place=place)

    def grow(self, arrived: Arrived, *, aside: bool = False) -> LocalArriving:
        """Append to the file, or to a copy of what was safe."""
        if aside:
            arrived = self._copied(arrived)
        return LocalArriving(self._folder / arrived.place, arrived)

    def _copied(self, arrived: Arrived) -> Arrived:
        fresh = self.start(arrived.name)
        old, new = self._folder / arrived.place, self._folder / fresh.place
        with room(), old.open("rb") as source, new.open("wb") as target:
            left = arrived.size
            while left and (chunk := source.read(min(left, COPIED_AT_ONCE))):
                target.write(chunk)
                left -= len(chunk)
        return replace(arrived, place=fresh.place)

    def whole(self, arrived: Arrived) -> BinaryIO:
        """The file."""
        return (self._folder / arrived.place).open("rb")

    def adopt(self, path: Path, name: str) -> Arrived:
        """Rename it."""
        place = self.start(name).place
        size = path.stat().st_size
        path.replace(self._folder / place)
        sync(self._folder)
        return Arrived(name, size, place)

    def share(self, arrived: Arrived, sha256: str) -> None:
        """A second name for the same bytes; a copy where the file system knows no second names."""
        source, target = self._folder / arrived.place, self._root / "files" / sha256[:2] / sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f"{arrived.place}.shared"
        fresh.unlink(missing_ok=True)
        with room():
            try:
                os.link(source, fresh)
            except (OSError, NotImplementedError):
                shutil.copyfile(source, fresh)
            os.utime(fresh)  # young again: no sweep takes it before its row is written
            fresh.replace(target)
        fresh.unlink(missing_ok=True)  # where both were the same file already, a rename does nothing
        sync(target.parent)
        sync(target.parent.parent)

    def drop(self, arrived: Arrived) -> None:
        """Every file of the upload, those left aside too."""
        for path in self._folder.glob(f"{arrived.name}.*"):
            path.unlink(missing_ok=True)

    def holds(self, arrived: Arrived) -> bool:
        """Whether the file is there and long enough."""
        path = self._folder / arrived.place
        return path.is_file() and path.stat().st_size >= arrived.size

    def begun(self) -> Iterator[tuple[Arrived, timedelta]]:
        """Every file of the folder."""
        for path in sorted(self._folder.glob("*")):
            with suppress(FileNotFoundError):
                yield Arrived(path.name.partition(".")[0], path.stat().st_size, path.name), age(path)


def sync(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
