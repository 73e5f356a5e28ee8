"""Surveillance of certificates: what is planned, what runs as an application, and the measure that was proposed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.lifecycle import Measure, Trigger


class Surveillance(SQLModel, table=True):
    """One look at a certified product again (ISO/IEC 17065, 7.9); `nonce` fixes which criteria are drawn."""

    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        UniqueConstraint("application_id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(begun_at IS NULL) = (application_id IS NULL)", name="begun_with_an_application"),
        CheckConstraint("(begun_at IS NULL) = (nonce = '')", name="drawn_when_begun"),
        CheckConstraint("ended_at IS NULL OR measure IS NULL OR begun_at IS NOT NULL", name="judged_after_it_began"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    number: int  # of the certificate's
    trigger: Trigger = Field(sa_type=choice(Trigger))
    note: str = ""  # what triggered it, for the club
    notice_id: UUID | None = Field(default=None, foreign_key="change_notice.id")
    due_on: date = Field(index=True)  # by when it has to begin
    planned_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    planned_by: UUID | None = Field(default=None, foreign_key="user.id")  # nobody: the clock
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    begun_by: UUID | None = Field(default=None, foreign_key="user.id")
    nonce: str = Field(default="", max_length=64)
    pool: list[str] = Field(default_factory=list, sa_type=JSON)  # the criteria that counted when it began
    application_id: UUID | None = Field(default=None, foreign_key="application.id")
    measure: Measure | None = Field(default=None, sa_type=choice(Measure))
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    ending: str = ""  # why it was dropped


class ProposedMeasure(SQLModel, table=True):
    """What a proposal about a surveillance says besides yes or no: the measure, and what goes with it."""

    __tablename__ = "proposed_measure"
    __table_args__ = (
        CheckConstraint(
            "measure <> 'suspend' OR (condition_vi <> '' AND condition_en <> '' AND restore_by IS NOT NULL)",
            name="suspension_can_be_restored",
        ),
    )

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True)
    measure: Measure = Field(sa_type=choice(Measure))
    condition_vi: str = ""
    condition_en: str = ""
    restore_by: date | None = None
    reduction: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
