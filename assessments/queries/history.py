"""Questions about the history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import HistoryEntry, HistoryText


@dataclass(frozen=True)
class TimelineRow:
    """One step as a page shows it; whoever shows it to a vendor leaves out the club's names."""

    action: str
    to_state: str
    at: datetime
    actor_id: UUID | None
    actor_name: str
    note: str


def timeline(session: Session, application_id: UUID) -> list[TimelineRow]:
    """Every step of an application, newest first."""
    question = (
        select(HistoryEntry, HistoryText)
        .outerjoin(HistoryText, col(HistoryText.seq) == col(HistoryEntry.seq))
        .where(HistoryEntry.application_id == application_id)
        .order_by(col(HistoryEntry.seq).desc())
    )
    return [
        TimelineRow(
            entry.action,
            entry.to_state,
            entry.at,
            entry.actor_id,
            text.actor_name if text else "",
            text.note if text else "",
        )
        for entry, text in session.exec(question).all()
    ]
