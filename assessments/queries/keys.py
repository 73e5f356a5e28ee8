"""Questions about the registry's own keys: which one signs now, and which there ever were."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assessments.clock import now
from assessments.models import SigningKey
from assessments.publishing import KeyPurpose


@dataclass(frozen=True)
class Identity:
    """In whose name this registry signs, and the name of its log; fixed with its first key."""

    did: str
    log_origin: str


def active(session: Session, purpose: str, moment: datetime | None = None) -> SigningKey | None:
    """The key that signs for a purpose at a moment (now): the newest that is in force; None where there is none."""
    at = moment or now()
    question = (
        select(SigningKey)
        .where(
            SigningKey.purpose == KeyPurpose(purpose),
            SigningKey.active_from <= at,
            or_(col(SigningKey.retired_at).is_(None), col(SigningKey.retired_at) > at),
        )
        .order_by(col(SigningKey.active_from).desc(), col(SigningKey.kid))
    )
    return session.exec(question).first()


def everyone(session: Session) -> list[SigningKey]:
    """Every key there ever was, oldest first."""
    return list(session.exec(select(SigningKey).order_by(col(SigningKey.active_from), col(SigningKey.kid))).all())


def identity(session: Session) -> Identity | None:
    """The name under which this registry signs; None before its first key."""
    found = session.exec(select(SigningKey).order_by(col(SigningKey.created_at), col(SigningKey.kid))).first()
    return Identity(found.did, found.log_origin) if found else None
