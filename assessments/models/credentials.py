"""Signed certificates as they were given out, and the lists that say which of them count no more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.publishing import StatusPurpose


class Credential(SQLModel, table=True):
    """One revision of a certificate, signed. Triggers refuse update and delete on both databases."""

    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("status_index >= 0", name="status_index"),
    )

    certificate_id: UUID = Field(foreign_key="certificate.id", primary_key=True)
    revision: int = Field(primary_key=True)
    event_number: int  # of the certificate's event that made it
    status_index: int = Field(unique=True)  # its place in the status lists, one list after the other
    kid: str = Field(foreign_key="signing_key.kid", max_length=40)
    issued_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    jwt: str
    sha256: str = Field(unique=True, max_length=64)  # of the bytes of `jwt`


class StatusList(SQLModel, table=True):
    """One status list: a bit for each credential, and the list as it was signed last."""

    __tablename__ = "status_list"
    __table_args__ = (
        UniqueConstraint("purpose", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    name: str = Field(primary_key=True, max_length=40)  # revocation-1: the last part of its address
    purpose: StatusPurpose = Field(sa_type=choice(StatusPurpose))
    number: int
    bits: bytes = Field(sa_type=LargeBinary)
    kid: str = Field(foreign_key="signing_key.kid", max_length=40)
    signed_at: datetime = Field(sa_type=UtcDateTime)
    jwt: str
