"""What happened to an account: written in the transaction of what it tells of, read by its person alone.

Kept for a year. A wrong password is written down at most twenty times an hour for an account, so that nobody buries
what matters under their own tries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import has_request_context
from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from assessments.clock import now
from assessments.queries import paging
from registry.accounts import seats
from registry.accounts.models import User
from registry.accounts.security_models import SecurityEvent, SecurityKind
from registry.accounts.sessions import Seat

KEPT = timedelta(days=365)
PAGE = 30
ENTRIES = (SecurityKind.SIGNED_IN, SecurityKind.NEW_DEVICE)
BY_OTHERS = frozenset(  # the address of whoever did that is no business of the person it was done to
    {
        *(SecurityKind.SESSIONS_STOPPED, SecurityKind.ROLES_CHANGED, SecurityKind.DISABLED, SecurityKind.ENABLED),
        SecurityKind.LEFT_COMPANY,
    }
)
MOST: Mapping[SecurityKind, int] = {SecurityKind.FAILED: 20, SecurityKind.FACTOR_FAILED: 20}  # in an hour
_ORDER = [
    paging.Order(SecurityEvent.at, datetime, descending=True),
    paging.Order(SecurityEvent.id, UUID, descending=True),
]


@dataclass(frozen=True)
class Page:
    """A page of the history, the newest first, and the token of the next one ("" for none)."""

    events: list[SecurityEvent]
    next: str


def record(
    session: Session, user: User, kind: SecurityKind, *, seat: Seat | None = None, note: str = ""
) -> SecurityEvent | None:
    """Write down what happened to the account of a person; the caller's transaction carries it.

    `seat` is where it was done from: without it, where this request comes from, but for what others do to an account.
    `note` is for the person to read: no secret. None when it was written down too often in this hour.
    """
    if kind in MOST and _in_this_hour(session, user, kind) >= MOST[kind]:
        return None
    place = seat or _seat(kind)
    found = SecurityEvent(
        user_id=user.id, kind=kind, address=place.address[:45], browser=place.browser[:200], note=note[:200]
    )
    session.add(found)
    return found


def has_signed_in(session: Session, user: User) -> bool:
    """Whether it is on record that the person has signed in before."""
    question = select(SecurityEvent.id).where(SecurityEvent.user_id == user.id, col(SecurityEvent.kind).in_(ENTRIES))
    return session.exec(question.limit(1)).first() is not None


def page_of(session: Session, user: User, after: str = "") -> Page:
    """What happened to a person's account, from a token on, in one statement."""
    question = (
        select(SecurityEvent)
        .where(SecurityEvent.user_id == user.id, *paging.beyond(_ORDER, after))
        .order_by(col(SecurityEvent.at).desc(), col(SecurityEvent.id).desc())
        .limit(PAGE + 1)
    )
    rows = list(session.exec(question).all())
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], paging.token_of([last.at, last.id]) if last else "")


def sweep(session: Session) -> None:
    """Forget what is older than a year."""
    session.exec(delete(SecurityEvent).where(col(SecurityEvent.at) < now() - KEPT))


def _in_this_hour(session: Session, user: User, kind: SecurityKind) -> int:
    question = select(func.count()).where(
        col(SecurityEvent.user_id) == user.id,
        col(SecurityEvent.kind) == kind,
        col(SecurityEvent.at) > now() - timedelta(hours=1),
    )
    return session.exec(question).one()


def _seat(kind: SecurityKind) -> Seat:
    return Seat() if kind in BY_OTHERS or not has_request_context() else seats.here()
