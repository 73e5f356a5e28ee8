"""What a vendor says has changed, or will, in a certified product (ISO/IEC 17065, 4.1.2.2 (c) 10 and 7.10.2)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.lifecycle import ChangeSize


class ChangeNotice(SQLModel, table=True):
    """One notice about one certificate, and how the office has judged it."""

    __tablename__ = "change_notice"
    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("(judged_at IS NULL) = (size IS NULL)", name="judged"),
        CheckConstraint("size IS NULL OR (reason <> '' AND judged_by IS NOT NULL)", name="judged_with_a_reason"),
        CheckConstraint("size <> 'major' OR apply_by IS NOT NULL", name="major_has_a_day"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    number: int  # of the certificate's
    changes: list[str] = Field(default_factory=list, sa_type=JSON)  # values of states.ChangeKind
    version: str = Field(default="", max_length=40)  # the new one, where there is one
    effective_on: date  # from when it is so
    text: str
    given_by: UUID = Field(foreign_key="user.id")
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    size: ChangeSize | None = Field(default=None, sa_type=choice(ChangeSize), index=True)
    reason: str = ""  # of the office, read by the vendor
    judged_by: UUID | None = Field(default=None, foreign_key="user.id")
    judged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    apply_by: date | None = None  # by when a change application is to be handed in
    application_id: UUID | None = Field(default=None, foreign_key="application.id")  # the one about it
