"""The public read model: rebuilt for a product when its certificate changes; public pages read only this."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice, plain_order
from assessments.states import CertificateState


class Listing(SQLModel, table=True):
    """One product as the public sees it, with everything its pages print."""

    product_id: UUID = Field(foreign_key="product.id", primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    vendor_slug: str = Field(index=True, max_length=80)
    number: str = Field(unique=True, max_length=24)  # of the certificate shown
    sort_key: str = Field(index=True, sa_type=plain_order(400))  # Vietnamese order of the name
    state: CertificateState = Field(sa_type=choice(CertificateState))
    valid_from: date = Field(index=True)
    valid_until: date = Field(index=True)
    level_rank: int = Field(index=True)  # higher is better
    checked_on: date = Field(index=True)
    changed_on: date = Field(index=True)  # the newest decision
    content: dict[str, Any] = Field(sa_type=JSON)


class ListingFacet(SQLModel, table=True):
    """One value a product can be filtered by."""

    __tablename__ = "listing_facet"

    facet: str = Field(primary_key=True, max_length=20)
    value: str = Field(primary_key=True, max_length=40)
    product_id: UUID = Field(foreign_key="listing.product_id", primary_key=True, index=True)


class ListingWord(SQLModel, table=True):
    """One folded word a product can be found by."""

    __tablename__ = "listing_word"

    word: str = Field(primary_key=True, sa_type=plain_order(60))
    product_id: UUID = Field(foreign_key="listing.product_id", primary_key=True, index=True)
    weight: int = 1  # name 3, vendor 2, the rest 1


class Revision(SQLModel, table=True):
    """One counter of everything public: caches are keyed by it."""

    id: int = Field(default=1, primary_key=True)
    number: int = 0
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
