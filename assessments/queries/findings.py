"""Questions about findings."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Finding


def all_of(session: Session, application_id: UUID) -> list[Finding]:
    """Every finding of an application, oldest first."""
    question = select(Finding).where(Finding.application_id == application_id).order_by(col(Finding.raised_at))
    return list(session.exec(question).all())


def unasked(session: Session, application_id: UUID) -> list[Finding]:
    """Findings written but not yet put to the vendor."""
    return [one for one in all_of(session, application_id) if one.correction_round == 0 and one.closed_at is None]


def of_round(session: Session, application_id: UUID, number: int) -> list[Finding]:
    """The findings the vendor answers in one round of correction."""
    return [one for one in all_of(session, application_id) if number > 0 and one.correction_round == number]


def still_open(session: Session, application_id: UUID) -> list[Finding]:
    """Findings nobody has closed."""
    return [one for one in all_of(session, application_id) if one.closed_at is None]
