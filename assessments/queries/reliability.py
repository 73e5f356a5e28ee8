"""Questions about agreement between reviewers: what is to be measured, what was measured, where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_
from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from assessments.clock import now
from assessments.models import AgreedScore, Application, Reliability, Review, Score
from assessments.people import Actor, Part, Role
from assessments.queries.consensus import SPREAD
from assessments.queries.standings import open_to
from assessments.states import State

# States that an application reaches only after all its reviews are final: nothing of the others is ever counted.
ALL_FINAL = (
    *(State.CONSENSUS, State.CORRECTION, State.IN_DECISION),
    *(State.MINDED_TO, State.CERTIFIED, State.DECLINED),
)
DECIDED = (State.CERTIFIED, State.DECLINED)
EDITION_EVERY = timedelta(hours=1)  # an edition is measured anew at most so often
BATCH = 50

Rating = tuple[str, str, int]  # what was scored, by which review, how


@dataclass(frozen=True)
class Deviation:
    """How far a reviewer's scores lay from the agreed ones: points on the mean, over so many criteria."""

    mean: float
    criteria: int


@dataclass(frozen=True)
class Differing:
    """One criterion over the applications of an edition: the mean spread, and how often it reached two points."""

    code: str
    applications: int
    spread: float
    apart: int


@dataclass(frozen=True)
class Measured:
    """One application and what was measured of it."""

    ref: str
    state: State
    measured: Reliability


def due(session: Session) -> list[UUID]:
    """Applications whose reviews became final, or void, since they were measured; some at a time."""
    changed = _changed().subquery()
    question = (
        select(Application.id)
        .join(changed, changed.c.application_id == col(Application.id))
        .outerjoin(Reliability, col(Reliability.application_id) == col(Application.id))
        .where(
            col(Application.state).in_(ALL_FINAL),
            or_(col(Reliability.id).is_(None), col(Reliability.measured_at) < changed.c.at),
        )
        .limit(BATCH)
    )
    return list(session.exec(question).all())


def due_editions(session: Session) -> list[str]:
    """Editions of which an application was measured since the edition was, and not within the last hour."""
    newest: ColumnElement[Any] = func.max(col(Reliability.measured_at))
    applications = dict(
        session.exec(
            select(Reliability.edition_id, newest)
            .where(col(Reliability.application_id).is_not(None))
            .group_by(col(Reliability.edition_id))
        ).all()
    )
    stored = {one.edition_id: one.measured_at for one in of_editions(session)}
    before = now() - EDITION_EVERY
    return [
        edition_id
        for edition_id, at in applications.items()
        if edition_id not in stored or stored[edition_id] < min(at, before)
    ]


def ratings(session: Session, application: Application) -> list[Rating]:
    """Every score from 0 to 4 of the reviews that count; what is not shown or does not apply is missing."""
    return _ratings(session, col(Application.id) == application.id)


def ratings_of_edition(session: Session, edition_id: str) -> list[Rating]:
    """The same, of every application of an edition whose reviews are all final."""
    return _ratings(session, col(Application.edition_id) == edition_id)


def of_application(session: Session, application_id: UUID) -> Reliability | None:
    """What was measured of an application, only while all its reviews are final."""
    question = (
        select(Reliability)
        .join(Application, col(Application.id) == col(Reliability.application_id))
        .where(Reliability.application_id == application_id, col(Application.state).in_(ALL_FINAL))
    )
    return session.exec(question).one_or_none()


def of_edition(session: Session, edition_id: str) -> Reliability | None:
    """What was measured of an edition."""
    return next((one for one in of_editions(session) if one.edition_id == edition_id), None)


def of_editions(session: Session) -> list[Reliability]:
    """What was measured of each edition, the newest edition first."""
    question = select(Reliability).where(col(Reliability.application_id).is_(None))
    return list(session.exec(question.order_by(col(Reliability.edition_id).desc())).all())


