"""Questions about what reviewers asked the vendor while they reviewed, and how long they wait for an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from assessments.clock import end_of_day, legal_day, start_of_day, today
from assessments.models import Application, Question, Review
from criteria import store

COLLECTED = timedelta(minutes=30)  # so long after the first of several questions the company is written to
APART = timedelta(hours=4)  # and never more often than this

Asked = tuple[Question, str]  # a question and the letter of who asked


def visible_to(session: Session, team: Sequence[Review], person_id: UUID) -> list[Asked]:
    """What a reviewer may read of the questions of an application: their own, and all once all are final.

    `team`: the reviews that count. What somebody asks shows what they look at: before that it stays with them.
    """
    every = all(one.final_at is not None for one in team)
    own = {one.id for one in team if one.reviewer_id == person_id}
    found = of_application(session, team[0].application_id) if team else []
    return [(one, letter) for one, letter in found if every or one.review_id in own]


def of_application(session: Session, application_id: UUID) -> list[Asked]:
    """Every question of an application, the oldest first, each with the letter of its reviewer: for the company.

    What a reviewer may read of them is answered by visible_to().
    """
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


def asked_today(session: Session, review: Review) -> int:
    """How many questions a reviewer has asked on this legal day, those taken back among them."""
    since = start_of_day(today())
    question = select(func.count()).where(Question.review_id == review.id, col(Question.asked_at) >= since)
    return int(session.scalar(question) or 0)


def to_tell(session: Session, moment: datetime) -> list[UUID]:
    """The applications whose company is to be written to: something waits that it was not told, for COLLECTED now,
    and the last such letter is APART ago.
    """
    asked = col(Question.told_at).is_(None) & (col(Question.asked_at) <= moment - COLLECTED)
    waits = col(Question.answered_at).is_(None) & col(Question.closed_at).is_(None)
    told = select(Question.application_id).where(col(Question.told_at) > moment - APART)
    question = select(Question.application_id).where(asked, waits, col(Question.application_id).not_in(told))
    return list(session.exec(question.distinct()).all())


def newest_answered(session: Session, application_id: UUID) -> Question | None:
    """The question that was answered last."""
    question = select(Question).where(Question.application_id == application_id, col(Question.answered_at).is_not(None))
    return session.exec(question.order_by(col(Question.answered_at).desc()).limit(1)).first()


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
