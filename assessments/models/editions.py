"""Which editions were published, with which text, by whom."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class EditionPublication(SQLModel, table=True):
    """The digest of an edition at its publication; files that no longer match are refused for new use."""

    __tablename__ = "edition_publication"

    edition_id: str = Field(primary_key=True, max_length=40)
    digest: str = Field(max_length=80)
    published_by: UUID | None = Field(default=None, foreign_key="user.id")  # empty: by the command line
    published_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
