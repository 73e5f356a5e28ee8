"""How far reviewers agree, as the worker last measured it: one row an application, one row an edition."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import Unmeasured

OF_EDITION = "application_id IS NULL"


class Reliability(SQLModel, table=True):
    """Krippendorff's alpha (ordinal); `alpha` None comes with the reason why it cannot be worked out."""

    __table_args__ = (
        CheckConstraint("alpha IS NULL OR alpha <= 1", name="alpha"),
        CheckConstraint("(alpha IS NULL) = (obstacle IS NOT NULL)", name="alpha_or_obstacle"),
        CheckConstraint("criteria >= 0 AND raters >= 0", name="counts"),
        Index(
            "uq_reliability_edition",
            "edition_id",
            unique=True,
            sqlite_where=text(OF_EDITION),
            postgresql_where=text(OF_EDITION),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    edition_id: str = Field(max_length=40)
    application_id: UUID | None = Field(default=None, foreign_key="application.id", unique=True)  # None: the edition
    alpha: float | None = None
    obstacle: Unmeasured | None = Field(default=None, sa_type=choice(Unmeasured))
    criteria: int = 0  # scored by two reviewers or more
    raters: int = 0
    measured_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
