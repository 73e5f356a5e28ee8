"""The minutes of a decision: a document made once by the worker, kept with the files under its hash."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.columns import UtcDateTime


class Minutes(SQLModel, table=True):
    """Who stood how to the file when it was decided, and where the bytes of the document are once it is made.

    It is made twice: for committee and office with the committee's names, and without any for auditors and case files.
    """

    __table_args__ = (
        CheckConstraint("(sha256 IS NULL) = (size IS NULL) AND (sha256 IS NULL) = (made_at IS NULL)", name="made"),
        CheckConstraint("size IS NULL OR size > 0", name="size"),
        CheckConstraint("(masked_sha256 IS NULL) = (masked_size IS NULL)", name="masked"),
    )

    decision_id: UUID = Field(foreign_key="decision.id", primary_key=True)
    people: list[dict[str, Any]] = Field(sa_type=JSON)  # as they stood then: interests change afterwards
    sha256: str | None = Field(default=None, max_length=64, index=True)
    size: int | None = None  # bytes
    masked_sha256: str | None = Field(default=None, max_length=64, index=True)  # the same document without names
    masked_size: int | None = None
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
