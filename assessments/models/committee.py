"""Who sits where: what the club knows of each person, and the seats as the public reads them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.columns import UtcDateTime, choice
from assessments.people import Body, InterestGroup


class Background(SQLModel, table=True):
    """Where a club person comes from: an outside expert or somebody of the club, and their affiliation."""

    person_id: UUID = Field(foreign_key="user.id", primary_key=True)
    affiliation: str = Field(default="", max_length=200)
    outside: bool = False  # an outside expert: a reviewer and nothing else
    represents: InterestGroup | None = Field(default=None, sa_type=choice(InterestGroup))


class CommitteeSeat(SQLModel, table=True):
    """One seat as the public reads it: a read model, named only after the person has agreed to the text."""

    __tablename__ = "committee_seat"
    __table_args__ = (CheckConstraint("(agreed_at IS NULL) = (name = '')", name="named_with_consent"),)

    person_id: UUID = Field(foreign_key="user.id", primary_key=True)
    body: Body = Field(sa_type=choice(Body), primary_key=True)
    represents: InterestGroup | None = Field(default=None, sa_type=choice(InterestGroup))
    name: str = Field(default="", max_length=200)
    affiliation: str = Field(default="", max_length=200)
    interests: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # kind, organisation, since
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
