"""How much work there is, whose, and how long each step takes: few statements however many applications there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from assessments.clock import VIETNAM, now
from assessments.models import Application, HistoryEntry, Review
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE
from assessments.queries.standings import OVER
from assessments.states import Action, State

YEAR = timedelta(days=365)
QUARTERS = 8  # how far the statistics of time go back
SECONDS = 24 * 3600


@dataclass(frozen=True)
class Load:
    """What one reviewer has before them and behind them; `days` is the median from assignment to final."""

    person_id: UUID
    name: str
    open: int
    late: int
    finished: int  # in the last twelve months
    voided: int
    days: float | None


@dataclass(frozen=True)
class Waiting:
    """How many applications stand in a state, and since when the oldest does."""

    state: State
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Step:
    """A stretch of the way: between the first time of one action and the first of the next."""

    name: str
    begins: tuple[Action, ...]
    ends: tuple[Action, ...]


STEPS = (
    Step("intake", (Action.SUBMIT,), (Action.ACCEPT,)),
    Step("assignment", (Action.ACCEPT,), (Action.ASSIGN,)),
    Step("review", (Action.ASSIGN,), (Action.OPEN_CONSENSUS,)),
    Step("consensus", (Action.OPEN_CONSENSUS,), (Action.RECOMMEND,)),
    Step("decision", (Action.RECOMMEND,), (Action.CERTIFY, Action.DECLINE)),
)
WHOLE = Step("whole", (Action.SUBMIT,), (Action.CERTIFY, Action.DECLINE))


@dataclass(frozen=True)
class Quarter:
    """The median days of each step that ended in one quarter, and of how many applications."""

    year: int
    number: int
    days: Mapping[str, float | None]  # by the name of the step
    counts: Mapping[str, int]

    @property
    def label(self) -> str:
        """As a table says it."""
        return f"{self.year}-Q{self.number}"


def loads(session: Session) -> list[Load]:
    """Every active reviewer, the busiest first, in two statements."""
    counting, moment = col(Review.voided_at).is_(None), now()
    waiting = and_(counting, col(Review.final_at).is_(None), col(Application.state) == State.IN_REVIEW)
    columns: list[Any] = [
        PERSON.c.id,
        PERSON.c.name,
        func.count(col(Review.id)).filter(waiting),
        func.count(col(Review.id)).filter(waiting, col(Review.due_at) < moment),
        func.count(col(Review.id)).filter(counting, col(Review.final_at) >= moment - YEAR),
        func.count(col(Review.id)).filter(col(Review.voided_at) >= moment - YEAR),
    ]
    question = (
        select(*columns)
        .select_from(PERSON)
        .join(PERSON_ROLE, and_(PERSON_ROLE.c.user_id == PERSON.c.id, PERSON_ROLE.c.role == Role.REVIEWER.value))
        .outerjoin(Review, col(Review.reviewer_id) == PERSON.c.id)
        .outerjoin(Application, col(Application.id) == col(Review.application_id))
        .where(PERSON.c.disabled_at.is_(None))
        .group_by(PERSON.c.id, PERSON.c.name)
    )
    taken = _days_of_reviewers(session, moment - YEAR)
    rows = [Load(*[*row, taken.get(row[0])]) for row in session.execute(question)]
    return sorted(rows, key=lambda one: (-one.open, -one.late, one.name))


def _days_of_reviewers(session: Session, since: datetime) -> dict[UUID, float]:
    columns: tuple[Any, ...] = (Review.reviewer_id, Review.assigned_at, Review.final_at)
    question = select(*columns).where(col(Review.final_at) >= since, col(Review.voided_at).is_(None))
    found: dict[UUID, list[float]] = {}
    for person_id, begun, ended in session.execute(question):
        found.setdefault(person_id, []).append(_days(begun, ended))
    return {person_id: median(days) for person_id, days in found.items()}


def queue(session: Session) -> list[Waiting]:
    """How many applications stand where, in the order of the procedure; those that are over and drafts left out."""
    columns: tuple[Any, ...] = (Application.state, func.count(), func.min(Application.moved_at))
    left_out = [State.DRAFT, *OVER]
    question = select(*columns).where(col(Application.state).not_in(left_out)).group_by(col(Application.state))
    found = {row[0]: Waiting(*row) for row in session.execute(question)}
    return [found[state] for state in State if state in found]


def quarters(session: Session) -> list[Quarter]:
    """The median days of each step by the quarter it ended in, oldest first: one statement.

    A step that was taken again counts from its first beginning to its first end.
    """
    since = _start(now(), QUARTERS - 1)
    actions = {action for step in (*STEPS, WHOLE) for action in (*step.begins, *step.ends)}
    columns: tuple[Any, ...] = (HistoryEntry.application_id, HistoryEntry.action, func.min(HistoryEntry.at))
    lately = select(col(HistoryEntry.application_id)).where(
        col(HistoryEntry.at) >= since, col(HistoryEntry.action).in_([one.value for one in actions])
    )
    question = (
        select(*columns)
        .where(
            col(HistoryEntry.action).in_([one.value for one in actions]),
            col(HistoryEntry.certificate_id).is_(None),
            col(HistoryEntry.application_id).in_(lately),
        )
        .group_by(col(HistoryEntry.application_id), col(HistoryEntry.action))
    )
    times: dict[UUID, dict[str, datetime]] = {}
    for application_id, action, at in session.execute(question):
        times.setdefault(application_id, {})[action] = at
    return _by_quarter(times.values(), since)


def _by_quarter(times: Iterable[Mapping[str, datetime]], since: datetime) -> list[Quarter]:
    found: dict[tuple[int, int], dict[str, list[float]]] = {}
    for known in times:
        for step in (*STEPS, WHOLE):
            begun, ended = _first(known, step.begins), _first(known, step.ends)
            if begun is not None and ended is not None and begun <= ended and ended >= since:
                found.setdefault(_quarter(ended), {}).setdefault(step.name, []).append(_days(begun, ended))
    return [
        Quarter(
            *place,
            {step.name: median(days[step.name]) if step.name in days else None for step in (*STEPS, WHOLE)},
            {step.name: len(days.get(step.name, ())) for step in (*STEPS, WHOLE)},
        )
        for place, days in sorted(found.items())
    ]


def _first(known: Mapping[str, datetime], actions: Iterable[Action]) -> datetime | None:
    return min((known[action] for action in actions if action in known), default=None)


def _days(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds() / SECONDS


def _quarter(moment: datetime) -> tuple[int, int]:
    """The quarter of a legal day."""
    day = moment.astimezone(VIETNAM)
    return day.year, (day.month + 2) // 3


def _start(moment: datetime, back: int) -> datetime:
    """The first moment of the quarter that lies so many quarters back."""
    year, number = _quarter(moment)
    months = year * 12 + (number - 1) * 3 - 3 * back
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=VIETNAM)
