"""The scores that stand behind a certificate: those of its application, with those of later surveillance in place."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import AgreedScore, Application, Basis, Certificate, Surveillance
from assessments.states import Kind
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
    return marks_of(session, session.exec(question).one(), without=application.id)


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


def _mark(score: AgreedScore) -> Score:
    if score.not_applicable:
        return NOT_APPLICABLE
    return NOT_SHOWN if score.value is None else score.value
