"""Questions about intake rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    return next((one for one in open_rounds(session, moment) if takes(one, application)), None)


def takes(one: Round, application: Application) -> bool:
    """Whether a round is for applications of this edition and these categories, open or not."""
    categories = set(application.profile.get("categories", []))
    return one.edition_id == application.edition_id and (not one.categories or bool(categories & set(one.categories)))


@dataclass(frozen=True)
class Outlook:
    """What the rounds mean for a draft: where it can be handed in now, what it missed, what comes next.

    `other` is a round that is open but takes other products.
    """

    opened: Round | None = None
    missed: Round | None = None
    coming: Round | None = None
    other: Round | None = None


def outlook(session: Session, application: Application, moment: datetime) -> Outlook:
    """The rounds around a draft at a moment, in one statement.

    A draft belongs to no round before it is handed in; so it has missed the last round that would have taken it and
    that closed since it was begun, and goes to whichever opens next.
    """
    every = session.exec(select(Round).where(Round.edition_id == application.edition_id)).all()
    fitting = [one for one in every if takes(one, application)]
    return Outlook(
        opened=_first_to_close(one for one in fitting if is_open(one, moment)),
        missed=max(
            (one for one in fitting if one.closes_at and application.created_at < one.closes_at <= moment),
            key=lambda one: one.closes_at or moment,
            default=None,
        ),
        coming=min((one for one in fitting if one.opens_at > moment), key=lambda one: one.opens_at, default=None),
        other=_first_to_close(one for one in every if one not in fitting and is_open(one, moment)),
    )


def is_open(one: Round, moment: datetime) -> bool:
    """Whether a round takes applications at a moment: from its opening on, and no more at its closing second."""
    return one.opens_at <= moment and (one.closes_at is None or moment < one.closes_at)


def _first_to_close(found: Iterable[Round]) -> Round | None:
    """The round that closes first; among those that roll, the one that opened last."""
    latest_first = sorted(found, key=lambda one: one.opens_at, reverse=True)
    closing = [one for one in latest_first if one.closes_at is not None]
    return min(closing, key=lambda one: one.closes_at or one.opens_at) if closing else next(iter(latest_first), None)


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
