"""What was written to whom about an application: subject and time, never the text, which may hold a code."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from assessments.models import Application, Submission
from assessments.queries.audit import Masks, called
from registry.audit.chain import steps_of
from registry.mail.models import Letter


def letters_of(session: Session, application: Application, masks: Masks) -> list[dict[str, Any]]:
    """The letters of an application's steps and receipts, oldest first; who got one is told without a name."""
    steps = [f"{entry.seq}:" for entry, _ in steps_of(session, application)]
    submissions = select(Submission.id).where(Submission.application_id == application.id)
    receipts = [f"receipt:{one}:" for one in session.exec(submissions)]
    if not steps and not receipts:
        return []
    begins = or_(*(col(Letter.event).startswith(start) for start in (*steps, *receipts)))
    question = select(Letter).where(begins).order_by(col(Letter.written_at), Letter.event)
    return [
        {
            "to": called(masks, _person(letter.event)),
            "subject": letter.subject,
            "written_at": letter.written_at,
            "sent_at": letter.sent_at,
            "given_up_at": letter.given_up_at,
        }
        for letter in session.exec(question)
    ]


def _person(event: str) -> UUID | None:
    """Who a letter is for stands at the end of its event."""
    try:
        return UUID(event.rsplit(":", 1)[-1])
    except ValueError:
        return None
