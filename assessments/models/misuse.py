"""Reports that a certificate or the mark is misused (ISO/IEC 17065, 4.1.3)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.recourse import MisuseKind, MisuseOutcome, MisuseState


class MisuseReport(SQLModel, table=True):
    """One report; nobody knows who made it unless they left how to reach them, which is sealed and erased in time."""

    __tablename__ = "misuse_report"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("contact IS NULL OR contact_erased_at IS NULL", name="sealed_or_erased"),
        CheckConstraint("state = 'received' OR handler_id IS NOT NULL", name="in_a_hand"),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)"
            " AND (state <> 'closed' OR (outcome IS NOT NULL AND note <> ''))",
            name="closed_with_a_note",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True, max_length=20)  # DS-2026-0001
    year: int
    serial: int
    code_hash: str = Field(unique=True, max_length=64)  # sha256 of the code that follows it
    kind: MisuseKind = Field(sa_type=choice(MisuseKind))
    place: str = Field(max_length=1000)  # an address, a shop, a box: as typed
    about: str = Field(default="", max_length=40)  # the number on it, as typed
    certificate_id: UUID | None = Field(default=None, foreign_key="certificate.id", index=True)
    text: str = ""
    language: str = Field(default="vi", max_length=2)
    contact: str | None = None  # sealed by the web floor
    contact_given: bool = False
    contact_erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edition_id: str = Field(max_length=40)  # its periods
    state: MisuseState = Field(default=MisuseState.RECEIVED, sa_type=choice(MisuseState), index=True)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)  # somebody looks at it by then
    handler_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: MisuseOutcome | None = Field(default=None, sa_type=choice(MisuseOutcome))
    note: str = ""  # for the record
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
