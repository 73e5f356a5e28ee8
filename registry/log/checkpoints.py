"""Checkpoints (C2SP tlog-checkpoint): how far the log has come and the root of its tree, signed with the log's key."""

import re
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session

from assessments import log, merkle
from assessments.clock import now
from assessments.models import LogHead, SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import log as queries
from registry import keys
from registry.keys import KeyUnavailable
from registry.log import notes
from registry.log.notes import Signer, Unreadable, Verifier

SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class Forked(Exception):
    """The tree does not begin with the tree that was signed before: nothing is signed until somebody has looked."""


@dataclass(frozen=True)
class Checkpoint:
    """What a signature on the log says."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{self.encoded_root}\n"

    @property
    def encoded_root(self) -> str:
        """The root as a checkpoint has it."""
        return b64encode(self.root).decode()

    @property
    def tree(self) -> tuple[int, bytes]:
        """Size and root, as the proofs take them."""
        return self.size, self.root


def renew(session: Session) -> bool:
    """Sign the head of the log when it grew since, in the caller's transaction; whether something was signed.

    Where no key is in force or this process cannot read it, the log grows and its checkpoint waits. Refuses (Forked)
    to sign a tree that does not begin with the one signed before.
    """
    signer = _signer(session)
    if signer is None:
        return False
    head = log.held(session)
    if head.size == head.signed_size:
        return False
    new = Checkpoint(signer.name, head.size, bytes.fromhex(head.root))
    _refuse_a_fork(session, head, new)
    head.checkpoint = notes.signed(new.text, signer)
    head.signed_size, head.signed_at = head.size, now()
    session.add(head)
    session.flush()
    return True


def current(head: LogHead) -> Checkpoint | None:
    """The checkpoint signed last; None before the first."""
    return parsed(notes.text_of(head.checkpoint)) if head.checkpoint else None


def opened(note: str, verifiers: Collection[Verifier]) -> Checkpoint:
    """A checkpoint from elsewhere. Refuses (Unreadable) what is none, (NotSigned) what these keys have not signed."""
    return parsed(notes.opened(note, verifiers))


def parsed(text: str) -> Checkpoint:
    """The text of a checkpoint taken apart. Refuses (Unreadable) what is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines) or not SIZE.fullmatch(lines[1]):
        raise Unreadable("This is no checkpoint.")
    try:
        root = b64decode(lines[2], validate=True)
    except ValueError as error:
        raise Unreadable("This is no checkpoint.") from error
    if len(root) != merkle.HASH:
        raise Unreadable("This is no checkpoint.")
    return Checkpoint(lines[0], int(lines[1]), root)


def verifiers(session: Session) -> list[Verifier]:
    """Every key that has signed the log, oldest first: what retired ones have signed still counts."""
    return [verifier_of(key) for key in keys.everyone(session) if key.purpose is KeyPurpose.LOG]


def verifier_of(key: SigningKey) -> Verifier:
    """A key of the log under the name that stands in its signatures."""
    raw = urlsafe_b64decode(key.public_jwk["x"] + "=")
    return Verifier(key.log_origin, Ed25519PublicKey.from_public_bytes(raw))


def _signer(session: Session) -> Signer | None:
    key = keys.active(session, KeyPurpose.LOG)
    try:
        return Signer(key.log_origin, keys.signer(key)) if key else None
    except KeyUnavailable:
        return None


def _refuse_a_fork(session: Session, head: LogHead, new: Checkpoint) -> None:
    before = current(head)
    if before is None:
        return
    try:
        proof = queries.consistency(session, before.size, new.size)
        follows = merkle.verify_consistency(before.tree, new.tree, proof)
    except (merkle.Incomplete, ValueError):
        follows = False
    if not follows or before.origin != new.origin:
        raise Forked(
            f"The log of {new.size} entries does not follow its checkpoint of {before.size}; nothing is signed."
        )
