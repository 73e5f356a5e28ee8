"""A folder as storage."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from registry.storage.genuine import Seen
from registry.storage.incoming import Incoming, StorageAway, age, leftovers
from registry.storage.unfinished import LocalUnfinished, sync


class LocalStorage:
    """A folder: files/ab/abcdef..., with incoming/ and unfinished/ beside, on one file system: a rename is atomic."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.unfinished = LocalUnfinished(root)
        self.seen = Seen()

    def begin(self) -> Incoming:
        """A temporary file in the same file system. Raises StorageAway."""
        self.unfinished.require()
        return Incoming(self, self.incoming)

    def take(self, path: Path, sha256: str) -> None:
        """Rename, then make the folder's entry last as well."""
        target = self._path(sha256)
        new = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        sync(target.parent)
        if new:
            sync(target.parent.parent)
        self.unfinished.require()

    def open(self, sha256: str) -> BinaryIO:
        """The file."""
        path = self._path(sha256)
        try:
            return path.open("rb")
        except FileNotFoundError as error:
            raise self._gone(error) from error

    def mark(self, sha256: str) -> str:
        """From the folder: another file, other bytes or another length make another mark."""
        path = self._path(sha256)
        try:
            found = path.stat()
        except FileNotFoundError as error:
            raise self._gone(error) from error
        self.unfinished.require()
        return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"

    def size(self, sha256: str) -> int | None:
        """From the folder, without reading."""
        with suppress(FileNotFoundError):
            return self._path(sha256).stat().st_size
        return None

    def exists(self, sha256: str) -> bool:
        """Whether the file is there."""
        return self._path(sha256).exists()

    def names(self) -> Iterator[str]:
        """Every file, folder by folder, in order."""
        for folder in sorted(self.root.glob("files/??")):
            for path in sorted(folder.iterdir()):
                yield path.name

    def age(self, sha256: str) -> timedelta:
        """Since its last write: a second upload of the same bytes makes it young again."""
        return age(self._path(sha256))

    def remove(self, sha256: str) -> None:
        """Delete the file."""
        self._path(sha256).unlink(missing_ok=True)

    def leftovers(self, older_than: timedelta) -> list[Path]:
        """Temporary files of uploads that were cut."""
        return leftovers(self.incoming, older_than)

    def _gone(self, error: FileNotFoundError) -> OSError:
        """One file is missing, or all of them."""
        return error if (self.root / "files").is_dir() else StorageAway("the storage is not there")

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise FileNotFoundError(sha256)
        return self.root / "files" / sha256[:2] / sha256
