"""Reviews: one reviewer's independent scores of one application."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import Part
from assessments.states import Basis


class Review(SQLModel, table=True):
    """One reviewer's part; the letter stands for the name wherever the vendor or another reviewer looks."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["application_id", "reviewer_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
        ),
        CheckConstraint("part = 'reviewer'", name="part_is_reviewer"),
        UniqueConstraint("application_id", "reviewer_id"),
        UniqueConstraint("application_id", "letter"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    reviewer_id: UUID = Field(foreign_key="user.id", index=True)
    part: Part = Field(default=Part.REVIEWER, sa_type=choice(Part))
    letter: str = Field(max_length=1)
    lead: bool = False
    assigned_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    final_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # replaced, or a late conflict


class Score(SQLModel, table=True):
    """One criterion in one review: 0-4, or "evidence does not show", or the vendor's n/a claim accepted."""

    __table_args__ = (
        UniqueConstraint("review_id", "criterion"),
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name="value"),
        CheckConstraint("value IS NULL OR (NOT not_shown AND NOT not_applicable)", name="one_mark"),
        CheckConstraint("NOT (not_shown AND not_applicable)", name="one_absence"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    review_id: UUID = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=20)
    value: int | None = None
    not_shown: bool = False
    not_applicable: bool = False
    basis: Basis | None = Field(default=None, sa_type=choice(Basis))  # what a 4 rests on
    rationale: str = ""
    to_vendor: str = ""
    panel_only: str = ""
    relied_on: list[str] = Field(default_factory=list, sa_type=JSON)  # ids of the pieces of evidence it rests on
    later: bool = False  # the reviewer wants to come back to it
    version: int = 0
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    saved_from: str = Field(default="", max_length=40)  # the open page whose autosave was the last one

    @property
    def marked(self) -> bool:
        """Whether the reviewer has chosen anything yet."""
        return self.value is not None or self.not_shown or self.not_applicable

    def fields(self) -> dict[str, Any]:
        """The typed content, for showing two versions side by side."""
        return self.model_dump(include={"value", "not_shown", "not_applicable", "rationale", "to_vendor", "panel_only"})


class ScoreVersion(SQLModel, table=True):
    """A text of a score, the present one or an earlier one; its reviewer alone reads them, until the file is over."""

    __tablename__ = "score_version"
    __table_args__ = (UniqueConstraint("score_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    score_id: UUID = Field(foreign_key="score.id", index=True)
    version: int
    content: dict[str, Any] = Field(sa_type=JSON)  # see assessments.reviews.Marking.content
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first autosave in it; empty: saved by hand
