"""Files that arrive over several requests, until they become evidence or are given up."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Upload(SQLModel, table=True):
    """One file on its way into a company's library: how much of it is safe, and who may go on with it."""

    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        CheckConstraint("received >= 0 AND received <= length", name="received"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    name: str = Field(max_length=200)  # cleaned file name
    length: int = Field(sa_type=BigInteger)  # bytes of the whole file
    received: int = Field(default=0, sa_type=BigInteger)  # bytes that are safe in the storage
    place: str = Field(default="", max_length=1024)  # the storage's own word for where they are
    parts: list[str] = Field(default_factory=list, sa_type=JSON)  # receipts of whole parts, see registry.storage
    metadata_header: str = Field(default="", max_length=4000)  # Upload-Metadata, as the client sent it
    ref: str = Field(default="", max_length=20)  # where the person was when it began
    criterion: str = Field(default="", max_length=20)
    sha256: str = Field(default="", max_length=64)  # once the whole file has arrived
    holder: str = Field(default="", max_length=32)  # the request that writes now
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
