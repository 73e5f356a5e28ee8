"""In whose name certificates are issued, from which day on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class IssuingBody(SQLModel, table=True):
    """The issuing body and who signs for it, from a day until the next row's day; frozen into each certificate."""

    __tablename__ = "issuing_body"
    __table_args__ = (CheckConstraint("name_vi <> '' AND name_en <> ''", name="named"),)

    starts_on: date = Field(primary_key=True)
    name_vi: str
    name_en: str
    signatory: str = ""  # the name of whoever signs
    office_vi: str = ""
    office_en: str = ""
    set_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
