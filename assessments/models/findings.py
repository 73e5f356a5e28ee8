"""Findings of the evaluation, and how the vendor answered them (ISO/IEC 17065, 7.4.6 to 7.4.8)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import Severity


class Finding(SQLModel, table=True):
    """One named gap in one criterion, from its writing to its closing."""

    __table_args__ = (
        CheckConstraint("correction_round >= 0", name="correction_round"),
        CheckConstraint("closed_at IS NULL OR closed_by IS NOT NULL", name="closed_by_somebody"),
        CheckConstraint("condition_until IS NULL OR severity = 'minor'", name="only_minor_is_a_condition"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    criterion: str = Field(max_length=20)
    severity: Severity = Field(sa_type=choice(Severity))
    text: str
    correction_round: int = 0  # 0: not asked yet; else the round in which the vendor is asked
    raised_by: UUID = Field(foreign_key="user.id")
    raised_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""
    answer_version: int = 0
    answered_by: UUID | None = Field(default=None, foreign_key="user.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="user.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closing_note: str = ""
    owner_id: UUID | None = Field(default=None, foreign_key="user.id")  # who at the company has to act
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # by when, in the round it was asked last
    condition_until: date | None = None  # a minor one that goes along as a condition, to be met by that day


class FindingReply(SQLModel, table=True):
    """What the company sent to a finding in one round; a finding asked again has one for each round."""

    __tablename__ = "finding_reply"
    __table_args__ = (
        UniqueConstraint("finding_id", "correction_round"),
        CheckConstraint("correction_round >= 1", name="correction_round"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    finding_id: UUID = Field(foreign_key="finding.id")
    correction_round: int
    text: str
    written_by: UUID | None = Field(default=None, foreign_key="user.id")  # who wrote the answer; the owner sent it
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
