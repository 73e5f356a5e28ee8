"""Seals short secrets before they reach a table, each purpose with keys of its own, and opens them again.

AES-256-GCM with keys made by HKDF (RFC 5869) from the settings; the purpose is in the key, the row's id is bound into
the seal, so that nothing sealed for one place opens in another. A seal names its key: the first key of the settings
seals, the others only open, and so a key can be replaced without touching a row.
"""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

TEST_ACCESS = "test access"  # a purpose
COMPLAINT = "complaint"  # how to reach whoever complains about the club
MISUSE = "misuse"  # how to reach whoever reports a misuse of the mark
SENT_TO = "sent to"  # the address that a page says a letter went to, on its way in a cookie
ONE_TIME_CODES = "one-time codes"  # what a person's app makes its codes from
SUBSCRIPTION = "subscription"  # where news of changes goes, and what signs it

VERSION = "1"
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_LENGTH = 8  # of the key's name, in hexadecimal


class Unreadable(Exception):
    """The key is no longer among the settings, or the seal is not the one that was made for this place."""


class Ring:
    """The keys of one purpose: the first seals, every one opens."""

    def __init__(self, secrets_given: Iterable[str], purpose: str) -> None:
        derived = [_derive(secret, purpose) for secret in secrets_given]
        self._keys = {_name_of(key): AESGCM(key) for key in derived}
        self._first = _name_of(derived[0])

    def seal(self, text: str, place: str) -> str:
        """The text as nobody can read it, for one place (a row's id) only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self._keys[self._first].encrypt(nonce, text.encode(), place.encode())
        return f"{VERSION}.{self._first}.{urlsafe_b64encode(nonce + hidden).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text again. Raises Unreadable."""
        version, _, rest = sealed.partition(".")
        name, _, body = rest.partition(".")
        if version != VERSION or name not in self._keys:
            raise Unreadable
        try:
            content = urlsafe_b64decode(body)
            return self._keys[name].decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def is_newest(self, sealed: str) -> bool:
        """Whether a seal was made with the key that seals now."""
        return sealed.split(".")[:2] == [VERSION, self._first]

    def renewed(self, sealed: str, place: str) -> str:
        """The same text under the key that seals now. Raises Unreadable."""
        return self.seal(self.open(sealed, place), place)


def ring(purpose: str) -> Ring:
    """The keys of a purpose by the settings: those of ENCRYPTION_KEY in their order, and SECRET_KEY after them.

    SECRET_KEY seals where no other key is set, and opens what it sealed until then, as do those of SECRET_KEY_OLD.
    """
    settings = current_app.config["SETTINGS"]
    return Ring((*settings.encryption_key, settings.secret_key, *settings.secret_key_old), purpose)


def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=b"registry.sealed", info=purpose.encode()).derive(secret.encode())


def _name_of(key: bytes) -> str:
    """What a seal calls its key; says nothing about it."""
    return hashlib.sha256(b"name of " + key).hexdigest()[:NAME_LENGTH]
