"""Questions about signed certificates: which one stands, and what a status list has to say of each."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from assessments.models import (
    Certificate,
    CertificateEvent,
    CertificateRevision,
    Credential,
    SigningKey,
    StatusList,
    Submission,
)
from assessments.publishing import StatusPurpose
from assessments.queries.certificates import events_of
from assessments.states import CertificateAction, CertificateState, CertificateStatus

SIZE = 131_072  # credentials in one list: the least that Bitstring Status List 1.0 allows

_OVER = (CertificateState.WITHDRAWN, CertificateState.TERMINATED, CertificateState.SUPERSEDED)
_SIGNED = (CertificateAction.GRANT, CertificateAction.REDUCE, CertificateAction.RESTORE)
_ENDING = (CertificateAction.WITHDRAW, CertificateAction.TERMINATE)


def newest(session: Session, certificate_id: UUID) -> Credential | None:
    """The signed form of a certificate that stands; None before it was signed."""
    question = select(Credential).where(Credential.certificate_id == certificate_id)
    return session.exec(question.order_by(col(Credential.revision).desc()).limit(1)).first()


def newest_and_trusted(session: Session, certificate_id: UUID) -> tuple[Credential | None, bool]:
    """The signed form that stands, and whether its key is still the registry's alone; one statement."""
    question = (
        select(Credential, SigningKey.compromised_from)
        .join(SigningKey, col(SigningKey.kid) == col(Credential.kid))
        .where(Credential.certificate_id == certificate_id)
        .order_by(col(Credential.revision).desc())
        .limit(1)
    )
    found = session.exec(question).first()
    return (found[0], found[1] is None) if found else (None, True)


def of_certificate(session: Session, certificate_id: UUID) -> list[Credential]:
    """Every signed form of a certificate, oldest first."""
    question = select(Credential).where(Credential.certificate_id == certificate_id)
    return list(session.exec(question.order_by(col(Credential.revision))).all())


def of_revision(session: Session, certificate_id: UUID, revision: int) -> Credential | None:
    """One signed form of a certificate."""
    return session.get(Credential, (certificate_id, revision))


def next_index(session: Session) -> int:
    """The next free place in the status lists."""
    last = session.exec(select(func.max(Credential.status_index))).one()
    return 0 if last is None else last + 1


def asks_for_another(session: Session, event: CertificateEvent) -> bool:
    """Whether an event needs a signature of its own: a grant, another scope, and what brings back an ended one.

    A set bit of revocation stays set (Bitstring Status List 1.0, 2.2), so that a certificate which an appeal puts in
    force again after its end is signed anew, with another place in the lists.
    """
    if event.action in _SIGNED:
        return True
    before = (one for one in events_of(session, event.certificate_id) if one.number < event.number)
    last = next((one for one in before if one.effective_on is not None), None)
    return event.action is CertificateAction.REINSTATE and last is not None and last.action in _ENDING


def is_set(purpose: StatusPurpose, certificate: Certificate, status: CertificateStatus, *, newest: bool) -> bool:
    """What the list of a purpose says of a credential; one that was replaced by another revision is revoked."""
    over = certificate.state in _OVER or status is CertificateStatus.SUPERSEDED
    if purpose is StatusPurpose.REVOCATION:
        return over or not newest
    return newest and not over and certificate.state is CertificateState.SUSPENDED


def list_named(session: Session, name: str) -> StatusList | None:
    """A status list by the last part of its address."""
    return session.get(StatusList, name)


def lists(session: Session) -> list[StatusList]:
    """Every status list."""
    return list(session.exec(select(StatusList).order_by(col(StatusList.purpose), col(StatusList.number))).all())


def places_of(session: Session, number: int) -> Iterator[tuple[Credential, Certificate]]:
    """The credentials of one list with their certificates, in the order of their places."""
    first = (number - 1) * SIZE
    question = (
        select(Credential, Certificate)
        .join(Certificate, col(Certificate.id) == col(Credential.certificate_id))
        .where(Credential.status_index >= first, Credential.status_index < first + SIZE)
        .order_by(col(Credential.status_index))
    )
    yield from session.exec(question)


def content_after(session: Session, certificate: Certificate, event_number: int) -> Mapping[str, Any]:
    """What a certificate said right after one of its events: what the next reduction found, or what it says now."""
    question = (
        select(CertificateRevision.before)
        .join(CertificateEvent, col(CertificateEvent.id) == col(CertificateRevision.event_id))
        .where(CertificateRevision.certificate_id == certificate.id, CertificateEvent.number > event_number)
        .order_by(col(CertificateRevision.number))
    )
    found = session.exec(question.limit(1)).first()
    return certificate.content if found is None else found


def submission_of(session: Session, certificate: Certificate) -> Submission | None:
    """What was handed in and judged for a certificate."""
    number = certificate.content.get("submission", {}).get("number")
    question = select(Submission).where(
        Submission.application_id == certificate.application_id, Submission.number == number
    )
    return session.exec(question).one_or_none()
