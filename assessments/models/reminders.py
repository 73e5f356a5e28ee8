"""What a company was reminded of before a deadline."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import State


class Reminder(SQLModel, table=True):
    """One reminder of one deadline, so many days before it; the key lets each be sent once, whoever sends it."""

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    state: State = Field(sa_type=choice(State), primary_key=True)
    due_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    days: int = Field(primary_key=True)
    sent_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
