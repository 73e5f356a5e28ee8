"""Questions about reminders: which deadlines are near, and what was sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from assessments.models import Application, HistoryEntry, Reminder
from assessments.states import Event, State
from criteria import store

REMINDED = (State.RETURNED, State.CORRECTION, State.MINDED_TO)  # where the vendor acts, and a deadline runs


def near(session: Session, moment: datetime) -> list[UUID]:
    """The applications of which a deadline of the vendor is near enough for a reminder, sent or not."""
    longest = max((day for edition in store.editions() for day in edition.reminder_days), default=0)
    question = select(Application.id).where(
        col(Application.state).in_(REMINDED),
        col(Application.due_at) > moment,
        col(Application.due_at) <= moment + timedelta(days=longest),
    )
    return list(session.exec(question).all())


def sent(session: Session, application: Application) -> set[int]:
    """How many days before the deadline that runs the owners were reminded."""
    question = select(Reminder.days).where(
        Reminder.application_id == application.id,
        Reminder.state == application.state,
        Reminder.due_at == application.due_at,
    )
    return set(session.exec(question).all())


def deadline_set_at(session: Session, application: Application) -> datetime:
    """When the deadline that runs was set: with the state, or by the last extension."""
    question = select(func.max(HistoryEntry.at)).where(
        HistoryEntry.application_id == application.id, HistoryEntry.action == Event.EXTEND_DEADLINE
    )
    extended: datetime | None = session.exec(question).one()
    return max(application.moved_at, extended) if extended else application.moved_at
