"""The public halves of the registry's keys, with their history; the private halves are never in a table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.publishing import KeyPurpose


class SigningKey(SQLModel, table=True):
    """One key: issuer and log origin are fixed when it is made, and retiring it takes nothing back.

    One that was lost to others is another matter: what it signed counts only where the public log knows of it.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("retired_at IS NULL OR retired_at >= active_from", name="retired_after"),
        CheckConstraint("compromised_from IS NULL OR retired_at IS NOT NULL", name="compromised_is_retired"),
    )

    kid: str = Field(primary_key=True, max_length=40)  # purpose, and the beginning of the key's thumbprint (RFC 7638)
    purpose: KeyPurpose = Field(sa_type=choice(KeyPurpose), index=True)
    public_jwk: dict[str, Any] = Field(sa_type=JSON)  # kty, crv, x (RFC 8037)
    did: str = Field(max_length=255)  # did:web:HOST, in whose name it signs
    log_origin: str = Field(max_length=255)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    active_from: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    compromised_from: datetime | None = Field(default=None, sa_type=UtcDateTime)  # others may have it since

    @property
    def method(self) -> str:
        """Its full name, as the header of a signature and the DID document have it."""
        return f"{self.did}#{self.kid}"
