"""Test access: the accounts a vendor gives reviewers, sealed, and who opened them."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class TestAccess(SQLModel, table=True):
    """One account for trying the product out. Address, name and password are in `sealed`, which ends with the file."""

    __test__: ClassVar[bool] = False  # pytest takes every class with such a name for one of its own
    __tablename__ = "test_access"
    __table_args__ = (CheckConstraint("(sealed IS NULL) = (erased_at IS NOT NULL)", name="sealed_or_erased"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    label: str = Field(max_length=200)
    valid_until: date | None = None
    sealed: str | None = None  # by the web floor, which has the key; names the key it was sealed with
    added_by: UUID = Field(foreign_key="user.id")
    added_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TestAccessReading(SQLModel, table=True):
    """Somebody opened an account; every opening is a row."""

    __test__: ClassVar[bool] = False  # see TestAccess
    __tablename__ = "test_access_reading"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    test_access_id: UUID = Field(foreign_key="test_access.id", index=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
