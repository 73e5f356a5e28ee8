"""What a person is competent to judge: one category of products or one group of criteria, until a day."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import CompetenceBasis, CompetenceField


class Competence(SQLModel, table=True):
    """One line of the register of competences (ISO/IEC 17065, 6.1.2)."""

    __table_args__ = (
        CheckConstraint("expires_on >= valid_from", name="expires_after_beginning"),
        CheckConstraint("granted_by <> person_id", name="granted_by_another"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_at IS NULL OR ended_reason <> ''", name="ended_with_a_reason"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    edition_id: str = Field(max_length=40)  # whose codes were meant when it was granted
    field: CompetenceField = Field(sa_type=choice(CompetenceField))
    code: str = Field(max_length=20)  # of a category or a group
    basis: CompetenceBasis = Field(sa_type=choice(CompetenceBasis))
    note: str = Field(default="", max_length=1000)
    valid_from: date
    expires_on: date = Field(index=True)  # the last day it holds
    granted_by: UUID = Field(foreign_key="user.id")
    granted_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="user.id")
    ended_reason: str = Field(default="", max_length=500)
