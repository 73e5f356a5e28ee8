"""Questions about reviews and scores."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Review, Score


def active(session: Session, application_id: UUID) -> list[Review]:
    """The reviews that count, by letter; replaced and voided ones are left out."""
    question = (
        select(Review)
        .where(Review.application_id == application_id, col(Review.voided_at).is_(None))
        .order_by(Review.letter)
    )
    return list(session.exec(question).all())


def review_of(session: Session, application_id: UUID, person_id: UUID) -> Review | None:
    """One person's own review, if it counts."""
    return next((one for one in active(session, application_id) if one.reviewer_id == person_id), None)


def scores_of(session: Session, reviews: list[Review]) -> dict[UUID, dict[str, Score]]:
    """review id -> criterion code -> score, for the reviews given, in one statement.

    Whoever calls it decides whose scores may be seen: before all are final, only one's own.
    """
    question = select(Score).where(col(Score.review_id).in_([review.id for review in reviews]))
    found: dict[UUID, dict[str, Score]] = {review.id: {} for review in reviews}
    for score in session.exec(question).all():
        found[score.review_id][score.criterion] = score
    return found
