"""Second factors for tests: an app that makes codes, a device that keeps passkeys, and people who have them."""

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from sqlmodel import Session, col, update

from assessments.clock import now
from registry import sealed
from registry.accounts import recovery
from registry.accounts.factor_models import CodeSecret
from registry.accounts.models import LoginSession, User

ORIGIN, HOST = "http://localhost", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def shown(app: Flask, user: User) -> None:
    """As if a person had just shown a second factor in every browser they are signed in with."""
    with Session(app.extensions["engine"]) as session:
        mine = update(LoginSession).where(col(LoginSession.user_id) == user.id)
        session.exec(mine.values(factor_at=now(), confirmed_at=now()))
        session.commit()


def stale(app: Flask, user: User) -> None:
    """As if their last proof had been long ago."""
    with Session(app.extensions["engine"]) as session:
        session.exec(update(LoginSession).where(col(LoginSession.user_id) == user.id).values(confirmed_at=None))
        session.commit()


def with_codes(app: Flask, user: User, codes: int = 0) -> tuple[str, list[str]]:
    """Give a person an app for one-time codes, and recovery codes if asked; returns its secret, and those."""
    secret = pyotp.random_base32()
    with app.app_context(), Session(app.extensions["engine"]) as session:
        hidden = sealed.ring(sealed.ONE_TIME_CODES).seal(secret, str(user.id))
        session.add(CodeSecret(user_id=user.id, sealed=hidden, last_step=0))
        made = recovery.make(session, user.id) if codes else []
        session.commit()
    return secret, made


def code(secret: str, steps: int = 0) -> str:
    """What an app shows now, or so many steps from now."""
    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // 30 + steps)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def b64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """An authenticator in software: one passkey, and every lie that a test wants it to tell."""

    origin: str = ORIGIN
    host: str = HOST
    verified: bool = True
    count: int = 0
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    owner: bytes = b""

    def make(self, options: dict[str, Any]) -> str:
        """What a browser answers when it is asked to make a passkey."""
        self.owner = octets(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        named = bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier
        data = self._data(ATTESTED) + named + cbor2.dumps(public)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._written(
            clientDataJSON=b64(self._client("webauthn.create", options)), attestationObject=b64(attested)
        )

    def sign(self, options: dict[str, Any], **changed: str) -> str:
        """What it answers when it is asked to sign."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        return self._written(**{**said, "userHandle": b64(self.owner), **changed})

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _data(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _written(self, **response: str) -> str:
        name = b64(self.identifier)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
