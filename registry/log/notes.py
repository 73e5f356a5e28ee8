"""Signed notes (C2SP signed-note): a text, and below it the lines of those who signed it, with Ed25519."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"  # the type of signature, as it enters the key's id
ID = 4  # bytes of that id
DASH = "— "
LARGEST = 1_000_000  # characters of a note that is looked at
KEY = 32  # bytes of a public key


class Unreadable(Exception):
    """This is no note of the kind that was asked for."""


class NotSigned(Exception):
    """No signature of a known key is on the note, or one that does not fit its text."""


@dataclass(frozen=True)
class Verifier:
    """A public key under its name."""

    name: str
    key: Ed25519PublicKey

    @property
    def id(self) -> bytes:
        """What its signatures begin with."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + _raw(self.key)).digest()[:ID]

    @property
    def text(self) -> str:
        """The key as others keep it: name, id and key, parted by +."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + _raw(self.key)).decode()}"


@dataclass(frozen=True)
class Signer:
    """A private key under its name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, self.key.public_key())


def signed(text: str, signer: Signer) -> str:
    """The note of a text, which ends with a line feed."""
    signature = b64encode(signer.verifier.id + signer.key.sign(text.encode())).decode()
    return f"{text}\n{DASH}{signer.name} {signature}\n"


def opened(note: str, verifiers: Collection[Verifier]) -> str:
    """The text of a note. Refuses (Unreadable) what is no note, (NotSigned) one without a good signature of these keys.

    One bad signature of a known key is enough to refuse a note; those of unknown keys count for nothing.
    """
    text, lines = _taken_apart(note)
    known = {(one.name, one.id): one for one in verifiers}
    good = False
    for name, given in lines:
        verifier = known.get((name, given[:ID]))
        if verifier is not None:
            _check(verifier, given[ID:], text)
            good = True
    if not good:
        raise NotSigned("No known key has signed this.")
    return text


def text_of(note: str) -> str:
    """The text of a note whoever signed it. Refuses (Unreadable) what is no note."""
    return _taken_apart(note)[0]


def verifier_from(text: str) -> Verifier:
    """A public key as others keep it. Refuses (Unreadable) what is none."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not _is_name(name) or raw[:1] != ED25519 or len(raw) != KEY + 1:
        raise Unreadable("This is no key of a log: name, id and key, parted by +.")
    found = Verifier(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
    if found.id.hex() != key_id:
        raise Unreadable("The id of this key is that of another one.")
    return found


def _taken_apart(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, parting, below = note.rpartition("\n\n")
    if not parting or len(note) > LARGEST or not below.endswith("\n") or _has_control_characters(note):
        raise Unreadable("This is no signed note.")
    return text + "\n", [_signature(line) for line in below[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    name, parting, encoded = line.removeprefix(DASH).partition(" ")
    given = _decoded(encoded)
    if not line.startswith(DASH) or not parting or not _is_name(name) or len(given) <= ID:
        raise Unreadable("This is no signed note.")
    return name, given


def _check(verifier: Verifier, signature: bytes, text: str) -> None:
    try:
        verifier.key.verify(signature, text.encode())
    except InvalidSignature as error:
        raise NotSigned(f"The signature of {verifier.name} does not fit the text.") from error


def _decoded(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except ValueError as error:
        raise Unreadable("This is no base64.") from error


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(one.isspace() for one in name)


def _has_control_characters(note: str) -> bool:
    return any(one < " " and one != "\n" for one in note)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
