"""Questions about reminders: which deadlines are near, and what was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from assessments.models import Application, HistoryEntry, Reminder
from assessments.states import Event, State
from criteria import store

REMINDED = (  # where the vendor acts, and a deadline runs; of drafts only those of a surveillance have one
    *(State.DRAFT, State.RETURNED, State.CORRECTION, State.MINDED_TO),
)


@dataclass(frozen=True)
class Running:
    """A deadline of the vendor that runs: since when, until when, and the nearest reminder sent of it."""

    application_id: UUID
    edition_id: str
    since: datetime
    due_at: datetime
    sent: int | None

    def due_days(self, moment: datetime) -> int | None:
        """The reminder to send at a moment, in days before the deadline; None for none.

        Of several whose time has come it is the last. One whose time came before the deadline was set has no news:
        the letter that set the deadline said the same.
        """
        days = store.load(self.edition_id).reminder_days
        come = [day for day in days if self.since < self.due_at - timedelta(days=day) <= moment]
        if not come or moment >= self.due_at or (self.sent is not None and self.sent <= min(come)):
            return None
        return min(come)


def near(session: Session, moment: datetime) -> list[UUID]:
    """The applications whose owners are to be reminded at a moment, in one statement."""
    longest = max((day for edition in store.editions() for day in edition.reminder_days), default=0)
    question = _question().where(
        col(Application.due_at) > moment, col(Application.due_at) <= moment + timedelta(days=longest)
    )
    found = [_running(row) for row in session.execute(question)]
    return [one.application_id for one in found if one.due_days(moment) is not None]


def running(session: Session, application: Application) -> Running | None:
    """The deadline of one application, where it is one of the vendor's."""
    row = session.execute(_question().where(col(Application.id) == application.id)).one_or_none()
    return _running(row) if row is not None else None


def _question() -> Any:
    extended = (
        select(func.max(HistoryEntry.at))
        .where(HistoryEntry.application_id == Application.id, HistoryEntry.action == Event.EXTEND_DEADLINE)
        .scalar_subquery()
    )
    sent = (
        select(func.min(Reminder.days))
        .where(
            Reminder.application_id == Application.id,
            Reminder.state == Application.state,
            Reminder.due_at == Application.due_at,
        )
        .scalar_subquery()
    )
    columns: list[Any] = [
        *(Application.id, Application.edition_id, Application.moved_at, extended, Application.due_at, sent)
    ]
    return select(*columns).where(col(Application.state).in_(REMINDED), col(Application.due_at).is_not(None))


def _running(row: Any) -> Running:
    application_id, edition_id, moved_at, extended_at, due_at, sent = row
    return Running(application_id, edition_id, max(moved_at, extended_at or moved_at), due_at, sent)
