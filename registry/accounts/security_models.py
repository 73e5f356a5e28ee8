"""The table of what happened to an account, as its person reads it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import DDL, Index, event
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.models import triggers


class SecurityKind(StrEnum):
    """What happened to an account. A new kind is a word here, one in security_words.py, and one in a migration."""

    SIGNED_IN = "signed_in"
    NEW_DEVICE = "new_device"  # signed in, where this person had not signed in before
    FAILED = "failed"  # a wrong password
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"  # one of the person's own, elsewhere
    SESSIONS_ENDED = "sessions_ended"  # all, or all others
    SESSIONS_STOPPED = "sessions_stopped"  # all, by an administrator
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a kind, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105  a kind, not a password
    ROLES_CHANGED = "roles_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    LEFT_COMPANY = "left_company"  # put out of a company by one of its owners
    TOKEN_MADE = "token_made"  # noqa: S105  a kind, not a token
    TOKEN_ENDED = "token_ended"  # noqa: S105  a kind, not a token
    FACTOR_ADDED = "factor_added"  # a passkey, an app for codes
    FACTOR_REMOVED = "factor_removed"
    FACTOR_FAILED = "factor_failed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"


class SecurityEvent(SQLModel, table=True):
    """One thing that happened; the database refuses to change it, and the worker forgets it after a year."""

    __tablename__ = "security_event"
    __table_args__ = (Index("ix_security_event_user_id_at", "user_id", "at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id")
    kind: SecurityKind = Field(sa_type=choice(SecurityKind))
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    address: str = Field(default="", max_length=45)
    browser: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=200)  # roles, the name of a token: never a secret


for _dialect in ("sqlite", "postgresql"):
    for _statement in triggers(_dialect, "security_event"):
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
        event.listen(SecurityEvent.__table__, "after_create", _ddl.execute_if(dialect=_dialect))  # type: ignore[attr-defined]
