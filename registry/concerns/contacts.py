"""Seals how to reach whoever reports a concern, so that it takes two steps by two people to open it.

The contact is sealed with a key made for it alone. That key is kept as two halves, neither of which says anything
without the other, each sealed under keys of its own (CONCERN_KEY, apart from every other). Whoever asks for an opening
takes out the first half, whoever confirms it the second, both sealed anew for that opening; only both open the contact.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from registry.sealed import KEY_BYTES, NONCE_BYTES, Ring, Unreadable

ASKING, CONFIRMING = "concern contact, asking", "concern contact, confirming"
VERSION = "1"
PARTS = 4  # version, both halves, the contact


def are_taken() -> bool:
    """Whether this site has a key for contacts; without one the form asks for none."""
    return bool(current_app.config["SETTINGS"].concern_key)


def seal(text: str, place: str) -> str:
    """The contact as nobody can read it alone, for one place (a row's id) only."""
    key, first = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    second = bytes(one ^ other for one, other in zip(key, first, strict=True))
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    halves = (ring_of(ASKING).seal(_written(first), place), ring_of(CONFIRMING).seal(_written(second), place))
    return "|".join([VERSION, *halves, _written(nonce + hidden)])


def is_newest(sealed: str) -> bool:
    """Whether both halves lie under the key that seals now. Raises Unreadable."""
    _, first, second, _ = _parts(sealed)
    return ring_of(ASKING).is_newest(first) and ring_of(CONFIRMING).is_newest(second)


def renewed(sealed: str, place: str) -> str:
    """Both halves sealed anew; what they open stays as it is, and nobody puts them together. Raises Unreadable."""
    version, first, second, hidden = _parts(sealed)
    halves = (ring_of(ASKING).renewed(first, place), ring_of(CONFIRMING).renewed(second, place))
    return "|".join([version, *halves, hidden])


def half_of_who_asks(sealed: str, place: str, opening: str) -> str:
    """The first half, sealed anew for one opening. Raises Unreadable."""
    return _moved(ring_of(ASKING), _parts(sealed)[1], place, opening)


def half_of_who_confirms(sealed: str, place: str, opening: str) -> str:
    """The second half likewise."""
    return _moved(ring_of(CONFIRMING), _parts(sealed)[2], place, opening)


def opened(sealed: str, place: str, opening: str, asked: str, confirmed: str) -> str:
    """The contact, by both halves of one opening. Raises Unreadable."""
    first = _read(ring_of(ASKING).open(asked, f"{place} {opening}"))
    second = _read(ring_of(CONFIRMING).open(confirmed, f"{place} {opening}"))
    key = bytes(one ^ other for one, other in zip(first, second, strict=True))
    content = _read(_parts(sealed)[3])
    try:
        return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def _moved(ring: Ring, half: str, place: str, opening: str) -> str:
    return ring.seal(ring.open(half, place), f"{place} {opening}")


def _parts(sealed: str) -> list[str]:
    parts = sealed.split("|")
    if len(parts) != PARTS or parts[0] != VERSION:
        raise Unreadable
    return parts


def ring_of(purpose: str) -> Ring:
    """The keys of one half. Raises Unreadable where the site has none."""
    keys = current_app.config["SETTINGS"].concern_key
    if not keys:
        raise Unreadable
    return Ring(keys, purpose)


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text)
