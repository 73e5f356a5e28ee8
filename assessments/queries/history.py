"""Questions about the history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Application, Certificate, ChainHead, HistoryEntry, HistoryText


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


def steps_of(session: Session, vendor_id: UUID) -> dict[int, str]:
    """Sequence number -> reference, for every step of the company's applications and their certificates."""
    own = select(col(HistoryEntry.seq), col(Application.ref))
    direct = own.join(Application, col(Application.id) == col(HistoryEntry.application_id))
    through = own.join(Certificate, col(Certificate.id) == col(HistoryEntry.certificate_id)).join(
        Application, col(Application.id) == col(Certificate.application_id)
    )
    rows = [
        *session.exec(direct.where(col(Application.vendor_id) == vendor_id)),
        *session.exec(through.where(col(Application.vendor_id) == vendor_id)),
    ]
    return {row[0]: row[1] for row in rows}


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the last step of the whole history."""
    found = session.get(ChainHead, 1) or ChainHead()
    return found.seq, found.hash
