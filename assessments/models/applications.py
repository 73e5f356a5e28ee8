"""An application, the agreement accepted for it, and its numbered submissions."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import Kind, State


class Application(SQLModel, table=True):
    """One product version, applying once, against one edition of the criteria."""

    __table_args__ = (
        CheckConstraint("correction_round >= 0", name="correction_round"),
        CheckConstraint("paused_days >= 0", name="paused_days"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ref: str = Field(unique=True, max_length=20)  # HS-2026-0001
    kind: Kind = Field(default=Kind.INITIAL, sa_type=choice(Kind))
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    product_id: UUID = Field(foreign_key="product.id", index=True)
    round_id: UUID | None = Field(default=None, foreign_key="intake_round.id", index=True)
    edition_id: str = Field(max_length=40)
    edition_digest: str = Field(default="", max_length=80)  # pinned at the first submission
    state: State = Field(default=State.DRAFT, sa_type=choice(State), index=True)
    profile: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the draft; see assessments.profile
    profile_version: int = 0
    profile_saved_by: UUID | None = Field(default=None, foreign_key="user.id")
    profile_saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked: list[str] = Field(default_factory=list, sa_type=JSON)  # criteria of a surveillance; empty: all that apply
    correction_round: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # deadline of the state
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # reviewers wait for the company's answer
    paused_days: int = 0  # by which such waiting has moved the deadlines of the reviews so far
    intake_notes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # completeness list, questions, reason
    announce_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # a decision is held till then
    announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the company was written to
    created_by: UUID = Field(foreign_key="user.id")
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    moved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class AgreementAcceptance(SQLModel, table=True):
    """A named person accepted one version of the agreement (ISO/IEC 17065, 4.1.2)."""

    __tablename__ = "agreement_acceptance"
    __table_args__ = (UniqueConstraint("application_id", "agreement_version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    agreement_version: str = Field(max_length=40)
    text_digest: str = Field(max_length=80)  # sha256 of the canonical text in both languages
    accepted_by: UUID = Field(foreign_key="user.id")
    accepted_name: str = Field(max_length=200)
    accepted_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Submission(SQLModel, table=True):
    """What was handed in: profile, answers, edition digest, sha256 of every file. Never changes (triggers)."""

    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=80)  # sha256 of the canonical JSON of `content`
    submitted_by: UUID = Field(foreign_key="user.id")
    submitted_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
