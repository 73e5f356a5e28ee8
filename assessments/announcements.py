"""Results of a round: held back until its day of announcement, then told to every company together.

Pages go by the date alone; what the clock does on that day is to write it down, and with it the letters.
"""

from sqlmodel import Session

from assessments import clock, history, publications
from assessments.errors import N_, WrongState
from assessments.models import Application
from assessments.queries import announcements
from assessments.states import Event


def hold_back(session: Session, application: Application) -> None:
    """Keep a decision made just now inside the club until the round's day of announcement, where one lies ahead."""
    day = announcements.day_of(session, application)
    if day is not None and clock.start_of_day(day) > clock.now():
        application.announce_at = clock.start_of_day(day)
        session.add(application)


def announce(session: Session, application: Application) -> None:
    """Write down, as the clock, that the result is out. Refuses (WrongState) before its time and a second time."""
    session.refresh(application, with_for_update=True)
    due = application.state in announcements.DECIDED and application.announce_at is not None
    if not due or application.announced_at is not None or announcements.is_held_back(application):
        raise WrongState(N_("Không có kết quả nào đến ngày công bố."))
    application.announced_at = clock.now()
    session.add(application)
    history.record(session, None, history.Step(Event.ANNOUNCE_RESULT), application)
    publications.wake(session)
