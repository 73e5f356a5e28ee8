"""The public figures of each year, which the pages of figures read alone, and the yearly report made of them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime

_DRAFT = text("published_at IS NULL")


class Figure(SQLModel, table=True):
    """One number of one year: ("appeals", "lodged"); written whenever what it counts changes."""

    year: int = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=40)
    name: str = Field(primary_key=True, max_length=80)
    value: int = 0


class SituationReport(SQLModel, table=True):
    """The report of a year: the club's foreword, and once published the figures it was published with.

    What is published stays as it was; a correction is another report of the same year, which says what it corrects.
    """

    __tablename__ = "situation_report"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_by_somebody"),
        CheckConstraint("published_at IS NULL OR (foreword_vi <> '' AND foreword_en <> '')", name="with_a_foreword"),
        CheckConstraint(
            "published_at IS NULL OR number = 1 OR (correction_vi <> '' AND correction_en <> '')", name="corrects"
        ),
        CheckConstraint("(vi_sha256 IS NULL) = (vi_size IS NULL)", name="made_vi"),
        CheckConstraint("(en_sha256 IS NULL) = (en_size IS NULL)", name="made_en"),
        Index(
            "uq_situation_report_draft",
            "year",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    year: int = Field(index=True)
    number: int = 1
    foreword_vi: str = ""
    foreword_en: str = ""
    correction_vi: str = ""  # what it corrects, where there was one before
    correction_en: str = ""
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # year -> subject -> name -> value
    version: int = 1
    written_by: UUID = Field(foreign_key="user.id")
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    published_by: UUID | None = Field(default=None, foreign_key="user.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    vi_sha256: str | None = Field(default=None, max_length=64, index=True)
    vi_size: int | None = None  # bytes
    en_sha256: str | None = Field(default=None, max_length=64, index=True)
    en_size: int | None = None
