"""A reviewer's notes on a page of evidence, about one criterion."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Note(SQLModel, table=True):
    """One note; it belongs to a review, and so to a letter. Read by its writer alone until all reviews are final."""

    __table_args__ = (
        CheckConstraint("page > 0", name="page"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("length(text) > 0", name="text"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    review_id: UUID = Field(foreign_key="review.id", index=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", index=True)
    page: int  # 1 where the evidence has no pages
    criterion: str = Field(max_length=20)
    text: str
    version: int = 1
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
