"""Questions about results that wait for their round's day of announcement: until then nobody outside learns them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from assessments import clock
from assessments.models import Application, Round
from assessments.states import State

DECIDED = (State.CERTIFIED, State.DECLINED)


def is_held_back(application: Application) -> bool:
    """Whether the committee has decided and the company may not know yet what."""
    held = application.state in DECIDED and application.announce_at is not None
    return held and application.announce_at is not None and clock.now() < application.announce_at


def held_back() -> ColumnElement[bool]:
    """SQL: the same of an application; never NULL, so that it can be negated."""
    at = col(Application.announce_at)
    return and_(col(Application.state).in_(DECIDED), at.is_not(None), at > clock.now())


def seen_by_vendor(application: Application) -> State:
    """The state as the company may know it: before the announcement the file still lies with the committee."""
    return State.IN_DECISION if is_held_back(application) else application.state


def day_of(session: Session, application: Application) -> date | None:
    """The legal day on which the results of an application's round are announced; None: as soon as decided."""
    held = session.get(Round, application.round_id) if application.round_id else None
    return held.announce_on if held else None


def due(session: Session, moment: datetime) -> list[UUID]:
    """The applications whose result has become public and whose company has not been written to."""
    question = select(Application.id).where(
        col(Application.announce_at) <= moment,
        col(Application.announced_at).is_(None),
        col(Application.state).in_(DECIDED),
    )
    return list(session.exec(question).all())
