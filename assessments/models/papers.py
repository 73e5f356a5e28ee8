"""The papers of certificates: each made once by the worker for what a certificate was worth then, kept by its hash."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import CertificateStatus


class CertificatePaper(SQLModel, table=True):
    """A signed certificate on paper, in one language; another status or another signature asks for another paper."""

    __tablename__ = "certificate_paper"
    __table_args__ = (
        UniqueConstraint(
            *("certificate_id", "language", "revision", "status", "state_since"), name="uq_certificate_paper_one_each"
        ),
        ForeignKeyConstraint(["certificate_id", "revision"], ["credential.certificate_id", "credential.revision"]),
        CheckConstraint("language IN ('vi', 'en')", name="language"),
        CheckConstraint("status <> 'scheduled'", name="announced"),
        CheckConstraint("size > 0", name="size"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    certificate_id: UUID
    language: str = Field(max_length=2)
    revision: int  # of the credential that lies inside
    status: CertificateStatus = Field(sa_type=choice(CertificateStatus))  # as it says
    state_since: date  # the certificate's own, so that a second suspension is another paper
    made_on: date  # the legal day it speaks of
    sha256: str = Field(max_length=64, index=True)
    size: int  # bytes
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
