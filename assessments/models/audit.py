"""What auditors write down about a file, and what became of it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import AuditKind


class AuditNote(SQLModel, table=True):
    """One note of an audit; one that asks for something has an owner and a day, and is closed by an auditor."""

    __tablename__ = "audit_note"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("(owner_id IS NULL) = (due_on IS NULL)", name="owner_with_a_day"),
        CheckConstraint("kind <> 'recommendation' OR owner_id IS NOT NULL", name="recommendation_has_owner"),
        CheckConstraint("answered_at IS NULL OR owner_id IS NOT NULL", name="answered_by_owner"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        CheckConstraint("closed_by IS NULL OR owner_id IS NULL OR closed_by <> owner_id", name="closed_by_another"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    kind: AuditKind = Field(sa_type=choice(AuditKind))
    text: str
    owner_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)  # who follows it up
    due_on: date | None = None  # the legal day it is to be done by
    written_by: UUID = Field(foreign_key="user.id")
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""  # what the owner has done
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="user.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closing_note: str = ""
