"""Private keys: PKCS8 in files that nobody else can read, or in the environment; never in a table.

A file is KEYS_DIR/<kid>.pem, its mode 0600, its folder's 0700. The variable SIGNING_KEY_<KID>, in upper case with _ for
-, comes before the file: for sites that keep their secrets elsewhere.
"""

import hashlib
import json
import os
import stat
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import current_app
from sqlmodel import Session

from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from assessments.queries.keys import Identity

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyUnavailable(Exception):
    """This process cannot sign with a key, and the message says why; nothing is wrong with the database."""


def folder() -> Path:
    """Where the files of this site's keys are."""
    found: Path = current_app.config["SETTINGS"].keys_folder
    return found


def usual_identity() -> Identity:
    """The name a site signs under unless told another: its host; a demonstration never has the one of a real site."""
    name: str = current_app.config["SETTINGS"].log_origin
    return Identity(f"did:web:{name}", f"{name}/log")


def variable(kid: str) -> str:
    """The environment variable that may hold a key."""
    return f"SIGNING_KEY_{kid.upper().replace('-', '_')}"


def signer(key: SigningKey) -> Ed25519PrivateKey:
    """The private half of a key. Raises KeyUnavailable, with the reason in words."""
    found = _loaded(key.kid)
    if jwk_of(found.public_key()) != key.public_jwk:
        raise KeyUnavailable(f"What is kept as key {key.kid} is another key.")
    return found


def place(key: SigningKey) -> str:
    """Where a private key is found, in words; why it is not, where it is not."""
    try:
        signer(key)
    except KeyUnavailable as error:
        return str(error)
    return "environment" if os.environ.get(variable(key.kid)) else "file"


def missing(session: Session) -> list[str]:
    """Why this process cannot sign certificates or the log, as sentences; none when it can."""
    found = []
    for purpose in KeyPurpose:
        key = queries.active(session, purpose)
        try:
            if key is None:
                found.append(f"There is no key in force for the purpose {purpose.value}.")
            else:
                signer(key)
        except KeyUnavailable as error:
            found.append(str(error))
    return found


def jwk_of(public: Ed25519PublicKey) -> dict[str, Any]:
    """A public key as RFC 8037 has it."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": encoded(raw)}


def thumbprint(jwk: dict[str, Any]) -> str:
    """sha256 of the key's required members (RFC 7638), in hexadecimal."""
    members = {name: jwk[name] for name in ("crv", "kty", "x")}
    return hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def encoded(raw: bytes) -> str:
    """Base64url without padding, as everything about JOSE has it."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def keep(kid: str, private: Ed25519PrivateKey) -> Path:
    """Write a private key into a file of its own, for the owner's eyes only; refuses to write over another."""
    kept = folder()
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_closed(kept)
    path = kept / f"{kid}.pem"
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _loaded(kid: str) -> Ed25519PrivateKey:
    given = os.environ.get(variable(kid), "").strip()
    content = given.replace("\\n", "\n").encode() if given else _read(kid)
    try:
        found = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnavailable(f"What is kept as key {kid} is no private key in PKCS8.") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyUnavailable(f"What is kept as key {kid} is no key of Ed25519.")
    return found


def _read(kid: str) -> bytes:
    path = folder() / f"{kid}.pem"
    try:
        _require_closed(path.parent)
        _require_closed(path)
        return path.read_bytes()
    except OSError as error:
        raise KeyUnavailable(f"Key {kid} is neither in {path} nor in {variable(kid)}.") from error


def _require_closed(path: Path) -> None:
    """Refuse what others than the owner can read, change or list."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        wanted = "0700" if path.is_dir() else "0600"
        raise KeyUnavailable(f"{path} is open to others than its owner (mode {mode:04o}); set it to {wanted}.")
