"""A company's data to take away: who asked for it, how far it is, and who took it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice

_RUNNING = text("state IN ('waiting', 'making')")


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    MAKING = "making"  # a worker holds it until `held_until`, and longer while it goes on
    READY = "ready"
    FAILED = "failed"
    OVER = "over"  # its file is gone: kept long enough, replaced by a newer one, or the company left


class Export(SQLModel, table=True):
    """One ZIP with everything a company has here; a company has one on its way at a time."""

    __tablename__ = "company_export"
    __table_args__ = (
        CheckConstraint("state <> 'ready' OR (sha256 <> '' AND expires_at IS NOT NULL)", name="whole"),
        Index("uq_company_export_running", "vendor_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    requested_by: UUID = Field(foreign_key="user.id")
    requested_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    state: ExportState = Field(default=ExportState.WAITING, sa_type=choice(ExportState), index=True)
    holder: str = Field(default="", max_length=32)  # which worker's try this is; part of the file's name
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    sha256: str = Field(default="", max_length=64)
    size: int = Field(default=0, sa_type=BigInteger)  # bytes
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of exports: two tries never write the same one."""
        return f"{self.id}-{self.holder}.zip"


class ExportReading(SQLModel, table=True):
    """Who took an export away: one row for each person, export and ten minutes."""

    __tablename__ = "company_export_reading"
    __table_args__ = (UniqueConstraint("export_id", "person_id", "window"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    export_id: UUID = Field(foreign_key="company_export.id", index=True)
    person_id: UUID = Field(foreign_key="user.id")
    window: int  # whole ten-minute periods since the epoch
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
