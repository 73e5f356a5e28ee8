"""Conditions of a decision: what the company has to do by a day although the certificate is granted."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Condition(SQLModel, table=True):
    """One condition of a proposal; it counts once the proposal has become the decision."""

    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("text_vi <> '' AND text_en <> ''", name="both_languages"),
        CheckConstraint("(fulfilled_at IS NULL) = (fulfilled_by IS NULL)", name="fulfilled_by_somebody"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    proposal_id: UUID = Field(foreign_key="proposal.id")
    number: int
    criterion: str = Field(default="", max_length=20)
    text_vi: str
    text_en: str
    due_on: date
    fulfilled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fulfilled_by: UUID | None = Field(default=None, foreign_key="user.id")
    fulfilled_note: str = ""


class ConditionReminder(SQLModel, table=True):
    """One reminder of one condition: so many days before its day, or that the day has passed (OVERDUE)."""

    __tablename__ = "condition_reminder"

    condition_id: UUID = Field(foreign_key="condition.id", primary_key=True)
    days: int = Field(primary_key=True)
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


OVERDUE = -1
