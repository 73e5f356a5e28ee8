"""Certificates, every decision that changed one, its revisions, and what the clock has said of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.lifecycle import Clocked
from assessments.states import CertificateAction, CertificateState


class Certificate(SQLModel, table=True):
    """What was granted (ISO/IEC 17065, 7.7): the content is frozen, only the state changes."""

    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("decision_id"),
        CheckConstraint("valid_until >= valid_from", name="validity"),
        CheckConstraint("serial >= 1", name="serial"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True, max_length=24)  # VCSC-26-0001-K
    year: int
    serial: int
    application_id: UUID = Field(foreign_key="application.id", index=True)
    decision_id: UUID = Field(foreign_key="decision.id")
    product_id: UUID = Field(foreign_key="product.id", index=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    level: str = Field(max_length=20)
    edition_id: str = Field(max_length=40)
    edition_digest: str = Field(max_length=80)
    submission_digest: str = Field(max_length=80)
    content: dict[str, Any] = Field(sa_type=JSON)  # issuer, vendor, profile, results, summary, limits: as decided
    decided_on: date
    valid_from: date = Field(index=True)  # the announcement date when it lies ahead
    valid_until: date = Field(index=True)
    state: CertificateState = Field(default=CertificateState.ACTIVE, sa_type=choice(CertificateState), index=True)
    state_since: date
    superseded_on: date | None = None  # the first day of the certificate that follows; see queries.certificates.status
    version: int = 0
    revision: int = 1  # one more with every reduction, and with one set aside; see CertificateRevision
    issued_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # signed and in the log: public from here


class CertificateEvent(SQLModel, table=True):
    """One decision about a certificate, with its reason; the emergency ones are confirmed afterwards."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> decided_by", name="two_people"),
        CheckConstraint(
            "action IN ('grant', 'suspend', 'terminate', 'supersede', 'expire')"
            " OR effective_on IS NULL OR confirmed_by IS NOT NULL",
            name="confirmed",
        ),
        Index(
            "uq_certificate_event_open",
            "certificate_id",
            unique=True,
            sqlite_where=text("effective_on IS NULL AND dismissed_at IS NULL"),
            postgresql_where=text("effective_on IS NULL AND dismissed_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    number: int
    action: CertificateAction = Field(sa_type=choice(CertificateAction))
    reason_vi: str = ""
    reason_en: str = ""
    condition_vi: str = ""  # what restores a suspended certificate
    condition_en: str = ""
    restore_by: date | None = None
    reduction: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what remains; see assessments.reductions
    decided_by: UUID = Field(foreign_key="user.id")
    decided_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    effective_on: date | None = None  # empty while a proposed change waits for the second person
    confirmed_by: UUID | None = Field(default=None, foreign_key="user.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirm_by: date | None = None  # an emergency suspension needs its second person by then
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the second person disagreed


class CertificateRevision(SQLModel, table=True):
    """A reduction that took effect, or was set aside: the content before and after it, and the decision behind it."""

    __tablename__ = "certificate_revision"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("number >= 2", name="number"),
    )

    certificate_id: UUID = Field(foreign_key="certificate.id", primary_key=True)
    number: int = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="certificate_event.id")
    effective_on: date
    before: dict[str, Any] = Field(sa_type=JSON)
    after: dict[str, Any] = Field(sa_type=JSON)


class CertificateReminder(SQLModel, table=True):
    """One thing the clock has said of a certificate: so many days before a day, or that it has passed (-1)."""

    __tablename__ = "certificate_reminder"

    certificate_id: UUID = Field(foreign_key="certificate.id", primary_key=True)
    about: Clocked = Field(sa_type=choice(Clocked), primary_key=True)
    due_on: date = Field(primary_key=True)
    days: int = Field(primary_key=True)
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
