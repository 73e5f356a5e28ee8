"""Companies that apply, and the people who work for them here."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import MemberRole


class Vendor(SQLModel, table=True):
    """A legal person; its facts are printed on certificates (ISO/IEC 17065, 7.7.1 b)."""

    __table_args__ = (UniqueConstraint("country", "registration_number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=200)  # as registered
    name_en: str = Field(default="", max_length=200)
    registration_number: str = Field(max_length=40)  # business registration or tax code
    country: str = Field(default="VN", max_length=2)
    address: str = Field(max_length=400)
    website: str = Field(default="", max_length=400)
    representative: str = Field(max_length=200)  # legal representative
    contact_email: str = Field(max_length=254)
    contact_phone: str = Field(default="", max_length=40)
    club_member: bool = False  # confirmed by the office; what the company says of itself stands in the claim
    club_member_since: date | None = None
    membership_claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # empty: no claim waits
    membership_claimed_since: date | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its account here; nobody belongs to it


class Member(SQLModel, table=True):
    """A person of a company; who has left loses access at the next click."""

    vendor_id: UUID = Field(foreign_key="vendor.id", primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", primary_key=True, index=True)
    role: MemberRole = Field(sa_type=choice(MemberRole))
    joined_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
