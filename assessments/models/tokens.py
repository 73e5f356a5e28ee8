"""API tokens: keys by which a program of a company reads what the company's own pages show."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice


class TokenScope(StrEnum):
    """What a token lets a program read; nothing can be written with one."""

    PRODUCTS = "products"  # products and their certificates
    APPLICATIONS = "applications"  # applications and what is waited for until when
    EVIDENCE = "evidence"  # the list of the library, no file
    MESSAGES = "messages"  # what the club and the company have said to each other


class TokenEnd(StrEnum):
    """Why a token ended before its day."""

    REVOKED = "revoked"  # by an owner
    EXPOSED = "exposed"  # it stood in an address, and so in logs
    LEFT = "left"  # who made it is no owner of the company any more
    DISABLED = "disabled"  # the account of who made it was
    CLOSED = "closed"  # the company's account was


class ApiToken(SQLModel, table=True):
    """One token; the program holds the key, the table only its hash."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("name <> '' AND scopes <> ''", name="named"),
        CheckConstraint("expires_at > made_at", name="lasts"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    vendor_id: UUID = Field(foreign_key="vendor.id", index=True)
    made_by: UUID = Field(foreign_key="user.id", index=True)
    name: str = Field(max_length=80)
    key_hash: str = Field(unique=True, max_length=64)
    ending: str = Field(max_length=4)  # the last characters of the key, so that people tell tokens apart
    scopes: str = Field(max_length=200)  # names of TokenScope, comma-separated
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # to ten minutes
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_as: TokenEnd | None = Field(default=None, sa_type=choice(TokenEnd))
    warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # owners, that it expires soon
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # owners, that it ended

    @property
    def allows(self) -> frozenset[TokenScope]:
        """What may be read with it."""
        return frozenset(TokenScope(name) for name in self.scopes.split(","))

    @property
    def runs(self) -> bool:
        """Whether it has not ended and its day has not come."""
        return self.ended_at is None and self.expires_at > now()
