"""Appeals against decisions, who hears them, and what they rule (ISO/IEC 17065, 7.13)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import Part
from assessments.recourse import AppealKind, AppealState, Inadmissible, Ruling

_OPEN_RULING = text("confirmed_at IS NULL AND closed_at IS NULL")
_NOT_TAKEN_BACK = text("state <> 'withdrawn'")


class Appeal(SQLModel, table=True):
    """One appeal against one decision, which stands until the hearers have ruled."""

    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("id", "application_id"),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("(kind IN ('decline', 'level')) = (decision_id IS NOT NULL)", name="decision_where_due"),
        CheckConstraint(
            "(kind IN ('suspension', 'withdrawal', 'reduction')) = (event_id IS NOT NULL)", name="event_where_due"
        ),
        CheckConstraint(
            "state <> 'inadmissible' OR (inadmissible IS NOT NULL AND reasons_vi <> '')",
            name="inadmissible_has_reasons",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'set_aside') OR (reasons_vi <> '' AND reasons_en <> '')",
            name="ruling_has_reasons",
        ),
        Index(
            "uq_appeal_against",
            "against_seq",
            unique=True,
            sqlite_where=_NOT_TAKEN_BACK,
            postgresql_where=_NOT_TAKEN_BACK,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True, max_length=20)  # YC-2026-0001
    year: int
    serial: int
    application_id: UUID = Field(foreign_key="application.id", index=True)
    kind: AppealKind = Field(sa_type=choice(AppealKind))
    against_seq: int = Field(foreign_key="history_entry.seq")  # the step of the history that is appealed
    decision_id: UUID | None = Field(default=None, foreign_key="decision.id")
    event_id: UUID | None = Field(default=None, foreign_key="certificate_event.id")
    state: AppealState = Field(default=AppealState.LODGED, sa_type=choice(AppealState), index=True)
    grounds: list[str] = Field(default_factory=list, sa_type=JSON)  # codes of recourse.Ground
    text: str
    wanted: str
    evidence: str = ""  # what to look at, in the company's words
    lodged_by: UUID = Field(foreign_key="user.id")
    lodged_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    notified_at: datetime = Field(sa_type=UtcDateTime)  # when the company learnt of the decision
    decide_by: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # deadline of the state
    reminded: int | None = None  # days before due_at of the last reminder; 0: that it is late
    moved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    inadmissible: Inadmissible | None = Field(default=None, sa_type=choice(Inadmissible))
    reasons_vi: str = ""  # of the ruling, or why it is not heard
    reasons_en: str = ""


class AppealStep(SQLModel, table=True):
    """Which appeal a step of the history belongs to, and the states it led from and to."""

    __tablename__ = "appeal_step"

    seq: int = Field(foreign_key="history_entry.seq", primary_key=True)
    appeal_id: UUID = Field(foreign_key="appeal.id", index=True)
    from_state: str = Field(default="", max_length=40)
    to_state: AppealState = Field(sa_type=choice(AppealState))


class Hearing(SQLModel, table=True):
    """One person's part in hearing an appeal; the letter stands for the name everywhere."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["application_id", "person_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
        ),
        ForeignKeyConstraint(["appeal_id", "application_id"], ["appeal.id", "appeal.application_id"]),
        CheckConstraint("part = 'hearer'", name="part_is_hearer"),
        UniqueConstraint("appeal_id", "letter"),
    )

    appeal_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", primary_key=True, index=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    part: Part = Field(default=Part.HEARER, sa_type=choice(Part))
    letter: str = Field(max_length=1)
    assigned_by: UUID = Field(foreign_key="user.id")
    assigned_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # stood aside: an interest has come up


class AppealRuling(SQLModel, table=True):
    """What one hearer proposes to rule, and the other who agrees; at most one is open at a time."""

    __tablename__ = "appeal_ruling"
    __table_args__ = (
        ForeignKeyConstraint(["appeal_id", "proposer_id"], ["hearing.appeal_id", "hearing.person_id"]),
        ForeignKeyConstraint(
            ["appeal_id", "confirmer_id"],
            ["hearing.appeal_id", "hearing.person_id"],
            name="fk_appeal_ruling_confirmer",
        ),
        CheckConstraint("confirmer_id IS NULL OR confirmer_id <> proposer_id", name="two_people"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmer_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("reasons_vi <> '' AND reasons_en <> ''", name="has_reasons"),
        UniqueConstraint("appeal_id", "number"),
        Index(
            "uq_appeal_ruling_open",
            "appeal_id",
            unique=True,
            sqlite_where=_OPEN_RULING,
            postgresql_where=_OPEN_RULING,
        ),
        Index(
            "uq_appeal_ruling_confirmed",
            "appeal_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    appeal_id: UUID = Field(foreign_key="appeal.id", index=True)
    number: int
    proposer_id: UUID
    outcome: Ruling = Field(sa_type=choice(Ruling))
    reasons_vi: str
    reasons_en: str
    proposed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmer_id: UUID | None = None
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # not agreed with, or its proposer is gone
    rejection: str = ""
