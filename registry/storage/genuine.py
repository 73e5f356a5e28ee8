"""Bytes are given out only as what they are named for: a file is read and hashed before its first reader gets it.

A disk or a bucket may lie: a bit turned, a file cut short, another in its place. What was found right is remembered by
a mark that changes when the bytes are written anew, so that a film is not read whole for every piece of it.
"""

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import BinaryIO

from registry.storage.incoming import Storage

REMEMBERED = 10_000  # files; a hundred bytes or so each
PIECE_BYTES = 1024 * 1024


class Corrupt(OSError):
    """The bytes under a name are not those they were named for."""


class Seen:
    """Which files were found right, by name and mark; the ones asked for longest ago are forgotten."""

    def __init__(self) -> None:
        self._marks: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def knows(self, sha256: str, mark: str) -> bool:
        """Whether these bytes were found right, and nothing was written since."""
        with self._lock:
            if self._marks.get(sha256) != mark:
                return False
            self._marks.move_to_end(sha256)
            return True

    def remember(self, sha256: str, mark: str) -> None:
        """They are right."""
        with self._lock:
            self._marks[sha256] = mark
            self._marks.move_to_end(sha256)
            if len(self._marks) > REMEMBERED:
                self._marks.popitem(last=False)


def opened(storage: Storage, sha256: str) -> BinaryIO:
    """The bytes, readable from any position. Raises FileNotFoundError, and Corrupt when they are others."""
    mark = storage.mark(sha256)
    if not storage.seen.knows(sha256, mark):
        _look(storage, sha256)
        storage.seen.remember(sha256, mark)
    return storage.open(sha256)


def _look(storage: Storage, sha256: str) -> None:
    found = hashlib.sha256()
    with storage.open(sha256) as source:
        while piece := source.read(PIECE_BYTES):
            found.update(piece)
    if found.hexdigest() != sha256:
        raise Corrupt(f"the bytes under {sha256} are others: their sha256 is {found.hexdigest()}")
