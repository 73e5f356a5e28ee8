"""What the clock does to reports of misuse: it erases contacts in time."""

from uuid import UUID

from assessments import misuse
from assessments.errors import Refused
from assessments.models import MisuseReport
from assessments.queries import misuse as queries
from registry import db


def erase_contacts() -> int:
    """Erase the contacts whose time has come; returns how many."""
    with db.reading() as session:
        found = queries.with_contact(session)
    return sum(_erase(one) for one in found)


def _erase(report_id: UUID) -> bool:
    try:
        with db.writing() as session:
            misuse.erase_contact(session, session.get_one(MisuseReport, report_id))
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True
