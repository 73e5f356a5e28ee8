"""Questions that reviewers put to the vendor while they review; the letter stands for the name."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Question(SQLModel, table=True):
    """One question about one criterion: waiting, answered once and for all, or closed without an answer."""

    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer"),
        CheckConstraint("answered_at IS NULL OR closed_at IS NULL", name="one_end"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    review_id: UUID = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=20)
    text: str
    asked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = ""
    answered_by: UUID | None = Field(default=None, foreign_key="user.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the company was written to about it
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # withdrawn, or the review went on without

    @property
    def waits(self) -> bool:
        """Whether the company can still answer it."""
        return self.answered_at is None and self.closed_at is None
