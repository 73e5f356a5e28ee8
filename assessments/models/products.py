"""A product, from its first application to its last certificate."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Product(SQLModel, table=True):
    """What stays the same while versions, profiles and certificates come and go."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=200)  # Vietnamese name of the newest profile
    name_en: str = Field(default="", max_length=200)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
