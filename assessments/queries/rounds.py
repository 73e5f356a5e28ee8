"""Questions about intake rounds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from assessments.models import Application, Round


def open_rounds(session: Session, moment: datetime) -> list[Round]:
    """The rounds that take applications at a moment, the one that closes first on top."""
    question = (
        select(Round)
        .where(Round.opens_at <= moment, or_(col(Round.closes_at).is_(None), col(Round.closes_at) > moment))
        .order_by(col(Round.closes_at).is_(None), col(Round.closes_at), col(Round.opens_at).desc())
    )
    return list(session.exec(question).all())


def open_for(session: Session, application: Application, moment: datetime) -> Round | None:
    """The open round that an application of this edition and these categories can be handed in to."""
    categories = set(application.profile.get("categories", []))
    for one in open_rounds(session, moment):
        if one.edition_id == application.edition_id and (not one.categories or categories & set(one.categories)):
            return one
    return None


def all_of_them(session: Session) -> list[Round]:
    """Every round, the one that opened last on top."""
    return list(session.exec(select(Round).order_by(col(Round.opens_at).desc(), col(Round.code))).all())


def by_code(session: Session, code: str) -> Round | None:
    """The round of that code."""
    return session.exec(select(Round).where(Round.code == code)).one_or_none()


def handed_in(session: Session) -> dict[UUID, int]:
    """How many applications each round has, by the round's id."""
    question = select(col(Application.round_id), func.count()).group_by(col(Application.round_id))
    return {round_id: count for round_id, count in session.exec(question).all() if round_id}


def coming_rounds(session: Session, moment: datetime) -> list[Round]:
    """The rounds that open later, the next one on top."""
    question = select(Round).where(Round.opens_at > moment).order_by(col(Round.opens_at), col(Round.code))
    return list(session.exec(question).all())
