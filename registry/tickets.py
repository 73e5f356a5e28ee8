"""The signed ticket of a public form, in place of a session: it holds for hours, and names the one thing it makes.

The code by which that thing is followed comes out of its ticket, so that a form sent twice shows the same code.
"""

import hashlib
import hmac
from base64 import b32encode
from contextlib import suppress
from uuid import UUID, uuid4

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from registry import links

HOLDS_SECONDS = 12 * 3600
CODE_LETTERS = 20


class Tickets:
    """The tickets of one form: those of another are worth nothing here."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose

    def issue(self) -> str:
        """A ticket for one thing."""
        return self._signer().dumps(uuid4().hex)

    def read(self, ticket: str) -> UUID | None:
        """The thing a ticket is for; None for one that is forged or too old."""
        try:
            return UUID(hex=self._signer().loads(ticket, max_age=HOLDS_SECONDS))
        except (BadSignature, ValueError, TypeError):
            return None

    def code_of(self, made_id: UUID, ticket: str = "") -> str:
        """The secret code of a thing, in groups that can be read out: made with the key that signed its ticket."""
        mark = hmac.new(
            self._key_of(ticket).encode(), f"{self._purpose} code\n".encode() + made_id.bytes, hashlib.sha256
        ).digest()
        letters = b32encode(mark).decode()[:CODE_LETTERS]
        return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))

    def _key_of(self, ticket: str) -> str:
        keys: list[str] = current_app.config["SETTINGS"].signing_keys
        for key in keys[:-1]:
            with suppress(BadSignature):
                URLSafeTimedSerializer(key, salt=links.purpose(self._purpose)).loads(ticket)
                return key
        return keys[-1]

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(current_app.config["SETTINGS"].signing_keys, salt=links.purpose(self._purpose))
