"""The outbox, and the sign of life of those who work it off."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime

WORKER = "worker"  # name of the heartbeat of flask worker


class Letter(SQLModel, table=True):
    """One mail to one person about one event; `event` is unique, so that nothing is told twice."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event: str = Field(unique=True, max_length=120)
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    language: str = Field(default="vi", max_length=2)
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=400)


class Attachment(SQLModel, table=True):
    """A small file that goes with a letter: its bytes are in the storage, named by their sha256."""

    __table_args__ = (UniqueConstraint("letter_id", "name"), CheckConstraint("size > 0", name="size"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    sha256: str = Field(max_length=64)
    size: int  # bytes


class Heartbeat(SQLModel, table=True):
    """When a worker was last seen alive."""

    name: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class JobFailure(SQLModel, table=True):
    """A job of the worker that failed: how often, when first and last since it last worked, and with what."""

    __tablename__ = "job_failure"
    __table_args__ = (CheckConstraint("times > 0", name="times"),)

    name: str = Field(primary_key=True, max_length=80)
    times: int = 1  # of all its life
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime)  # the first one of the present row of failures
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    error: str = Field(default="", max_length=200)  # the kind of error, never what was in it
    mended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Deployment(SQLModel, table=True):
    """What this whole database is: the real registry, or a demonstration to be thrown away."""

    id: int = Field(default=1, primary_key=True)
    demonstration: bool = False
    log_origin: str = Field(default="", max_length=200)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
