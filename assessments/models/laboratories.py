"""Laboratories whose reports the club accepts, the reports that vendors hand in, and what reviewers say of them."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Laboratory(SQLModel, table=True):
    """One line of the register of laboratories (ISO/IEC 17065, 6.2.2); its scope empty means everything."""

    __table_args__ = (
        CheckConstraint("accepted_until >= accepted_from", name="accepted_until"),
        CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_on IS NULL OR ended_reason <> ''", name="ended_with_a_reason"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    name_en: str = Field(default="", max_length=200)
    country: str = Field(max_length=100)
    website: str = Field(default="", max_length=400)
    accreditation_body: str = Field(max_length=200)
    accreditation_number: str = Field(max_length=100)
    standard: str = Field(max_length=100)  # ISO/IEC 17025:2017 and the like
    tests_vi: str = Field(default="", max_length=1000)  # what it tests, in words
    tests_en: str = Field(default="", max_length=1000)
    categories: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: every category
    criteria: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: every criterion
    accepted_from: date
    accepted_until: date = Field(index=True)  # the last day
    added_by: UUID = Field(foreign_key="user.id")
    added_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_on: date | None = None  # reports of this day and later are not accepted any more
    ended_by: UUID | None = Field(default=None, foreign_key="user.id")
    ended_reason: str = Field(default="", max_length=500)


class LaboratoryReport(SQLModel, table=True):
    """What a vendor says of a piece of evidence that is a report: which laboratory made it, under which number.

    The report's date is that of the piece (Evidence.issued_on).
    """

    __tablename__ = "laboratory_report"
    __table_args__ = (CheckConstraint("(laboratory_id IS NULL) <> (laboratory_name = '')", name="listed_or_named"),)

    evidence_id: UUID = Field(foreign_key="evidence.id", primary_key=True)
    laboratory_id: UUID | None = Field(default=None, foreign_key="laboratory.id", index=True)
    laboratory_name: str = Field(default="", max_length=200)  # of one that is not in the register
    number: str = Field(max_length=100)


class ReportJudgement(SQLModel, table=True):
    """What one reviewer says of a report as ground for the score 4 of one criterion, and why."""

    __tablename__ = "report_judgement"
    __table_args__ = (
        UniqueConstraint("review_id", "criterion", "evidence_id"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    review_id: UUID = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=20)
    evidence_id: UUID = Field(foreign_key="evidence.id", index=True)
    accepted: bool
    reason: str = Field(max_length=1000)
    standing: str = Field(default="", max_length=40)  # of the laboratory on the report's date: laboratories.Standing
    judged_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
