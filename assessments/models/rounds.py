"""Intake rounds: when the club takes applications, for what, and when it announces."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.columns import UtcDateTime


class Round(SQLModel, table=True):
    """One intake round; a rolling round has no closing time and no announcement date."""

    __tablename__ = "intake_round"
    __table_args__ = (CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    edition_id: str = Field(max_length=40)
    categories: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: every category
    opens_at: datetime = Field(sa_type=UtcDateTime, index=True)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    announce_on: date | None = None
    fee_text_vi: str = Field(default="", max_length=500)
    fee_text_en: str = Field(default="", max_length=500)
