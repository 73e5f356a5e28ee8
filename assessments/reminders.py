"""Reminders before a deadline of the vendor: each sent once, by whichever worker comes first."""

from datetime import timedelta

from sqlmodel import Session

from assessments import clock, history
from assessments.errors import N_, WrongState
from assessments.models import Application, Reminder
from assessments.queries import reminders
from assessments.states import Event
from criteria import store


def remind(session: Session, application: Application) -> Reminder:
    """Remind the owners, as the clock, of the deadline that runs; the letters go with the history row.

    Of several reminders that are due only the last is sent. Refuses (WrongState) when none is due or it was sent.
    """
    session.refresh(application, with_for_update=True)
    days = _due_days(session, application)
    if days is None or application.due_at is None:
        raise WrongState(N_("Chưa đến lúc nhắc."))
    reminder = Reminder(application_id=application.id, state=application.state, due_at=application.due_at, days=days)
    session.add(reminder)
    session.flush()
    history.record(session, None, history.Step(Event.REMIND), application)
    return reminder


def _due_days(session: Session, application: Application) -> int | None:
    """The reminder whose time has come last and that nobody has sent, None when there is none.

    A reminder whose time came before the deadline was set has no news: the letter that set it said the same.
    """
    due_at, moment = application.due_at, clock.now()
    if application.state not in reminders.REMINDED or due_at is None or due_at <= moment:
        return None
    since = reminders.deadline_set_at(session, application)
    days = store.load(application.edition_id).reminder_days
    come = [day for day in days if since < due_at - timedelta(days=day) <= moment]
    if not come or any(day <= min(come) for day in reminders.sent(session, application)):
        return None
    return min(come)
