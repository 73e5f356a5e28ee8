"""What has to be published, written down with the decision itself, and how far it has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.publishing import PublicationKind


class Publication(SQLModel, table=True):
    """One event on its way to the public: signed, then in the log, then on pages, in lists and in letters."""

    __table_args__ = (
        CheckConstraint("(certificate_id IS NULL) = (kind IN ('edition', 'key'))", name="of_a_certificate"),
        CheckConstraint("logged_at IS NULL OR signed_at IS NOT NULL", name="signed_before_logged"),
        CheckConstraint("(logged_at IS NULL) = (log_index IS NULL)", name="logged"),
        CheckConstraint("published_at IS NULL OR logged_at IS NOT NULL", name="logged_before_published"),
        CheckConstraint("published_at IS NULL OR voided_at IS NULL", name="one_end"),
        Index("ix_publication_open", "published_at", "voided_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)  # those of one certificate go out in this order
    key: str = Field(unique=True, max_length=120)  # what it is about: nothing goes out twice
    kind: PublicationKind = Field(sa_type=choice(PublicationKind))
    certificate_id: UUID | None = Field(default=None, foreign_key="certificate.id", index=True)
    event_number: int | None = None  # of the certificate's event; empty for what the calendar does
    subject: str = Field(default="", max_length=120)  # an edition's id, a key's kid and what happened, the lost kid
    due_at: datetime = Field(sa_type=UtcDateTime)  # not before: the first day of a scheduled certificate
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    logged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    log_index: int | None = None
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # ended before anybody heard of it
