"""The public read model: rebuilt for a product when its certificate changes; public pages read only this."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice, plain_order
from assessments.states import CertificateState


class Listing(SQLModel, table=True):
    """One product as the public sees it from a first to a last day, with everything its pages print.

    A product whose next certificate waits for its announcement has two listings, one after the other: the change
    comes with the calendar, not with a job.
    """

    __table_args__ = (CheckConstraint("last_day >= first_day", name="days"),)

    certificate_id: UUID = Field(foreign_key="certificate.id", primary_key=True)
    product_id: UUID = Field(foreign_key="product.id", index=True)
    first_day: date
    last_day: date  # the day before the next certificate begins; the end of time without one
    slug: str = Field(index=True, max_length=80)
    vendor_slug: str = Field(index=True, max_length=80)
    number: str = Field(unique=True, max_length=24)  # of the certificate shown
    sort_key: str = Field(index=True, sa_type=plain_order(400))  # Vietnamese order of the name
    state: CertificateState = Field(sa_type=choice(CertificateState))
    valid_from: date
    valid_until: date
    level_rank: int = Field(index=True)  # higher is better
    checked_on: date = Field(index=True)
    changed_on: date = Field(index=True)  # the newest decision
    card: dict[str, Any] = Field(sa_type=JSON)  # what a list of products prints
    content: dict[str, Any] = Field(sa_type=JSON)  # what the page of the product prints
    words: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # what it is found by: see queries.shelf.FIELDS

    @property
    def superseded_on(self) -> date | None:
        """Never while it is shown: its last day is the one before the next certificate begins."""
        return None


class ListingFacet(SQLModel, table=True):
    """One value a product can be filtered by."""

    __tablename__ = "listing_facet"

    facet: str = Field(primary_key=True, max_length=20)
    value: str = Field(primary_key=True, max_length=40)
    listing_id: UUID = Field(foreign_key="listing.certificate_id", primary_key=True, index=True)


class Relisting(SQLModel, table=True):
    """At which public revision a product's part of the catalogue was written last; whoever keeps a copy reads on."""

    product_id: UUID = Field(foreign_key="product.id", primary_key=True)
    revision: int = Field(index=True)


class Revision(SQLModel, table=True):
    """One counter of everything public: caches are keyed by it."""

    id: int = Field(default=1, primary_key=True)
    number: int = 0
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
