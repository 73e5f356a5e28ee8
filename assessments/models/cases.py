"""Case files to take away: who asked for one, what was in it, and who took it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.states import CaseState

_RUNNING = text("state IN ('waiting', 'making')")


class CaseExport(SQLModel, table=True):
    """One archive of one application; an application has one on its way at a time. The row outlives the file."""

    __tablename__ = "case_export"
    __table_args__ = (
        CheckConstraint("state <> 'ready' OR (sha256 <> '' AND expires_at IS NOT NULL)", name="whole"),
        CheckConstraint("tries >= 0", name="tries"),
        Index(
            "uq_case_export_running", "application_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    requested_by: UUID = Field(foreign_key="user.id")
    requested_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    language: str = Field(default="vi", max_length=2)  # of the documents to read; the data is the same
    state: CaseState = Field(default=CaseState.WAITING, sa_type=choice(CaseState), index=True)
    holder: str = Field(default="", max_length=32)  # which worker's try this is; part of the file's name
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    sha256: str = Field(default="", max_length=64)
    size: int = Field(default=0, sa_type=BigInteger)  # bytes
    manifest: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as it lies in the archive
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of case files: two tries never write the same one."""
        return f"{self.id}-{self.holder}.zip"


class CaseReading(SQLModel, table=True):
    """Who took a case file away: one row for each person, export and ten minutes."""

    __tablename__ = "case_reading"
    __table_args__ = (UniqueConstraint("export_id", "person_id", "window"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    export_id: UUID = Field(foreign_key="case_export.id", index=True)
    person_id: UUID = Field(foreign_key="user.id")
    window: int  # whole ten-minute periods since the epoch
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
