"""The scores that stand behind a certificate: those of its application, with those of later surveillance in place."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import profile
from assessments.models import AgreedScore, Application, Basis, Certificate, CertificateRevision, Surveillance
from assessments.queries.progress import scope_of
from assessments.states import Kind
from criteria import store
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN, Score


def marks_before(session: Session, application: Application) -> dict[str, Score]:
    """What stood behind the certificate when a surveillance began, as the verdict takes it.

    Nothing for other kinds of applications, without a question.
    """
    if application.kind is not Kind.SURVEILLANCE:
        return {}
    question = (
        select(Certificate)
        .join(Basis, col(Basis.certificate_id) == col(Certificate.id))
        .where(Basis.application_id == application.id)
    )
    certificate = session.exec(question).one()
    gone = _no_longer(session, certificate)
    marks = marks_of(session, certificate, without=application.id)
    return {code: mark for code, mark in marks.items() if code not in gone}


def marks_of(session: Session, certificate: Certificate, without: UUID | None = None) -> dict[str, Score]:
    """criterion code -> the last agreed score; `without` leaves out what one surveillance has found."""
    seen = select(Surveillance.application_id).where(
        Surveillance.certificate_id == certificate.id,
        col(Surveillance.measure).is_not(None),
        col(Surveillance.application_id) != without,
    )
    question = (
        select(AgreedScore)
        .join(Application, col(Application.id) == col(AgreedScore.application_id))
        .where((col(Application.id) == certificate.application_id) | col(Application.id).in_(seen))
        .order_by(col(Application.created_at), col(Application.ref))
    )
    return {one.criterion: _mark(one) for one in session.exec(question).all()}


def granted_content(session: Session, certificate: Certificate) -> Mapping[str, Any]:
    """What a certificate said when it was granted, before any reduction."""
    if certificate.revision == 1:
        return certificate.content
    question = select(CertificateRevision.before).where(CertificateRevision.certificate_id == certificate.id)
    return session.exec(question.order_by(col(CertificateRevision.number)).limit(1)).one()


def _no_longer(session: Session, certificate: Certificate) -> set[str]:
    """The criteria that a reduction has left without anything they apply to; none without a question before one."""
    if certificate.revision == 1:
        return set()
    edition = store.load(certificate.edition_id)
    then, today = (
        set(scope_of(edition, profile.from_dict(content["profile"])).codes)
        for content in (granted_content(session, certificate), certificate.content)
    )
    return then - today


def _mark(score: AgreedScore) -> Score:
    if score.not_applicable:
        return NOT_APPLICABLE
    return NOT_SHOWN if score.value is None else score.value
