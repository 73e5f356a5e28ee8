"""What the clock does to complaints: it says once that one is late, and erases contacts in time."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlmodel import Session

from assessments import complaints
from assessments.clock import now
from assessments.errors import Refused
from assessments.models import Complaint
from assessments.queries import complaints as queries
from registry import db
from registry.complaints import letters


def tell_of_late() -> int:
    """Write once to those a complaint goes to when its deadline has passed; returns of how many."""
    with db.reading() as session:
        found = queries.late(session, now())
    return _each(_tell, found)


def erase_contacts() -> int:
    """Erase the contacts whose time has come; returns how many."""
    with db.reading() as session:
        found = queries.with_contact(session)
    return _each(complaints.erase_contact, found)


def _tell(session: Session, complaint: Complaint) -> None:
    complaints.note_late(session, complaint)
    letters.tell_readers(session, complaint, "complaint_late")


def _each(step: Callable[[Session, Complaint], object], found: Iterable[UUID]) -> int:
    return sum(_one(step, one) for one in found)


def _one(step: Callable[[Session, Complaint], object], complaint_id: UUID) -> bool:
    try:
        with db.writing() as session:
            step(session, session.get_one(Complaint, complaint_id))
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True
