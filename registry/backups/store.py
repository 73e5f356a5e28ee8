"""A folder of backups: files by hash that all of them share, and one manifest for each.

    store.json      the format, and what the key takes, if it is sealed
    blobs/ab/...    files and copies of databases, named by what is in them
    manifests/      one file a backup, named by its moment; a backup is there when its manifest is
    incoming/       what is being written

Everything is written under a name of its own, brought to the disk and renamed: whoever is killed leaves something in
`incoming`, which the next one sweeps, and nothing that an older backup stands on is ever written again.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from registry.backups import sealing
from registry.backups.refusal import Refused
from registry.backups.sealing import Lock, Plain, Sealed
from registry.storage.unfinished import sync

FORMAT = 1
NAME = "store.json"


@dataclass(frozen=True)
class Key:
    """What the operator gave to seal with: nothing, the content of a key file, or a passphrase."""

    kind: str = ""
    given: bytes = b""


class Store:
    """One folder, opened with its key."""

    def __init__(self, root: Path, lock: Lock) -> None:
        self.root, self.lock = root, lock

    @property
    def is_sealed(self) -> bool:
        """Whether nobody reads it without the key."""
        return isinstance(self.lock, Sealed)

    def has(self, sha256: str, size: int) -> bool:
        """Whether a file is there, as long as it should be."""
        path = self._blob(self.lock.name(sha256))
        return path.exists() and path.stat().st_size == self.lock.length(size)

    def put(self, sha256: str, size: int, pieces: Iterable[bytes]) -> bool:
        """Keep a file, unless it is there already; returns whether it was written."""
        if self.has(sha256, size):
            return False
        name = self.lock.name(sha256)
        self._write(self._blob(name), self.lock.close(_checked(pieces, sha256), name))
        return True

    def get(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file. Raises sealing.Changed where they are not those, FileNotFoundError where none are."""
        name = self.lock.name(sha256)
        with self._blob(name).open("rb") as source:
            yield from _compared(self.lock.open(source, name), sha256)

    def manifests(self) -> list[str]:
        """The names of all backups, the oldest first."""
        return sorted(path.name for path in (self.root / "manifests").glob("*"))

    def write_manifest(self, name: str, pieces: Iterable[bytes]) -> None:
        """Make a backup be there: last of all."""
        self._write(self.root / "manifests" / name, self.lock.close(pieces, f"manifest {name}"))

    @contextmanager
    def manifest(self, name: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a manifest. Refuses (Refused) one that is not there."""
        path = self.root / "manifests" / name
        if "/" in name or not path.exists():
            raise Refused(f"There is no backup {name} in {self.root}; see: flask --app registry backup list")
        with path.open("rb") as source:
            yield self.lock.open(source, f"manifest {name}")

    def forget(self, name: str) -> None:
        """Take a backup away; its files stay until they are swept."""
        (self.root / "manifests" / name).unlink()
        sync(self.root / "manifests")

    def blobs(self) -> Iterator[Path]:
        """Every file that is kept for some backup."""
        for folder in sorted((self.root / "blobs").glob("??")):
            yield from sorted(folder.iterdir())

    def sweep_incoming(self) -> None:
        """Remove what somebody who was killed has left: only while nobody else writes."""
        for path in (self.root / "incoming").glob("*"):
            path.unlink()

    @contextmanager
    def held(self, *, writing: bool) -> Iterator[None]:
        """Nobody removes while somebody reads, and one writes at a time. Refuses (Refused) while another is at it."""
        with (self.root / NAME).open("rb") as handle:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if writing else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except OSError as error:
                raise Refused(f"Another command is at work in {self.root}; try again when it has ended.") from error
            yield

    def _blob(self, name: str) -> Path:
        return self.root / "blobs" / name[:2] / name

    def _write(self, path: Path, pieces: Iterable[bytes]) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, pieces, self.root / "incoming" / secrets.token_hex(16))


def open_store(root: Path, key: Key, *, create: bool = False) -> Store:
    """The folder with its key. Refuses (Refused) what is no folder of backups, one that is newer, and a wrong key."""
    if not (root / NAME).exists():
        if not create:
            raise Refused(f"There are no backups in {root}.")
        _begin(root, key)
    try:
        told = json.loads((root / NAME).read_text("utf-8"))
        if told["format"] > FORMAT:
            raise Refused(f"{root} was written by a newer version of this program (format {told['format']}).")
        return Store(root, _lock_of(root, told["sealed"], key))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{root / NAME} cannot be read: it was cut or changed.") from error


def _begin(root: Path, key: Key) -> None:
    if root.exists() and any(path.name != "incoming" for path in root.iterdir()):
        raise Refused(f"{root} holds something else; give a folder of its own.")
    for name in ("blobs", "manifests", "incoming"):
        (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    root.chmod(0o700)
    sealed = sealing.beginning(key.kind) if key.kind else None
    if sealed is not None:
        sealed["mark"] = _made(key, sealed).mark
    content = json.dumps({"format": FORMAT, "sealed": sealed}, indent=1) + "\n"
    write_whole(root / NAME, [content.encode()], root / "incoming" / secrets.token_hex(16))


def _lock_of(root: Path, told: dict[str, Any] | None, key: Key) -> Lock:
    if told is None:
        if key.kind:
            raise Refused(f"{root} is not sealed: give another folder, or no key.")
        return Plain()
    if key.kind != told["key"]:
        wanted = "--key-file" if told["key"] == "file" else "--passphrase"
        raise Refused(f"{root} is sealed: give its key with {wanted}.")
    made = _made(key, told)
    if made.mark != told["mark"]:
        raise Refused(f"That is not the key of {root}.")
    return made


def _made(key: Key, told: dict[str, Any]) -> Sealed:
    if key.kind == "file":
        return sealing.of_key_file(key.given, told)
    return sealing.of_passphrase(key.given.decode(), told)


def write_whole(path: Path, pieces: Iterable[bytes], under_way: Path) -> None:
    """Write a file so that it is there whole or not at all, and stays when the power goes."""
    try:
        with _fresh(under_way) as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        under_way.replace(path)
    finally:
        under_way.unlink(missing_ok=True)
    sync(path.parent)
    sync(path.parent.parent)


def _fresh(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _checked(pieces: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The bytes that come from the registry. Refuses (Refused) others than their name says: fsck tells more."""
    try:
        yield from _compared(pieces, sha256)
    except sealing.Changed as error:
        raise Refused(f"File {sha256} holds other bytes than it was stored with; run fsck.") from error


def _compared(pieces: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if found.hexdigest() != sha256:
        raise sealing.Changed
