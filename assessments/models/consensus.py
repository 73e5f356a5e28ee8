"""What the reviewers agree on, and what the lead reviewer recommends to the committee."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class AgreedScore(SQLModel, table=True):
    """The agreed score of one criterion, with a reconciliation where the rules ask for one."""

    __tablename__ = "agreed_score"
    __table_args__ = (
        UniqueConstraint("application_id", "criterion"),
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name="value"),
        CheckConstraint("value IS NULL OR (NOT not_shown AND NOT not_applicable)", name="one_mark"),
        CheckConstraint("value IS NOT NULL OR not_shown OR not_applicable", name="some_mark"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    criterion: str = Field(max_length=20)
    value: int | None = None
    not_shown: bool = False
    not_applicable: bool = False
    reconciliation: str = ""
    version: int = 0
    saved_by: UUID = Field(foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ConsensusRemark(SQLModel, table=True):
    """A word among the reviewers about one criterion while they agree; never for the vendor."""

    __tablename__ = "consensus_remark"
    __table_args__ = (CheckConstraint("text <> ''", name="text"), Index(None, "application_id", "criterion"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id")
    review_id: UUID = Field(foreign_key="review.id", index=True)  # read by its letter
    criterion: str = Field(max_length=20)
    text: str
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Recommendation(SQLModel, table=True):
    """The public summary and limits in both languages, checked for facts by the vendor."""

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    summary_vi: str = ""
    summary_en: str = ""
    limits: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # at most three {"vi", "en"}
    measured: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # "found" by key, "own" results; see measured
    version: int = 0
    saved_by: UUID | None = Field(default=None, foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_to_vendor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    vendor_checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    vendor_checked_by: UUID | None = Field(default=None, foreign_key="user.id")
    vendor_remarks: str = ""
