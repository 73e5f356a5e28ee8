"""Signed-in browsers as rows: the cookie holds a key, the table its hash, and ending a row ends the session."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import update as sqlalchemy_update
from sqlmodel import Session, SQLModel, col, delete, select, update

from assessments.clock import now
from assessments.errors import N_, WrongState
from assessments.models import Member
from registry.accounts import limits
from registry.accounts.models import LoginSession, User, UserRole

KEPT = timedelta(days=30)  # after a session could no longer be used, ended or not: for asking who was signed in when
SEEN_EVERY = timedelta(minutes=10)


# Asked at every request of somebody signed in, so that they are put together once: that takes longer than to ask them.
_RUNNING = (
    select(User, LoginSession)
    .join(LoginSession, col(LoginSession.user_id) == col(User.id))
    .where(
        col(LoginSession.key_hash) == bindparam("hashed"),
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.expires_at) > bindparam("moment"),
    )
)
_ROLES = select(col(UserRole.role)).where(col(UserRole.user_id) == bindparam("person"))
_COMPANIES = (
    select(col(Member.vendor_id), col(Member.role))
    .where(col(Member.user_id) == bindparam("person"), col(Member.left_at).is_(None))
    .order_by(col(Member.joined_at))
)


@dataclass(frozen=True)
class Seat:
    """Where somebody signs in from, as far as the request tells."""

    address: str = ""
    browser: str = ""


@dataclass(frozen=True)
class Shown:
    """What a person has shown so far: one factor only while `asks_factor`, two when `two`; at least one just now."""

    asks_factor: bool = False
    two: bool = False


def key_hash(key: str) -> str:
    """What the table keeps of a session key."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin(session: Session, user: User, seat: Seat, shown: Shown = Shown()) -> str:
    """Start a session and return its key, which only the browser will know."""
    key = secrets.token_urlsafe(32)
    row = LoginSession(
        key_hash=key_hash(key),
        user_id=user.id,
        expires_at=now() + limits.of(user).whole,
        address=seat.address[:45],
        browser=seat.browser[:200],
        root=key_hash(key),
        asks_factor=shown.asks_factor,
        factor_at=now() if shown.two else None,
        confirmed_at=None if shown.asks_factor else now(),
    )
    session.add(row)
    return key


def find(session: Session, key: str) -> tuple[User, LoginSession] | None:
    """The person and row behind a key, if the session still runs and the person may be signed in."""
    found = session.exec(_RUNNING, params={"hashed": key_hash(key), "moment": now()}).one_or_none()
    if found is None or not found[0].is_active:
        return None
    user, row = found
    load_standing(session, user)
    return (user, row) if limits.runs(user, row) else None


def confirm(session: Session, hashed: str, *, factor: bool) -> str:
    """Write down that the person behind a session has proved themselves just now; returns its new key.

    The former key is worth nothing any more (OWASP ASVS 7.2.4). `factor` says that two factors have been shown by now.
    Refuses (WrongState) a session that has ended meanwhile.
    """
    key = secrets.token_urlsafe(32)
    values: dict[str, object] = {"key_hash": key_hash(key), "confirmed_at": now(), "seen_at": now()}
    if factor:
        values["factor_at"] = now()
    row = SQLModel.metadata.tables["login_session"]  # the key changes: not by way of the row that was loaded by it
    changed = session.execute(
        sqlalchemy_update(row).where(row.c.key_hash == hashed, row.c.ended_at.is_(None)).values(values)
    )
    if getattr(changed, "rowcount", 0) != 1:
        raise WrongState(N_("Phiên đăng nhập này đã kết thúc. Đăng nhập lại."))
    session.expire_all()
    return key


def load_standing(session: Session, user: User) -> None:
    """Tell a person their roles and companies, fresh from the tables."""
    roles = session.exec(_ROLES, params={"person": user.id}).all()
    members = session.exec(_COMPANIES, params={"person": user.id}).all()
    user.stand(frozenset(roles), dict(members))


def end(session: Session, hashed: str) -> None:
    """End one session."""
    session.exec(
        update(LoginSession)
        .where(col(LoginSession.key_hash) == hashed, col(LoginSession.ended_at).is_(None))
        .values(ended_at=now())
    )


def end_own(session: Session, user_id: UUID, hashed: str) -> bool:
    """End one session of a person, and tell whether there was one; the sessions of others are not found."""
    ended = session.exec(
        update(LoginSession)
        .where(
            col(LoginSession.key_hash) == hashed,
            col(LoginSession.user_id) == user_id,
            col(LoginSession.ended_at).is_(None),
        )
        .values(ended_at=now())
    )
    return ended.rowcount > 0


def end_all(session: Session, user_id: UUID, but: str = "") -> None:
    """End every session of a person, save the one whose hash is given."""
    session.exec(
        update(LoginSession)
        .where(
            col(LoginSession.user_id) == user_id,
            col(LoginSession.key_hash) != but,
            col(LoginSession.ended_at).is_(None),
        )
        .values(ended_at=now())
    )


def sweep(session: Session) -> None:
    """Forget the sessions that are over for good: addresses of people are not kept longer than they serve."""
    session.exec(delete(LoginSession).where(col(LoginSession.expires_at) < now() - KEPT))


def running(session: Session, user: User) -> list[LoginSession]:
    """A person's running sessions, the one used last on top."""
    question = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user.id,
            col(LoginSession.ended_at).is_(None),
            LoginSession.expires_at > now(),
        )
        .order_by(col(LoginSession.seen_at).desc())
    )
    return [row for row in session.exec(question).all() if limits.runs(user, row)]
