"""Complaints about the club itself, which go past the coordinator (ISO/IEC 17065, 7.13)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.recourse import ComplaintState, ComplaintSubject, Verdict


class Complaint(SQLModel, table=True):
    """One complaint; who made it may be unknown. How to reach them is sealed, and erased in time."""

    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("contact IS NULL OR contact_erased_at IS NULL", name="sealed_or_erased"),
        CheckConstraint("state NOT IN ('in_hand', 'decided', 'closed') OR handler_id IS NOT NULL", name="in_a_hand"),
        CheckConstraint(
            "state NOT IN ('decided', 'closed') OR (verdict IS NOT NULL AND answer <> '' AND reasons <> '')",
            name="decided_with_reasons",
        ),
        CheckConstraint("handler_id IS NULL OR complainant_id IS NULL OR handler_id <> complainant_id", name="another"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True, max_length=20)  # KN-2026-0001
    year: int
    serial: int
    code_hash: str = Field(unique=True, max_length=64)  # sha256 of the code that follows it
    subject: ComplaintSubject = Field(sa_type=choice(ComplaintSubject))  # as the complainant chose
    text: str
    about: str = Field(default="", max_length=40)  # an application, certificate or appeal, as typed
    language: str = Field(default="vi", max_length=2)
    contact: str | None = None  # sealed by the web floor
    contact_given: bool = False
    contact_erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    complainant_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    vendor_id: UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    state: ComplaintState = Field(default=ComplaintState.RECEIVED, sa_type=choice(ComplaintState), index=True)
    edition_id: str = Field(max_length=40)  # whose periods count
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer_by: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    late_told: bool = False  # that the deadline has passed was written about
    moved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    classified: str = Field(default="", max_length=40)  # the subject as the club sees it
    handler_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    verdict: Verdict | None = Field(default=None, sa_type=choice(Verdict))
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reasons: str = ""  # for the record: what was found and why
    answer: str = ""  # to the complainant
    closing: str = ""  # what follows from it


class ComplaintAside(SQLModel, table=True):
    """Somebody whom a complaint passes by, because they or somebody else said that it concerns them."""

    __tablename__ = "complaint_aside"

    complaint_id: UUID = Field(foreign_key="complaint.id", primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", primary_key=True)
    said_by: UUID = Field(foreign_key="user.id")
    said_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ComplaintStep(SQLModel, table=True):
    """Which complaint a step of the history belongs to, and the states it led from and to."""

    __tablename__ = "complaint_step"

    seq: int = Field(foreign_key="history_entry.seq", primary_key=True)
    complaint_id: UUID = Field(foreign_key="complaint.id", index=True)
    from_state: str = Field(default="", max_length=40)
    to_state: ComplaintState = Field(sa_type=choice(ComplaintState))
