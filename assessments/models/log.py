"""The public log: entries that nobody can change, the tiles of its tree, and the head that is signed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.merkle import EMPTY


class LogKind(StrEnum):
    """What an entry tells of: the decisions about a certificate, and three things of the registry itself."""

    GRANT = "grant"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    LIFT = "lift"
    REDUCE = "reduce"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    REISSUE = "reissue"
    EDITION = "edition"
    KEY = "key"
    HEAD = "head"  # the end of the internal history


class LogEntry(SQLModel, table=True):
    """One leaf of the tree. Triggers refuse update and delete on both databases."""

    __tablename__ = "log_entry"
    __table_args__ = (
        CheckConstraint('"index" >= 0', name="index"),
        CheckConstraint("body <> ''", name="body"),
    )

    index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # 0, 1, 2 ... without gaps
    key: str = Field(unique=True, max_length=120)  # what it tells of, so that nothing is told twice
    kind: LogKind = Field(sa_type=choice(LogKind), index=True)
    body: str  # the exact bytes of the leaf, UTF-8; see assessments/log.py
    leaf_hash: str = Field(max_length=64)
    certificate_id: UUID | None = Field(default=None, foreign_key="certificate.id", index=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class LogTile(SQLModel, table=True):
    """Up to 256 hashes of one level of the tree, one after the other; they only grow."""

    __tablename__ = "log_tile"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 7 AND number >= 0", name="place"),
        CheckConstraint("length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="hashes"),
    )

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hashes: bytes


class LogHead(SQLModel, table=True):
    """How far the log has come, and the checkpoint signed last; its one row is locked while an entry is added."""

    __tablename__ = "log_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("signed_size BETWEEN 0 AND size", name="signed"),
        CheckConstraint("(checkpoint = '') = (signed_at IS NULL)", name="checkpoint"),
    )

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int = 0
    root: str = Field(default=EMPTY.hex(), max_length=64)
    signed_size: int = 0  # of the checkpoint; smaller while nobody here can read the key
    checkpoint: str = ""  # a signed note
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
