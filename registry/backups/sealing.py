"""How what lies in a backup is kept: as it is, or sealed with AES-256-GCM piece by piece.

A sealed file has a salt and a key of its own (HKDF from the key of the folder). Each piece is sealed under its number
and whether it is the last, so that pieces that are missing, moved, doubled or from another file are found; the file's
place is bound in, so that none opens under the name of another. The key of the folder comes from a key file (HKDF) or a
passphrase (scrypt); what it takes stands in `store.json`, the key never does.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from registry.backups.refusal import Refused

MAGIC = b"vcsc sealed backup 1\n"
PIECE = 1024 * 1024
TAG = 16
SALT = 16
COUNTER = 11  # bytes of a nonce; the twelfth says whether a piece is the last
COST = {"n": 2**17, "r": 8, "p": 1}  # of scrypt: 128 MB and some tenths of a second, once a command
MOST = {"n": 2**20, "r": 16, "p": 4}  # what a folder may ask for
LEAST_LETTERS = 16  # of a passphrase
LEAST_KEY = 32  # bytes of a key file


class Changed(Exception):
    """What was read is not what was written, or was written with another key."""


class Lock(Protocol):
    """What a folder's files are written and read with."""

    def name(self, sha256: str) -> str:
        """What a file is called in the folder."""

    def length(self, size: int) -> int:
        """How many bytes a file of that size takes in the folder."""

    def close(self, pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
        """The bytes as they are kept."""

    def open(self, source: BinaryIO, place: str) -> Iterator[bytes]:
        """The bytes again. Raises Changed."""


class Plain:
    """Nothing is sealed: whoever reads the folder reads everything."""

    def name(self, sha256: str) -> str:
        """By the hash of what is in it."""
        return sha256

    def length(self, size: int) -> int:
        """As it is."""
        return size

    def close(self, pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
        """As they come."""
        yield from pieces

    def open(self, source: BinaryIO, place: str) -> Iterator[bytes]:
        """As they are; whoever reads compares the hash."""
        while piece := source.read(PIECE):
            yield piece


class Sealed:
    """Everything is sealed with one key, names included: a name says nothing of the file."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._naming = _derived(key, b"", b"names")

    @property
    def mark(self) -> str:
        """Tells the right key from a wrong one before anything is read; says nothing about it."""
        return hmac.new(self._naming, b"mark of this key", hashlib.sha256).hexdigest()

    def name(self, sha256: str) -> str:
        """A keyed hash."""
        return hmac.new(self._naming, sha256.encode(), hashlib.sha256).hexdigest()

    def length(self, size: int) -> int:
        """With head and tags."""
        return len(MAGIC) + SALT + size + TAG * max(1, -(-size // PIECE))

    def close(self, pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
        """Sealed piece by piece."""
        salt = secrets.token_bytes(SALT)
        cipher = self._cipher(salt)
        yield MAGIC + salt
        for number, (piece, last) in enumerate(_marked(_even(pieces))):
            yield cipher.encrypt(_nonce(number, last=last), piece, place.encode())

    def open(self, source: BinaryIO, place: str) -> Iterator[bytes]:
        """Opened piece by piece; nothing of a changed piece is given out."""
        head = source.read(len(MAGIC) + SALT)
        if len(head) < len(MAGIC) + SALT or not head.startswith(MAGIC):
            raise Changed
        cipher = self._cipher(head[len(MAGIC) :])
        sealed = iter(lambda: source.read(PIECE + TAG), b"")
        count = 0
        for number, (piece, last) in enumerate(_marked(sealed)):
            try:
                yield cipher.decrypt(_nonce(number, last=last), piece, place.encode())
            except (InvalidTag, ValueError) as error:
                raise Changed from error
            count += 1
        if not count:
            raise Changed

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(_derived(self._key, salt, b"file"))


def of_key_file(content: bytes, told: dict[str, Any]) -> Sealed:
    """The lock of a folder whose key is in a file. Refuses (Refused) a key that is too short."""
    if len(content.strip()) < LEAST_KEY:
        raise Refused(
            f"The key file holds less than {LEAST_KEY} bytes; make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return Sealed(_derived(content.strip(), b64decode(told["salt"]), b"folder"))


def of_passphrase(words: str, told: dict[str, Any]) -> Sealed:
    """The lock of a folder whose key comes out of a passphrase (scrypt). Refuses (Refused) a short one."""
    if len(words) < LEAST_LETTERS:
        raise Refused(f"A passphrase has at least {LEAST_LETTERS} characters: some words that do not belong together.")
    cost = {name: int(told[name]) for name in COST}
    if any(cost[name] > MOST[name] for name in COST):
        raise Refused("The folder asks for more memory than any backup of this program needs: store.json was changed.")
    return Sealed(Scrypt(b64decode(told["salt"]), 32, **cost).derive(words.encode()))


def beginning(kind: str) -> dict[str, Any]:
    """What a new folder says of its key: a fresh salt, and for a passphrase what deriving costs."""
    told: dict[str, Any] = {"key": kind, "salt": b64encode(secrets.token_bytes(SALT)).decode()}
    return {**told, **COST} if kind == "passphrase" else told


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=salt or None, info=b"registry.backups " + purpose).derive(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(COUNTER, "big") + (b"\1" if last else b"\0")


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of one length but for the last; one empty piece for nothing."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    yield bytes(held)


def _marked(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last."""
    coming = iter(pieces)
    held = next(coming, None)
    while held is not None:
        following = next(coming, None)
        yield held, following is None
        held = following
