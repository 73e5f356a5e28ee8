"""What browsers have a passkey sign: random, bound to one browser and one purpose, good once and for minutes."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session, col, delete

from assessments.clock import now
from registry import db
from registry.accounts.attempts import INSERT
from registry.accounts.factor_models import Challenge

LASTS = timedelta(minutes=5)
OCTETS = 32


class Purpose(StrEnum):
    """What the answer to a challenge is taken for; an answer for one purpose is nothing to the others."""

    SIGN_IN = "sign_in"  # instead of a password
    FACTOR = "factor"  # after one
    CONFIRM = "confirm"  # before something grave
    REGISTER = "register"


def make(session: Session, bound: str, purpose: Purpose) -> bytes:
    """A new challenge for a browser, in place of the one it had."""
    challenge = secrets.token_bytes(OCTETS)
    new = {"challenge": urlsafe_b64encode(challenge).decode(), "expires_at": now() + LASTS}
    insert = INSERT[session.get_bind().dialect.name](Challenge).values(bound=bound, purpose=purpose, **new)
    session.execute(insert.on_conflict_do_update(index_elements=["bound", "purpose"], set_=new))
    return challenge


def take(session: Session, bound: str, purpose: Purpose) -> bytes | None:
    """The challenge a browser was given, if it is still good; from now on it is not, whatever the answer is worth."""
    key = (col(Challenge.bound) == bound, col(Challenge.purpose) == purpose)
    statement = delete(Challenge).where(*key).returning(col(Challenge.challenge), col(Challenge.expires_at))
    found = session.execute(statement).one_or_none()
    return urlsafe_b64decode(found[0]) if found is not None and found[1] > now() else None


def taken(bound: str, purpose: Purpose) -> bytes | None:
    """The same in a transaction of its own, so that a refusal afterwards does not give it back.

    The request's session is given back before: it would hold what this one writes.
    """
    db.release()
    with db.writing() as own:
        return take(own, bound, purpose)


def sweep(session: Session) -> None:
    """Forget those that nobody answered."""
    session.execute(delete(Challenge).where(col(Challenge.expires_at) <= now()))
