"""What the worker forgets of people when its time is over; the periods stand in periods.py."""

import logging
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import and_, col, delete, func, or_, select, update

from assessments.clock import now
from assessments.models import Member
from registry import db
from registry.accounts.models import Invitation, LoginSession, User, UserRole
from registry.accounts.periods import ACCOUNT_LETTERS, INVITED, UNCONFIRMED
from registry.mail.models import Letter

log = logging.getLogger("registry.worker")

AT_ONCE = 100
MOST = 500  # rows emptied in one turn
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
    named = or_(*(col(one) != "" for one in (Invitation.email, Invitation.name, Invitation.affiliation)))
    return _emptied(Invitation, and_(over < now() - INVITED, named), "email", "name", "affiliation")


def forget_letters() -> int:
    """Empty letters of accounts that went out long ago, and those of closed accounts at once. Returns how many."""
    of_accounts = or_(*(col(Letter.event).startswith(f"{name}:") for name in OF_ACCOUNTS))
    done = func.coalesce(Letter.sent_at, Letter.given_up_at)
    old = or_(done < now() - ACCOUNT_LETTERS, (col(Letter.event).startswith("account_closed:")) & (done.is_not(None)))
    which = and_(of_accounts, old, col(Letter.recipient) != "")
    return _emptied(Letter, which, "recipient", "subject", "body", "last_error")


def _emptied(table: Any, which: ColumnElement[bool], *columns: str) -> int:
    """Empty columns of some rows; looking whether there are any takes no lock."""
    with db.reading() as session:
        found = session.exec(select(table.id).where(which).limit(MOST)).all()
    if found:
        with db.writing() as session:
            session.exec(update(table).where(table.id.in_(found)).values(dict.fromkeys(columns, "")))
    return len(found)


JOBS = (forget_unconfirmed, forget_invitations, forget_letters)
