"""The receipt of a submission: a document made once, kept with the files under its hash."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Receipt(SQLModel, table=True):
    """Where the bytes of a receipt are: in the storage, named by their sha256."""

    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    submission_id: UUID = Field(foreign_key="submission.id", primary_key=True)
    sha256: str = Field(max_length=64, index=True)
    size: int  # bytes
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
