"""Questions about minutes: which still have to be made, and where those that are made lie."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Decision, Minutes


def to_make(session: Session, limit: int, but: Collection[UUID] = ()) -> list[UUID]:
    """The decisions whose minutes are not made yet, with names or without, the oldest first."""
    question = (
        select(Minutes.decision_id)
        .join(Decision, col(Decision.id) == col(Minutes.decision_id))
        .where(col(Minutes.masked_sha256).is_(None), col(Minutes.decision_id).not_in(list(but)))
        .order_by(col(Decision.decided_at))
        .limit(limit)
    )
    return list(session.exec(question).all())


def numbered(session: Session, application_id: UUID, number: int) -> Minutes | None:
    """The minutes of one decision about an application."""
    question = (
        select(Minutes)
        .join(Decision, col(Decision.id) == col(Minutes.decision_id))
        .where(Decision.application_id == application_id, Decision.number == number)
    )
    return session.exec(question).one_or_none()
