"""Calibration: what a reviewer scored in made-up files before the first real one, and the bar that counted."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class CalibrationBar(SQLModel, table=True):
    """What has to be reached in an edition from a moment on; the latest row counts, earlier ones stay."""

    __tablename__ = "calibration_bar"
    __table_args__ = (
        CheckConstraint("max_deviation >= 0 AND max_deviation <= 4", name="max_deviation"),
        CheckConstraint("min_within BETWEEN 0 AND 100", name="min_within"),
        CheckConstraint("files >= 1", name="files"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    edition_id: str = Field(max_length=40, index=True)
    max_deviation: float
    min_within: int
    files: int
    set_by: UUID = Field(foreign_key="user.id")
    set_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class CalibrationAttempt(SQLModel, table=True):
    """One person's try at one calibration file; the result is written when it is finished and stays as it was.

    Only the first one can pass: whoever tries again has read the agreed scores.
    """

    __tablename__ = "calibration_attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "edition_id", "file", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "(finished_at IS NULL) = (mean_deviation IS NULL) AND (finished_at IS NULL) = (within IS NULL)",
            name="result_when_finished",
        ),
        CheckConstraint("NOT (passed AND finished_at IS NULL)", name="passed_when_finished"),
        CheckConstraint("NOT passed OR number = 1", name="passed_at_first"),
        Index(
            "uq_calibration_attempt_open",
            "person_id",
            "edition_id",
            "file",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="user.id")
    edition_id: str = Field(max_length=40)
    file: str = Field(max_length=60)
    number: int = 1
    began_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mean_deviation: float | None = None  # points, over all criteria of the file
    within: int | None = None  # percent of the criteria at most one point off
    passed: bool = False  # by the bar of that moment


class CalibrationScore(SQLModel, table=True):
    """One criterion in one attempt."""

    __tablename__ = "calibration_score"
    __table_args__ = (
        UniqueConstraint("attempt_id", "criterion"),
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name="value"),
        CheckConstraint("value IS NULL OR NOT not_shown", name="one_mark"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    attempt_id: UUID = Field(foreign_key="calibration_attempt.id", index=True)
    criterion: str = Field(max_length=20)
    value: int | None = None
    not_shown: bool = False
    rationale: str = ""
    version: int = 0
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    @property
    def marked(self) -> bool:
        """Whether the person has chosen anything yet."""
        return self.value is not None or self.not_shown

    def fields(self) -> dict[str, Any]:
        """The typed content, for showing two versions side by side."""
        return self.model_dump(include={"value", "not_shown", "rationale"})
