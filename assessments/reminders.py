"""Reminders before a deadline of the vendor: each sent once, by whichever worker comes first."""

from sqlmodel import Session

from assessments import clock, history
from assessments.errors import N_, WrongState
from assessments.models import Application, Reminder
from assessments.queries import reminders
from assessments.states import Event


def remind(session: Session, application: Application) -> Reminder:
    """Remind the owners, as the clock, of the deadline that runs; the letters go with the history row.

    Refuses (WrongState) when no reminder is due, or it was sent.
    """
    session.refresh(application, with_for_update=True)
    running = reminders.running(session, application)
    days = running.due_days(clock.now()) if running else None
    if running is None or days is None:
        raise WrongState(N_("Chưa đến lúc nhắc."))
    reminder = Reminder(application_id=application.id, state=application.state, due_at=running.due_at, days=days)
    session.add(reminder)
    session.flush()
    history.record(session, None, history.Step(Event.REMIND), application)
    return reminder
