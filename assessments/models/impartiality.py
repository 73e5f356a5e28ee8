"""What the impartiality committee keeps: the register of conflicts, the log of risks, and notes of its meetings."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import InterestKind
from assessments.states import ConflictEffect, ConflictOrigin


class Conflict(SQLModel, table=True):
    """One late conflict: who had a part in which application, how it came out, and what it stopped."""

    __table_args__ = (
        UniqueConstraint("application_id", "person_id", "effect"),
        CheckConstraint("(handled_at IS NULL) = (handled_by IS NULL)", name="handled_by_somebody"),
        CheckConstraint("handled_by IS NULL OR handled_by <> person_id", name="handled_by_another"),
        CheckConstraint("(handled_at IS NULL) = (handling = '')", name="handled_with_words"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    part: str = Field(default="", max_length=40)  # a Part; empty: asked before taking one
    kind: InterestKind | None = Field(default=None, sa_type=choice(InterestKind))  # empty: a member of the vendor
    origin: ConflictOrigin = Field(sa_type=choice(ConflictOrigin))
    effect: ConflictEffect = Field(sa_type=choice(ConflictEffect))
    state: str = Field(max_length=40)  # of the application when it came out
    found_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    handling: str = Field(default="", max_length=2000)  # what was decided about it
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handled_by: UUID | None = Field(default=None, foreign_key="user.id")


class Risk(SQLModel, table=True):
    """One risk to impartiality: what is done about it, by whom, until when (ISO/IEC 17065, 4.2.3)."""

    __table_args__ = (
        CheckConstraint("title <> '' AND measure <> '' AND owner <> ''", name="said"),
        CheckConstraint("closed_on IS NULL OR closing <> ''", name="closed_with_words"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str = Field(max_length=300)
    measure: str = Field(max_length=2000)  # what is done
    owner: str = Field(max_length=200)  # who sees to it: a person or an office
    due_on: date = Field(index=True)
    closed_on: date | None = None
    closing: str = Field(default="", max_length=1000)  # why it is closed
    version: int = 1
    written_by: UUID = Field(foreign_key="user.id")
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Meeting(SQLModel, table=True):
    """Notes of one meeting of the impartiality committee; corrected by another note, never rewritten."""

    __table_args__ = (CheckConstraint("present <> '' AND notes <> ''", name="said"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    held_on: date = Field(index=True)
    present: str = Field(max_length=1000)  # who was there, in their own words
    notes: str = Field(max_length=20_000)
    written_by: UUID = Field(foreign_key="user.id")
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
