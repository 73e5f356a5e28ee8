"""Questions about proposals, notices and decisions."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Decision, Notice, Proposal


def open_proposal(session: Session, application_id: UUID) -> Proposal | None:
    """The proposal that waits for the second person."""
    question = select(Proposal).where(Proposal.application_id == application_id, col(Proposal.closed_at).is_(None))
    return session.exec(question).one_or_none()


def latest_notice(session: Session, application_id: UUID) -> Notice | None:
    """The newest minded-to notice."""
    question = (
        select(Notice).where(Notice.application_id == application_id).order_by(col(Notice.given_at).desc()).limit(1)
    )
    return session.exec(question).one_or_none()


def notice_ended(session: Session, application_id: UUID) -> bool:
    """Whether the vendor was given notice and its period has run."""
    notice = latest_notice(session, application_id)
    return notice is not None and notice.ended_at is not None


def decision_of(session: Session, application_id: UUID) -> Decision | None:
    """The decision in force."""
    question = (
        select(Decision).where(Decision.application_id == application_id).order_by(col(Decision.number).desc()).limit(1)
    )
    return session.exec(question).one_or_none()