def of_applications(session: Session, actor: Actor, edition_id: str, after: str, limit: int) -> list[Measured]:
    """Applications of an edition behind a reference, newest reference first; those closed to the person left out."""
    part = Part.AUDITOR if Role.AUDITOR in actor.roles else Part.COORDINATOR
    question = (
        plain_select(col(Application.ref), col(Application.state), Reliability)
        .join(Reliability, col(Reliability.application_id) == col(Application.id))
        .where(
            col(Application.edition_id) == edition_id,
            col(Application.state).in_(ALL_FINAL),
            *((col(Application.ref) < after,) if after else ()),
            *open_to(actor, col(Application.id), col(Application.vendor_id), part),
        )
        .order_by(col(Application.ref).desc())
        .limit(limit)
    )
    return [Measured(*row) for row in session.execute(question)]


def by_criterion(session: Session, edition_id: str) -> list[Differing]:
    """The criteria of an edition, the one on which reviewers differ most first, in one statement.

    A criterion far up is a rubric that can be read in more than one way.
    """
    spread = (func.max(col(Score.value)) - func.min(col(Score.value))).label("spread")
    each = (
        _scored(plain_select(col(Score.criterion).label("code"), spread), col(Application.edition_id) == edition_id)
        .group_by(col(Score.criterion), col(Review.application_id))
        .having(func.count() > 1)
        .subquery()
    )
    mean = func.avg(each.c.spread).label("mean")
    far = func.sum(case((each.c.spread >= SPREAD, 1), else_=0))
    question = (
        plain_select(each.c.code, func.count(), mean, cast(far, Integer))
        .group_by(each.c.code)
        .order_by(mean.desc(), each.c.code)
    )
    return [Differing(code, count, float(average), apart) for code, count, average, apart in session.execute(question)]


def deviations(session: Session, edition_id: str, person_ids: Iterable[UUID]) -> dict[UUID, Deviation]:
    """How far some people's scores lay from the agreed ones, in one statement; whoever has none is not in it.

    Only of applications that are decided, and only where both are scores: "evidence does not show" is none. For the
    office and the person themselves; never for other reviewers (domain: mean deviation from the agreed score).
    """
    distance: ColumnElement[Any] = func.abs(col(Score.value) - col(AgreedScore.value))
    question = (
        plain_select(col(Review.reviewer_id), func.avg(distance), func.count())
        .join(Score, col(Score.review_id) == col(Review.id))
        .join(Application, col(Application.id) == col(Review.application_id))
        .join(
            AgreedScore,
            and_(
                col(AgreedScore.application_id) == col(Application.id),
                col(AgreedScore.criterion) == col(Score.criterion),
            ),
        )
        .where(
            col(Application.edition_id) == edition_id,
            col(Application.state).in_(DECIDED),
            col(Review.voided_at).is_(None),
            col(Review.reviewer_id).in_(list(person_ids)),
            col(Score.value).is_not(None),
            col(AgreedScore.value).is_not(None),
        )
        .group_by(col(Review.reviewer_id))
    )
    return {person: Deviation(float(mean), count) for person, mean, count in session.execute(question)}


def _changed() -> Any:
    at = func.max(func.coalesce(col(Review.voided_at), col(Review.final_at))).label("at")
    return (
        plain_select(col(Review.application_id), at)
        .where(or_(col(Review.final_at).is_not(None), col(Review.voided_at).is_not(None)))
        .group_by(col(Review.application_id))
    )


def _ratings(session: Session, which: ColumnElement[bool]) -> list[Rating]:
    question = _scored(
        plain_select(col(Application.id), col(Score.criterion), col(Review.letter), col(Score.value)), which
    )
    return [(f"{application}/{code}", letter, value) for application, code, letter, value in session.execute(question)]


def _scored(question: Any, which: ColumnElement[bool]) -> Any:
    """The scores that count, of applications all of whose reviews are final."""
    return (
        question.select_from(Score)
        .join(Review, col(Review.id) == col(Score.review_id))
        .join(Application, col(Application.id) == col(Review.application_id))
        .where(
            which,
            col(Application.state).in_(ALL_FINAL),
            col(Review.voided_at).is_(None),
            col(Review.final_at).is_not(None),
            col(Score.value).is_not(None),
        )
    )
