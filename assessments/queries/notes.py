"""Questions about reviewers' notes. Whose notes may be read is answered here, once: `visible`."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Application, Note, Review
from assessments.policy import Standing, is_decider, is_reviewer
from assessments.queries.reviews import active, all_final


@dataclass(frozen=True)
class Written:
    """A note as somebody may read it: by its writer's letter, never the name."""

    note: Note
    letter: str
    mine: bool


def of_team(session: Session, team: Sequence[Review], person_id: UUID) -> list[Written]:
    """What one reviewer may read: their own notes, and everybody's once all reviews are final. One statement."""
    open_to_all = all_final(team)
    letters = {one.id: one for one in team if open_to_all or one.reviewer_id == person_id}
    question = (
        select(Note)
        .where(col(Note.review_id).in_(letters))
        .order_by(col(Note.criterion), col(Note.page), col(Note.saved_at), col(Note.id))
    )
    return [
        Written(note, letters[note.review_id].letter, letters[note.review_id].reviewer_id == person_id)
        for note in session.exec(question).all()
    ]


def visible(session: Session, application: Application, standing: Standing, person_id: UUID) -> list[Written]:
    """What somebody may read of the notes on an application: reviewers as `of_team`, the committee what is final.

    The company, the office and everybody else read none, ever.
    """
    if not (is_reviewer(standing) or is_decider(standing)):
        return []
    return of_team(session, active(session, application.id), person_id)


def own(session: Session, review: Review, note_id: UUID) -> Note | None:
    """A note of one's own review, held until the transaction ends."""
    question = select(Note).where(Note.id == note_id, Note.review_id == review.id)
    return session.exec(question.with_for_update()).one_or_none()
