"""The register of the past: what happened to certificates, and what each product was on each day gone by."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from assessments.columns import UtcDateTime, choice, plain_order
from assessments.publishing import RegisterKind
from assessments.states import CertificateStatus


class Change(SQLModel, table=True):
    """One line of the public register. Lines of days to come are written with the others and show from their day on.

    The key never changes, however often the line is written anew: feeds and subscribers know it by that.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("(kind = 'edition') = (product_id IS NULL)", name="of_a_product"),
        Index("ix_change_newest", "at", "key"),
    )

    key: str = Field(primary_key=True, sa_type=plain_order(80))  # VCSC-26-0001-K/2, VCSC-26-0001-K/expire
    kind: RegisterKind = Field(sa_type=choice(RegisterKind))
    day: date = Field(index=True)  # the legal day from which it counts
    at: datetime = Field(sa_type=UtcDateTime)  # the moment on that day; its beginning for what the calendar does
    product_id: UUID | None = Field(default=None, foreign_key="product.id", index=True)
    slug: str = Field(default="", max_length=80)
    number: str = Field(default="", max_length=24, index=True)  # of the certificate
    edition_id: str = Field(max_length=40, index=True)
    words: str = ""  # folded words of product, vendor and number, each with a space before it
    text: dict[str, Any] = Field(sa_type=JSON)  # what the register prints


class Period(SQLModel, table=True):
    """Days on which the catalogue showed a product in one way: which certificate, what it was worth, its scope."""

    __table_args__ = (CheckConstraint("last_day >= first_day", name="days"),)

    product_id: UUID = Field(foreign_key="product.id", primary_key=True)
    first_day: date = Field(primary_key=True)
    last_day: date = Field(index=True)
    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    number: str = Field(max_length=24)
    slug: str = Field(max_length=80)
    sort_key: str = Field(sa_type=plain_order(400))
    status: CertificateStatus = Field(sa_type=choice(CertificateStatus))
    since: date  # since when it had that status
    valid_until: date
    checked_on: date
    level_rank: int
    words: str = ""
    facets: str = ""  # "age:7-11" and the like, each with a space before and after it
    card: dict[str, Any] = Field(sa_type=JSON)


class ToldChange(SQLModel, table=True):
    """A line of the register that subscribers were told of: put into their letters and messages to send."""

    __tablename__ = "told_change"

    key: str = Field(primary_key=True, sa_type=plain_order(80))
    at: datetime = Field(sa_type=UtcDateTime)
