"""A sha256 worked out beside whoever hands over the bytes, so that receiving and hashing take one time, not two."""

import hashlib
from queue import Queue
from threading import Thread

AHEAD = 16  # pieces that may wait to be hashed: of 64 KB each, as uploads come, a megabyte
ALONE = 1024 * 1024  # bytes up to which no thread is worth its while


class Beside:
    """The hash of bytes that come one after the other; hashlib lets go of the interpreter while it works.

    Close it in the end, whatever happened: a thread may wait for more.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._waiting: Queue[bytes | None] = Queue(AHEAD)
        self._thread: Thread | None = None
        self._size = 0

    def update(self, piece: bytes) -> None:
        """Add bytes, which nobody may change afterwards; waits when the hash has fallen behind."""
        self._size += len(piece)
        if self._size <= ALONE:
            self._hash.update(piece)
            return
        if self._thread is None:
            self._thread = Thread(target=self._run, name="sha256", daemon=True)
            self._thread.start()
        self._waiting.put(piece)

    def hexdigest(self) -> str:
        """The hash of everything added so far."""
        self._waiting.join()
        return self._hash.hexdigest()

    def close(self) -> None:
        """End the thread, once it has hashed what it was given; the hash can still be asked for."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            self._hash.update(piece)
            self._waiting.task_done()
        self._waiting.task_done()
