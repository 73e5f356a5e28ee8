"""Proofs as text: that an entry is in the log (C2SP tlog-proof), and that the log only grew (C2SP tlog-witness)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from sqlmodel import Session

from assessments import merkle
from assessments.models import LogEntry, LogHead
from assessments.queries import log as queries
from registry.log import checkpoints
from registry.log.checkpoints import Checkpoint
from registry.log.notes import Unreadable

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LARGEST = 1_000_000  # characters of a proof that is looked at


@dataclass(frozen=True)
class Proof:
    """An entry with the way from it to the root of a signed tree: all that is needed to check it without us."""

    index: int
    body: bytes  # the exact leaf; it travels as `extra`, and is what it says when the proof holds for its hash
    path: tuple[bytes, ...]
    note: str  # the signed checkpoint

    @property
    def text(self) -> str:
        """As C2SP writes it."""
        lines = [FIRST_LINE, f"extra {_encoded(self.body)}", f"index {self.index}", *self.encoded_path]
        return "\n".join([*lines, "", self.note])

    @property
    def encoded_path(self) -> list[str]:
        """The hashes on the way, from the entry's neighbour upwards."""
        return [_encoded(one) for one in self.path]

    def holds(self, checkpoint: Checkpoint) -> bool:
        """Whether the entry is in the tree of a checkpoint whose signature was looked at before."""
        return merkle.verify_inclusion(merkle.leaf_hash(self.body), self.index, checkpoint.tree, self.path)


def of_entry(session: Session, head: LogHead, entry: LogEntry) -> Proof | None:
    """The proof of an entry under the checkpoint signed last; None while no checkpoint covers it. One statement."""
    if entry.index >= head.signed_size:
        return None
    path = queries.inclusion(session, entry.index, head.signed_size)
    return Proof(entry.index, entry.body.encode(), tuple(path), head.checkpoint)


def growth(session: Session, head: LogHead, old: int) -> str:
    """The proof that the log of `old` entries is the beginning of that of the checkpoint signed last, with it."""
    path = queries.consistency(session, old, head.signed_size)
    return "\n".join([f"old {old}", *map(_encoded, path), "", head.checkpoint])


def read(text: str) -> Proof:
    """A proof from elsewhere. Refuses (Unreadable) what is none; believe nothing in it before it is checked."""
    above, parting, note = text.partition("\n\n")
    first, *lines = above.split("\n")
    if not parting or first != FIRST_LINE or len(text) > LARGEST:
        raise Unreadable("This is no proof of a log.")
    body = _decoded(_after("extra ", lines))
    index = _after("index ", lines)
    if not checkpoints.SIZE.fullmatch(index):
        raise Unreadable("This is no proof of a log.")
    return Proof(int(index), body, tuple(_decoded(one) for one in lines), note)


def _after(word: str, lines: list[str]) -> str:
    if not lines or not lines[0].startswith(word):
        raise Unreadable("This is no proof of a log.")
    return lines.pop(0).removeprefix(word)


def _encoded(one: bytes) -> str:
    return b64encode(one).decode()


def _decoded(one: str) -> bytes:
    try:
        return b64decode(one, validate=True)
    except ValueError as error:
        raise Unreadable("This is no proof of a log.") from error
