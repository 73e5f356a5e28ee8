"""Questions about what was handed in."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import AgreementAcceptance, Submission


def has_accepted(session: Session, application_id: UUID, agreement_version: str) -> bool:
    """Whether a named person accepted this version of the agreement for this application."""
    question = select(AgreementAcceptance.id).where(
        AgreementAcceptance.application_id == application_id,
        AgreementAcceptance.agreement_version == agreement_version,
    )
    return session.exec(question).first() is not None


def latest(session: Session, application_id: UUID) -> Submission | None:
    """The newest snapshot: what reviewers and deciders read."""
    question = (
        select(Submission)
        .where(Submission.application_id == application_id)
        .order_by(col(Submission.number).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()
