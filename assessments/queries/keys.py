"""Questions about the registry's own keys: which one signs now, and which there ever were."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from assessments.clock import now, today
from assessments.models import Certificate, Credential, SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries.certificates import status_is
from assessments.states import CertificateStatus

_COUNTING = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)


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


def signed_with(session: Session, kid: str) -> list[tuple[str, datetime]]:
    """The certificates that count today and whose standing signature is by a key: their number, and when it was made.

    Those that have ended are left out: what they were worth is in the log.
    """
    newest = (
        select(func.max(Credential.revision))
        .where(col(Credential.certificate_id) == Certificate.id)
        .correlate(Certificate)
        .scalar_subquery()
    )
    day = today()
    question = (
        select(Certificate.number, Credential.issued_at)
        .join(Credential, col(Credential.certificate_id) == col(Certificate.id))
        .where(
            Credential.kid == kid,
            col(Credential.revision) == newest,
            or_(*(status_is(one, day) for one in _COUNTING)),
        )
        .order_by(col(Certificate.year), col(Certificate.serial))
    )
    return list(session.exec(question).all())


def lost(session: Session) -> list[SigningKey]:
    """The keys that were lost to others."""
    return list(session.exec(select(SigningKey).where(col(SigningKey.compromised_from).is_not(None))).all())


def identity(session: Session) -> Identity | None:
    """The name under which this registry signs; None before its first key."""
    found = session.exec(select(SigningKey).order_by(col(SigningKey.created_at), col(SigningKey.kid))).first()
    return Identity(found.did, found.log_origin) if found else None
