"""The way in: what a storage promises, and the temporary file that bytes pass through on their way."""

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from registry.storage.beside import Beside

if TYPE_CHECKING:
    from registry.storage.genuine import Seen
    from registry.storage.unfinished import Arrived, Unfinished

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
EARLY_BYTES = 4 * 1024 * 1024  # what has come is on its way to the disk in such stretches, before anybody waits for it


class StorageFull(OSError):
    """There is no room for what is being stored; nothing of it was kept."""


class StorageAway(OSError):
    """The whole storage is not where it was: a disk that is not mounted, a folder moved away."""


class Storage(Protocol):
    """A place for bytes. Names are sha256 in hexadecimal; the same bytes have one place."""

    seen: "Seen"  # what was found right of what is kept here

    def begin(self) -> "Incoming":
        """A temporary place for bytes that arrive."""

    def take(self, path: Path, sha256: str) -> None:
        """Make a complete local file last under its name; the file is gone afterwards."""

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, readable from any position. Raises FileNotFoundError."""

    def mark(self, sha256: str) -> str:
        """Something that changes when the bytes under a name are written anew. Raises FileNotFoundError."""

    def size(self, sha256: str) -> int | None:
        """How many bytes there are under the name; None when there is nothing."""

    def exists(self, sha256: str) -> bool:
        """Whether something is kept under the name."""

    def names(self) -> Iterator[str]:
        """The name of everything kept."""

    def age(self, sha256: str) -> timedelta:
        """How long ago the bytes last arrived. Raises FileNotFoundError."""

    def remove(self, sha256: str) -> None:
        """Forget the bytes; nothing happens when there are none."""

    def leftovers(self, older_than: timedelta) -> list[Path]:
        """Temporary files that nobody writes any more."""

    @property
    def unfinished(self) -> "Unfinished":
        """Where uploads grow that arrive over several requests."""


class Incoming:
    """Bytes on their way in: hashed and counted as they come, on disk under a name that nobody reads.

    Use it in a `with` block: whatever was not kept is discarded at its end.
    """

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._hash = Beside()
        self.path = folder / secrets.token_hex(16)
        self.size = 0
        self._on_its_way = 0
        with room():
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("xb", buffering=0)

    def write(self, chunk: bytes) -> int:
        """Add bytes. Raises StorageFull when there is no room."""
        with room():
            left = memoryview(chunk)
            while left:
                left = left[self._file.write(left) :]
        self._hash.update(chunk)
        self.size += len(chunk)
        if self.size - self._on_its_way >= EARLY_BYTES:
            begin_writing(self._file.fileno(), self._on_its_way, self.size)
            self._on_its_way = self.size
        return len(chunk)

    @property
    def sha256(self) -> str:
        """The hash of what has arrived so far."""
        return self._hash.hexdigest()

    def reader(self) -> BinaryIO:
        """What has arrived so far, to look into before it is kept."""
        return self.path.open("rb")

    def keep(self) -> tuple[str, int]:
        """Make it last: on disk first, then under its name. Returns sha256 and size. Raises StorageFull."""
        with room():
            os.fsync(self._file.fileno())
            self._file.close()
            self._storage.take(self.path, self.sha256)
        return self.sha256, self.size

    def wait(self, name: str) -> "tuple[Arrived, str]":
        """Let it wait as a complete upload of that name. Returns where it is, and its sha256. Raises StorageFull."""
        with room():
            os.fsync(self._file.fileno())
            self._file.close()
            arrived = self._storage.unfinished.adopt(self.path, name)
        return arrived, self.sha256

    def discard(self) -> None:
        """Leave nothing behind; after `keep` there is nothing to leave."""
        self._hash.close()
        with suppress(OSError):  # of a disk that fails: what it would say belongs to bytes that nobody wants
            self._file.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> "Incoming":
        return self

    def __exit__(self, *_error: object) -> None:
        self.discard()


@contextmanager
def room() -> Iterator[None]:
    """Turn the system's "no room" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull(error.errno, "no room to store the file") from error
        raise


def begin_writing(handle: int, begin: int, end: int) -> None:
    """Have a stretch of a file written to the disk from now on, so that fsync finds little to wait for at the end.

    Advice only: what counts is the fsync. Linux begins to write what it is told will not be needed; the stretch itself
    stays in its memory until it is written.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(handle, begin, end - begin, os.POSIX_FADV_DONTNEED)


def leftovers(folder: Path, older_than: timedelta) -> list[Path]:
    """The files of a folder of temporary files that were last written so long ago."""
    found = []
    for path in sorted(folder.glob("*")):
        with suppress(FileNotFoundError):
            if age(path) >= older_than:
                found.append(path)
    return found


def age(path: Path) -> timedelta:
    """How long ago a file was last written."""
    return timedelta(seconds=max(0.0, time.time() - path.stat().st_mtime))
