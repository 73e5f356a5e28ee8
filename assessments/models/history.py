"""The history: a chain of salted hashes that cannot be changed, and the erasable text beside it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class HistoryEntry(SQLModel, table=True):
    """One step. Triggers refuse update and delete on both databases."""

    __tablename__ = "history_entry"

    seq: int = Field(primary_key=True)  # 1, 2, 3 ... without gaps
    application_id: UUID | None = Field(default=None, foreign_key="application.id", index=True)
    certificate_id: UUID | None = Field(default=None, foreign_key="certificate.id", index=True)
    actor_id: UUID | None = Field(default=None, foreign_key="user.id")  # empty: the clock
    action: str = Field(max_length=40)
    from_state: str = Field(default="", max_length=40)
    to_state: str = Field(default="", max_length=40)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    text_hash: str = Field(max_length=64)  # sha256 of the salt and the erasable text
    previous_hash: str = Field(max_length=64)
    hash: str = Field(unique=True, max_length=64)


class HistoryText(SQLModel, table=True):
    """Names and words of one step; erased by law without breaking the chain."""

    __tablename__ = "history_text"

    seq: int = Field(foreign_key="history_entry.seq", primary_key=True)
    salt: str = Field(max_length=32)
    actor_name: str = ""
    note: str = ""


class ChainHead(SQLModel, table=True):
    """The end of the chain; its one row is locked while a step is added."""

    __tablename__ = "chain_head"

    id: int = Field(default=1, primary_key=True)
    seq: int = 0
    hash: str = Field(default="0" * 64, max_length=64)
