"""What the clock does to concerns: it says once that one is late, ends openings, and erases what was said in time."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlmodel import Session

from assessments import concerns, openings
from assessments.clock import now
from assessments.errors import Refused
from assessments.models import Concern
from assessments.queries import concerns as queries
from registry import db
from registry.concerns import letters


def tell_of_late() -> int:
    """Write once to the coordinators when a deadline has passed; returns of how many."""
    with db.reading() as session:
        found = queries.late(session, now())
    return _each(lambda session, one: _tell(session, session.get_one(Concern, one)), found)


def erase() -> int:
    """Erase what was said, and how to reach whoever said it, once its time has come; returns of how many."""
    with db.reading() as session:
        found = queries.to_erase(session, now())
    return _each(lambda session, one: concerns.erase(session, session.get_one(Concern, one)), found)


def end_openings() -> int:
    """Take away what would open contacts after their hours have run; returns of how many."""
    with db.reading() as session:
        found = queries.openings_to_end(session, now())
    return _each(openings.end, found)


def _tell(session: Session, concern: Concern) -> None:
    concerns.note_late(session, concern)
    letters.tell_of_late(session, concern)


def _each(step: Callable[[Session, UUID], object], found: Iterable[UUID]) -> int:
    return sum(_one(step, one) for one in found)


def _one(step: Callable[[Session, UUID], object], found: UUID) -> bool:
    try:
        with db.writing() as session:
            step(session, found)
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True
