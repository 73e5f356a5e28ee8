"""Test records: what a reviewer tried on a device of their own, step by step, and the files that show it."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class TestRecord(SQLModel, table=True):
    """One test; it is called by the reviewer's letter and its number, B-1."""

    __test__: ClassVar[bool] = False  # pytest takes every class with such a name for one of its own
    __tablename__ = "test_record"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    review_id: UUID = Field(foreign_key="review.id", index=True)
    number: int
    criteria: list[str] = Field(sa_type=JSON)  # codes of what it tests, at least one
    device: str = Field(max_length=200)
    system: str = Field(max_length=200)  # operating system and its version
    product_version: str = Field(max_length=60)
    tested_on: date
    steps: str
    result: str
    version: int = 0
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class TestRecordFile(SQLModel, table=True):
    """One file of a test; its name says letter and numbers, never who made it."""

    __test__: ClassVar[bool] = False  # see TestRecord
    __tablename__ = "test_record_file"
    __table_args__ = (UniqueConstraint("record_id", "number"), CheckConstraint("number >= 1", name="number"))

    file_id: UUID = Field(foreign_key="stored_file.id", primary_key=True)
    record_id: UUID = Field(foreign_key="test_record.id", index=True)
    number: int
