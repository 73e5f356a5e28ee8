"""Questions about reviews and scores. Whose scores may be seen is answered here, once: `visible_scores`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_
from sqlmodel import Session, col, select

from assessments import profile
from assessments.clock import now
from assessments.models import Application, Declaration, Review, Score, Vendor
from assessments.people import Actor
from assessments.queries.progress import within
from assessments.queries.questions import due_with_pause
from assessments.queries.standings import has_interest_in, interest_window_start
from assessments.states import State
from criteria import applicability, store

AT_WORK = (State.IN_REVIEW, State.CONSENSUS, State.CORRECTION, State.IN_DECISION, State.MINDED_TO)

Marks = dict[UUID, dict[str, Score]]  # review id -> criterion code -> score


@dataclass(frozen=True)
class Assigned:
    """One review in its reviewer's queue; `declared` None means that the question of interests is still open."""

    review: Review
    application: Application
    vendor: Vendor
    declared: bool | None
    done: int
    total: int

    @property
    def turn(self) -> bool:
        """Whether the reviewer is the one waited for: to declare, to score, or as the lead to agree the scores."""
        leading = self.review.lead and self.application.state is State.CONSENSUS
        return self.declared is None or self.review.final_at is None or leading

    @property
    def late(self) -> bool:
        """Whether the review is still open after its due date: a banner, not a lock."""
        return self.review.final_at is None and self.due_at < now()

    @property
    def due_at(self) -> datetime:
        """Until when; later by every day that the company is waited for."""
        return due_with_pause(self.application, self.review.due_at)


def active(session: Session, application_id: UUID) -> list[Review]:
    """The reviews that count, by letter; replaced and voided ones are left out."""
    question = (
        select(Review)
        .where(Review.application_id == application_id, col(Review.voided_at).is_(None))
        .order_by(Review.letter)
    )
    return list(session.exec(question).all())


def ever(session: Session, application_id: UUID) -> list[Review]:
    """Every review there ever was, the voided ones included, by letter."""
    question = select(Review).where(Review.application_id == application_id).order_by(Review.letter)
    return list(session.exec(question).all())


def conflicted(session: Session, application: Application) -> list[Review]:
    """The reviews that count although their reviewer has declared or registered an interest meanwhile, by letter."""
    person = col(Review.reviewer_id)
    declared = exists().where(
        col(Declaration.application_id) == application.id,
        col(Declaration.person_id) == person,
        col(Declaration.has_interest).is_(True),
    )
    since = interest_window_start(application.edition_id)
    question = (
        select(Review)
        .where(
            Review.application_id == application.id,
            col(Review.voided_at).is_(None),
            or_(declared, has_interest_in(person, application.vendor_id, since)),
        )
        .order_by(Review.letter)
    )
    return list(session.exec(question).all())


def reviewed_by(session: Session, person_id: UUID, vendor_id: UUID) -> list[Application]:
    """The applications of a company that a person has a review of that counts."""
    question = (
        select(Application)
        .join(Review, col(Review.application_id) == col(Application.id))
        .where(
            Application.vendor_id == vendor_id,
            Review.reviewer_id == person_id,
            col(Review.voided_at).is_(None),
        )
    )
    return list(session.exec(question).all())


def review_of(session: Session, application_id: UUID, person_id: UUID) -> Review | None:
    """One person's own review, if it counts."""
    return next((one for one in active(session, application_id) if one.reviewer_id == person_id), None)


def all_final(reviews: Iterable[Review]) -> bool:
    """Whether everybody has made their review final: until then all are blind to each other."""
    found = list(reviews)
    return bool(found) and all(one.final_at is not None for one in found)


def scores_of(session: Session, reviews: list[Review]) -> Marks:
    """review id -> criterion code -> score, for the reviews given, in one statement.

    Whoever calls it decides whose scores may be seen: before all are final, only one's own.
    """
    question = select(Score).where(col(Score.review_id).in_([review.id for review in reviews]))
    found: Marks = {review.id: {} for review in reviews}
    for score in session.exec(question).all():
        found[score.review_id][score.criterion] = score
    return found


def visible_scores(session: Session, reviews: list[Review], person_id: UUID) -> Marks:
    """What one reviewer may see of the reviews of an application: their own, and all once all are final."""
    if all_final(reviews):
        return scores_of(session, reviews)
    return scores_of(session, [review for review in reviews if review.reviewer_id == person_id])


def score_of(session: Session, review: Review, criterion: str) -> Score | None:
    """One score of one review."""
    question = select(Score).where(Score.review_id == review.id, Score.criterion == criterion)
    return session.exec(question).one_or_none()


def progress(session: Session, reviews: Iterable[Review]) -> dict[UUID, int]:
    """review id -> how many criteria are marked: all that the office sees before the reviews are final."""
    question = (
        select(col(Score.review_id), func.count())
        .where(col(Score.review_id).in_([review.id for review in reviews]), _marked())
        .group_by(col(Score.review_id))
    )
    return dict(session.exec(question).all())


def queue_of(session: Session, actor: Actor) -> list[Assigned]:
    """A reviewer's work in two statements: what waits for them first, by due date; whoever has an interest has none."""
    question = (
        select(Review, Application, Vendor, Declaration.has_interest)
        .join(Application, col(Application.id) == col(Review.application_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .outerjoin(
            Declaration,
            (col(Declaration.application_id) == col(Application.id)) & (col(Declaration.person_id) == actor.id),
        )
        .where(
            Review.reviewer_id == actor.id,
            col(Review.voided_at).is_(None),
            col(Application.state).in_(AT_WORK),
            or_(col(Declaration.has_interest).is_(None), col(Declaration.has_interest).is_(False)),
        )
        .order_by(col(Review.due_at), col(Application.ref))
    )
    rows = session.exec(question).all()
    done = progress(session, [row[0] for row in rows])
    found = [
        Assigned(review, application, vendor, declared, done.get(review.id, 0), total(application))
        for review, application, vendor, declared in rows
    ]
    return sorted(found, key=lambda one: not one.turn)


def total(application: Application) -> int:
    """How many criteria apply to what was handed in; the profile is locked while it is evaluated."""
    facts = profile.from_dict(application.profile)
    found = applicability.applicable(store.load(application.edition_id), facts.categories, facts.flags)
    return len(within(found, application.asked))


def comments_to_vendor(session: Session, application_id: UUID) -> dict[str, list[tuple[str, str]]]:
    """criterion code -> (letter, what the reviewer writes to the vendor); nothing before all reviews are final."""
    reviews = active(session, application_id)
    if not all_final(reviews):
        return {}
    given = scores_of(session, reviews)
    found: dict[str, list[tuple[str, str]]] = {}
    for review in reviews:
        for code, score in given[review.id].items():
            if score.to_vendor.strip():
                found.setdefault(code, []).append((review.letter, score.to_vendor))
    return found


def _marked() -> Any:
    """SQL: Score.marked."""
    return or_(col(Score.value).is_not(None), col(Score.not_shown), col(Score.not_applicable))
