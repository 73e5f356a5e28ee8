"""Questions about what reviewers asked the vendor while they reviewed, and how long they wait for an answer."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from assessments.clock import end_of_day, legal_day, today
from assessments.models import Application, Question, Review
from criteria import store

Asked = tuple[Question, str]  # a question and the letter of who asked


def of_application(session: Session, application_id: UUID) -> list[Asked]:
    """Every question of an application, the oldest first, each with the letter of its reviewer: no score is in it."""
    question = (
        select(Question, Review.letter)
        .join(Review, col(Review.id) == col(Question.review_id))
        .where(Question.application_id == application_id)
        .order_by(col(Question.asked_at), col(Question.id))
    )
    return [(one, letter) for one, letter in session.exec(question).all()]


def waiting(session: Session, application_id: UUID) -> list[Question]:
    """The questions the company can still answer."""
    return list(session.exec(_waiting(application_id)).all())


def waiting_of(session: Session, review: Review) -> list[Question]:
    """One reviewer's questions that wait."""
    question = _waiting(review.application_id).where(Question.review_id == review.id)
    return list(session.exec(question).all())


def waited_for(session: Session, application: Application, review: Review) -> list[str]:
    """The criteria of which a reviewer still waits for an answer; none once the clock waits for nobody any more."""
    if room(application) <= running(application):
        return []
    return sorted({one.criterion for one in waiting_of(session, review)})


def most(application: Application) -> int:
    """By how many days questions may move the deadlines of a review altogether.

    It is the time the edition gives a company to complete a returned application: a question asks for no more.
    """
    return store.load(application.edition_id).periods.returned_days


def room(application: Application) -> int:
    """How many of these days are left."""
    return max(0, most(application) - application.paused_days)


def running(application: Application) -> int:
    """How many days the pause that runs now has lasted, as far as there is room for them; 0 when none runs."""
    if application.paused_at is None:
        return 0
    return min((today() - legal_day(application.paused_at)).days, room(application))


def waits_until(application: Application) -> datetime | None:
    """How long the clock stands still for the company at most; None while it does not."""
    if application.paused_at is None:
        return None
    return end_of_day(legal_day(application.paused_at) + timedelta(days=room(application)))


def due_with_pause(application: Application, due_at: datetime) -> datetime:
    """A deadline of a review as it stands while the clock is paused."""
    return moved(due_at, running(application))


def moved(due_at: datetime, days: int) -> datetime:
    """A deadline so many legal days later."""
    return end_of_day(legal_day(due_at) + timedelta(days=days)) if days else due_at


def _waiting(application_id: UUID) -> SelectOfScalar[Question]:
    return (
        select(Question)
        .where(
            Question.application_id == application_id,
            col(Question.answered_at).is_(None),
            col(Question.closed_at).is_(None),
        )
        .order_by(col(Question.asked_at))
    )
