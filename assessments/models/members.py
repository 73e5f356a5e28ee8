"""The directory of those who belong to the club or work with it, as everybody may read it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import AffiliateKind, Affiliation


class Affiliate(SQLModel, table=True):
    """One line of the directory. A person stands in it with their written consent only, and goes at once.

    A company that applies here has its line from the membership the office has confirmed; see `assessments.members`.
    """

    __table_args__ = (
        UniqueConstraint("vendor_id"),
        CheckConstraint("name_vi <> ''", name="named"),
        CheckConstraint("kind <> 'individual' OR consent_on IS NOT NULL", name="person_with_consent"),
        CheckConstraint("vendor_id IS NULL OR (kind = 'company' AND affiliation <> 'partner')", name="member_company"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    affiliation: Affiliation = Field(sa_type=choice(Affiliation))
    kind: AffiliateKind = Field(sa_type=choice(AffiliateKind))
    name_vi: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    does_vi: str = Field(default="", max_length=300)  # what it does, or what the two do together
    does_en: str = Field(default="", max_length=300)
    since: date | None = None
    website: str = Field(default="", max_length=400)
    consent_on: date | None = None  # of the written consent of a person
    vendor_id: UUID | None = Field(default=None, foreign_key="vendor.id")
    slug: str = Field(default="", max_length=80)  # of its page here, where it has one
    version: int = 1
    written_by: UUID | None = Field(default=None, foreign_key="user.id")  # nobody: taken over from before
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
