"""A reviewer's own desk: the review that is still open, and the criteria that it has to score."""

from sqlmodel import Session

from assessments.errors import N_, NotFound, WrongState
from assessments.models import Application, Review
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import reviews
from assessments.queries.consensus import applicable_criteria
from assessments.queries.standings import standing_of
from assessments.states import State
from criteria.model import Criterion


def open_review(session: Session, actor: Actor, application: Application) -> Review:
    """The actor's review, while it can be written to.

    Refuses who does not review the application (NotFound, NotAllowed), another state and a final review (WrongState).
    """
    require(standing_of(session, actor, application), Permission.REVIEW)
    review = reviews.review_of(session, application.id, actor.id)
    if review is None:
        raise NotFound
    if review.final_at is not None:
        raise WrongState(N_("Phần đánh giá của bạn đã chốt nên không sửa được nữa."))
    if application.state is not State.IN_REVIEW:
        raise WrongState(N_("Hồ sơ không còn ở bước đánh giá."))
    return review


def criterion_of(session: Session, application: Application, code: str) -> Criterion:
    """A criterion that applies to what was handed in. Refuses every other (NotFound)."""
    for criterion in applicable_criteria(session, application):
        if criterion.code == code:
            return criterion
    raise NotFound
