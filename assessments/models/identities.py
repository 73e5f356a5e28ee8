"""Who the club is, from which day on: name, contacts, the public word for "certified", the mark it shows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Identity(SQLModel, table=True):
    """The club as everybody sees it from a day until the next row's day; whole, so that a day is read in one row.

    In whose name certificates are issued stands in `issuing_body`, and nowhere else.
    """

    __table_args__ = (
        CheckConstraint("name_vi <> '' AND name_en <> '' AND short_name <> ''", name="named"),
        CheckConstraint("site_name_vi <> '' AND site_name_en <> ''", name="site_named"),
        CheckConstraint("wording IN ('A', 'B')", name="wording"),
        CheckConstraint("email <> ''", name="reachable"),
    )

    starts_on: date = Field(primary_key=True)
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    short_name: str = Field(max_length=40)
    site_name_vi: str = Field(max_length=60)
    site_name_en: str = Field(max_length=60)
    wording: str = Field(default="A", max_length=1)  # a set of registry.wording
    logo: str = Field(default="leaves", max_length=20)  # one of the marks shipped with the program
    email: str = Field(max_length=254)
    phone: str = Field(default="", max_length=40)
    address_vi: str = Field(default="", max_length=400)
    address_en: str = Field(default="", max_length=400)
    website: str = Field(default="", max_length=400)
    funding_vi: str = Field(default="", max_length=2000)  # where its money comes from, in its own words
    funding_en: str = Field(default="", max_length=2000)
    set_by: UUID | None = Field(default=None, foreign_key="user.id")  # nobody: the command line
    set_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
