"""What a renewal or a change stands on, and which of the last answers somebody has said are still right."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Basis(SQLModel, table=True):
    """The certificate a later application renews or changes, and what the vendor says is different since."""

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    certificate_id: UUID = Field(foreign_key="certificate.id", index=True)
    changes: list[str] = Field(default_factory=list, sa_type=JSON)  # values of states.ChangeKind
    note: str = ""  # what changed, in the vendor's words


class Confirmation(SQLModel, table=True):
    """Somebody of the company has looked at a carried answer and found it still right, under one edition."""

    __tablename__ = "answer_confirmation"

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    criterion: str = Field(primary_key=True, max_length=20)
    edition_id: str = Field(max_length=40)  # under another edition it has to be looked at again
    one_by_one: bool = False  # looked at alone, not carried over with the rest
    confirmed_by: UUID = Field(foreign_key="user.id")
    confirmed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
