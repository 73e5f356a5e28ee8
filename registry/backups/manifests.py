"""The manifest of a backup: what it holds, line by line, and at its end a hash of all lines before."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from registry import revisions
from registry.backups.refusal import Refused
from registry.backups.sealing import Changed
from registry.backups.store import Store

FORMAT = 1
LONGEST = 4 * 1024 * 1024  # bytes of a line


@dataclass(frozen=True)
class Head:
    """The first line."""

    made_at: str
    revision: str
    database: dict[str, Any]  # kind, sha256, size
    tables: str  # digest of every row, whichever database holds it
    checkpoint: str  # of the public log
    keys: list[dict[str, Any]]  # public
    private_keys: dict[str, str] = field(default_factory=dict)  # only where it was asked for, and only sealed
    format: int = FORMAT


@dataclass(frozen=True)
class Held:
    """A file of the backup; `gone`: its bytes were lost before it was made."""

    sha256: str
    size: int
    gone: bool = False


def lines(head: Head, files: Iterator[Held]) -> Iterator[bytes]:
    """The whole manifest, in pieces."""
    found, count = hashlib.sha256(), 0
    first = json.dumps(asdict(head), ensure_ascii=False).encode() + b"\n"
    found.update(first)
    yield first
    for one in files:
        line = json.dumps([one.sha256, one.size, one.gone]).encode() + b"\n"
        found.update(line)
        count += 1
        yield line
    yield json.dumps({"files": count, "sha256": found.hexdigest()}).encode() + b"\n"


@contextmanager
def opened(store: Store, name: str) -> Iterator[tuple[Head, Iterator[Held]]]:
    """Head and files of a backup. Refuses (Refused) a manifest that was cut or changed, or is newer, as it is read."""
    with store.manifest(name) as pieces, _in_words(name):
        found = hashlib.sha256()
        told = _lines(pieces)
        first = next(told, b"")
        found.update(first)
        head = _head(name, json.loads(first))
        yield head, _files(name, told, found)


def require_whole(store: Store, name: str) -> Head:
    """Read a manifest to its end. Refuses (Refused) what `opened` refuses."""
    with opened(store, name) as (head, files):
        for _one in files:
            pass
        return head


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except (Changed, ValueError, KeyError, TypeError) as error:
        raise Refused(f"The manifest of {name} was cut or changed: nothing of this backup can be trusted.") from error


def _head(name: str, told: dict[str, Any]) -> Head:
    if told["format"] > FORMAT:
        raise Refused(f"{name} was made by a newer version of this program (format {told['format']}): update first.")
    head = Head(**told)
    if head.revision not in revisions.known():
        raise Refused(
            f"{name} was made by a newer version of this program (its database is at {head.revision}, "
            f"this program knows up to {revisions.head()}): install that version first."
        )
    return head


def _files(name: str, told: Iterator[bytes], found: Any) -> Iterator[Held]:
    """Every file, and at the end whether all lines were there."""
    count, last = 0, None
    with _in_words(name):
        for line in told:
            if last is not None:
                raise Changed
            one = json.loads(line)
            if isinstance(one, dict):
                last = one
                continue
            found.update(line)
            count += 1
            yield Held(*one)
        if last != {"files": count, "sha256": found.hexdigest()}:
            raise Changed


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"\n")
        if len(held) > LONGEST:
            raise Changed
        yield from (line + b"\n" for line in whole)
    if held:
        raise Changed
