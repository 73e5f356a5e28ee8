"""What the worker forgets of people when its time is over; the periods stand in periods.py."""

import logging

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, func, or_, select, update

from assessments.clock import now
from assessments.models import Member
from registry import db
from registry.accounts.models import Invitation, LoginSession, User, UserRole
from registry.accounts.periods import ACCOUNT_LETTERS, INVITED, UNCONFIRMED
from registry.mail.models import Letter

log = logging.getLogger("registry.worker")

AT_ONCE = 100
OF_ACCOUNTS = (
    "verify_email",
    "already_registered",
    "password_reset",
    "password_changed",
    "invitation",
    "account_closed",
)


def forget_unconfirmed() -> int:
    """Remove accounts that nobody has confirmed in time and nothing points to; returns how many."""
    with db.reading() as session:
        found = session.exec(
            select(User.id)
            .where(
                col(User.email_verified_at).is_(None),
                col(User.disabled_at).is_(None),
                User.created_at < now() - UNCONFIRMED,
                ~col(User.id).in_(select(UserRole.user_id)),
                ~col(User.id).in_(select(Member.user_id)),
                ~col(User.id).in_(select(LoginSession.user_id)),
            )
            .limit(AT_ONCE)
        ).all()
    return sum(_remove(one) for one in found)


def _remove(person_id: object) -> bool:
    try:
        with db.writing() as session:
            session.exec(delete(User).where(col(User.id) == person_id, col(User.email_verified_at).is_(None)))
    except IntegrityError:
        log.warning("an account that was never confirmed is pointed to; it stays")
        return False
    return True


def forget_invitations() -> int:
    """Empty invitations that are over: who asked whom in stays, name and address go. Returns how many."""
    over = func.coalesce(Invitation.accepted_at, Invitation.revoked_at, Invitation.expires_at)
    named = or_(Invitation.email != "", Invitation.name != "", Invitation.affiliation != "")
    return _emptied(update(Invitation).where(over < now() - INVITED, named).values(email="", name="", affiliation=""))


def forget_letters() -> int:
    """Empty letters of accounts that went out long ago, and those of closed accounts at once. Returns how many."""
    of_accounts = or_(*(col(Letter.event).startswith(f"{name}:") for name in OF_ACCOUNTS))
    done = func.coalesce(Letter.sent_at, Letter.given_up_at)
    old = or_(done < now() - ACCOUNT_LETTERS, (col(Letter.event).startswith("account_closed:")) & (done.is_not(None)))
    question = update(Letter).where(of_accounts, old, Letter.recipient != "")
    return _emptied(question.values(recipient="", subject="", body="", last_error=""))


def _emptied(statement: object) -> int:
    with db.reading() as session:
        if not _touches(session, statement):
            return 0
    with db.writing() as session:
        return int(session.execute(statement).rowcount)  # type: ignore[call-overload]


def _touches(session: Session, statement: object) -> bool:
    """Whether there is anything to do: looking takes no lock."""
    wanted = select(1).select_from(statement.table).where(statement.whereclause).limit(1)  # type: ignore[attr-defined]
    return session.execute(wanted).first() is not None


JOBS = (forget_unconfirmed, forget_invitations, forget_letters)
