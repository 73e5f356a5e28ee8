"""A company's evidence: files and links, who attested them, who read them."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import Audience
from assessments.states import ScanState, ScanTrouble


class StoredFile(SQLModel, table=True):
    """Bytes in the storage, named there by their sha256; one row for each upload, by a company or by a reviewer."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("erased_at IS NULL OR scan = 'quarantined'", name="erased"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID | None = Field(default=None, foreign_key="vendor.id", index=True)  # empty: the club's own
    sha256: str = Field(max_length=64, index=True)
    size: int  # bytes
    media_type: str = Field(max_length=100)  # by content, never the sender's word
    name: str = Field(max_length=200)  # cleaned file name for the download
    uploaded_by: UUID = Field(foreign_key="user.id")
    uploaded_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    flags: list[str] = Field(default_factory=list, sa_type=JSON)  # what a reader should know: see registry inspection
    scan: ScanState = Field(default=ScanState.UNSCANNED, sa_type=choice(ScanState), index=True)
    scan_trouble: ScanTrouble | None = Field(default=None, sa_type=choice(ScanTrouble))
    scan_tries: int = 0
    scan_due_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)  # when it is tried next
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signature: str = Field(default="", max_length=200)  # what the scanner calls what it found; for the office only
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the bytes; the row stays

    @property
    def readable(self) -> bool:
        """Whether anybody may read the bytes."""
        return self.scan in {ScanState.CLEAN, ScanState.UNSCANNED}


class Evidence(SQLModel, table=True):
    """One piece of evidence: a file or a link, with the uploader's word that no child's data is in it."""

    __table_args__ = (
        CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name="file_or_link"),
        UniqueConstraint("file_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    kind: str = Field(max_length=20)  # evidence kind of the edition: DOC, TEST, LAB ...
    title: str = Field(max_length=200)
    file_id: UUID | None = Field(default=None, foreign_key="stored_file.id")
    url: str | None = Field(default=None, max_length=2000)  # https only, never fetched
    issued_on: date | None = None
    valid_until: date | None = Field(default=None, index=True)
    language: str = Field(default="vi", max_length=5)  # of the document: vi, en, other
    audience: Audience = Field(default=Audience.CLUB, sa_type=choice(Audience))
    attested_by: UUID = Field(foreign_key="user.id")
    attested_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Replacement(SQLModel, table=True):
    """One piece took the place of another in the library; what was handed in keeps the old one."""

    old_id: UUID = Field(foreign_key="evidence.id", primary_key=True)
    new_id: UUID = Field(foreign_key="evidence.id", unique=True)
    replaced_by: UUID = Field(foreign_key="user.id")
    replaced_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class EvidenceWarning(SQLModel, table=True):
    """The owners were told that a piece lapses on a day, or that it has: each once."""

    __tablename__ = "evidence_warning"
    __table_args__ = (CheckConstraint("stage IN ('expiring', 'expired')", name="stage"),)

    evidence_id: UUID = Field(foreign_key="evidence.id", primary_key=True)
    stage: str = Field(max_length=10, primary_key=True)
    valid_until: date = Field(primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class EvidenceAccess(SQLModel, table=True):
    """Who read a piece of evidence: one row for each person, piece and ten minutes."""

    __tablename__ = "evidence_access"
    __table_args__ = (UniqueConstraint("evidence_id", "person_id", "window"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", index=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    application_id: UUID | None = Field(default=None, foreign_key="application.id")
    window: int  # whole ten-minute periods since the epoch
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
