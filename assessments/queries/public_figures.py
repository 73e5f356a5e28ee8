"""Counts what the public figures of each year say; only the worker asks, pages read what it has written down.

A result that waits for its day of announcement counts as not decided, and nothing here names anybody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import ceil
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from assessments.clock import legal_day, now, today
from assessments.models import (
    Appeal,
    Application,
    Change,
    Complaint,
    Concern,
    HistoryEntry,
    MisuseReport,
    Period,
    Reliability,
)
from assessments.models import Surveillance as Look
from assessments.publishing import RegisterKind
from assessments.queries.figures import ENDED, Course
from assessments.queries.workload import STEPS, WHOLE, Step
from assessments.states import CertificateStatus, Kind

By = dict[int, dict[str, int]]  # year -> name -> value

NINETY = 0.9
THOUSAND = 1_000  # alpha is kept in thousandths
TENTHS = 10  # days are kept in tenths


def applications(courses: Iterable[Course]) -> By:
    """How many applications of each kind were handed in for the first time."""
    return _tallied((legal_day(one.submitted_at).year, f"{one.kind}.lodged") for one in courses)


def outcomes(courses: Iterable[Course]) -> By:
    """How the applications of each kind ended; a surveillance is none, for it grants and declines nothing."""
    return _tallied(
        (legal_day(one.ended_at).year, f"{one.kind}.{one.state}")
        for one in courses
        if one.kind is not Kind.SURVEILLANCE and one.state in ENDED and one.ended_at is not None
    )


def surveillance(session: Session) -> By:
    """How many surveillances began, and what came out of those that ended; one given up before its turn is none."""
    columns: tuple[Any, ...] = (Look.begun_at, Look.ended_at, Look.measure)
    rows = session.execute(select(*columns).where(col(Look.begun_at).is_not(None))).all()
    began = [(legal_day(begun).year, "begun") for begun, _ended, _measure in rows]
    over = [(legal_day(ended).year, measure.value if measure else "dropped") for _b, ended, measure in rows if ended]
    return _tallied([*began, *over])


def certificates(session: Session) -> By:
    """What the public register tells of each year, and how many certificates were valid at its end (or are today)."""
    day = today()
    columns: tuple[Any, ...] = (Change.day, Change.kind)
    told = select(*columns).where(col(Change.day) <= day, col(Change.kind) != RegisterKind.EDITION)
    found = _tallied((on.year, kind.value) for on, kind in session.execute(told))
    for year in range(min(found, default=day.year), day.year + 1):
        last = min(date(year, 12, 31), day)
        shown = and_(col(Period.first_day) <= last, col(Period.last_day) >= last, col(Period.valid_until) >= last)
        valid = select(func.count()).select_from(Period).where(shown, col(Period.status) == CertificateStatus.ACTIVE)
        found.setdefault(year, {})["valid"] = session.execute(valid).scalar_one()
    return found


def times(session: Session) -> By:
    """Median and ninetieth percentile of each step of first applications, in tenths of a day, by when it ended."""
    days: dict[tuple[int, str], list[float]] = {}
    for known in _moments(session).values():
        for step in (*STEPS, WHOLE):
            span = _span(known, step)
            if span is not None:
                days.setdefault((legal_day(span[1]).year, step.name), []).append(_length(span))
    found: By = {}
    for (year, name), lengths in days.items():
        found.setdefault(year, {}).update(
            {
                f"{name}.count": len(lengths),
                f"{name}.median": round(median(lengths) * TENTHS),
                f"{name}.p90": round(percentile(lengths, NINETY) * TENTHS),
            }
        )
    return found


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1]


def agreement(session: Session) -> By:
    """How far reviewers agree, edition by edition, as measured up to now: it belongs to the year that runs."""
    counting = select(col(Reliability.edition_id), func.count()).where(
        col(Reliability.application_id).is_not(None), col(Reliability.alpha).is_not(None)
    )
    measured = {row[0]: row[1] for row in session.execute(counting.group_by(col(Reliability.edition_id)))}
    columns: tuple[Any, ...] = (Reliability.edition_id, Reliability.alpha)
    whole = select(*columns).where(col(Reliability.application_id).is_(None), col(Reliability.alpha).is_not(None))
    found: dict[str, int] = {}
    for edition_id, alpha in session.execute(whole):
        found[f"{edition_id}.alpha"] = round(alpha * THOUSAND)
        found[f"{edition_id}.count"] = measured.get(edition_id, 0)
    return {today().year: found} if found else {}


def misuse(session: Session) -> By:
    """Reports of misuse of the mark by the year they came in, and what came out of them so far."""
    columns: tuple[Any, ...] = (MisuseReport.year, MisuseReport.outcome)
    rows = session.execute(select(*columns)).all()
    return _tallied(
        [*((year, "lodged") for year, _end in rows), *((year, outcome.value) for year, outcome in rows if outcome)]
    )


def years_of(session: Session, model: type[Appeal | Complaint | Concern]) -> list[int]:
    """The years in which there were any."""
    return list(session.scalars(select(col(model.year)).distinct()))


def _moments(session: Session) -> dict[UUID, dict[str, datetime]]:
    """When each first application took each action first; those whose result waits for its day are left out."""
    actions = {action.value for step in (*STEPS, WHOLE) for action in (*step.begins, *step.ends)}
    columns: tuple[Any, ...] = (HistoryEntry.application_id, HistoryEntry.action, func.min(HistoryEntry.at))
    question = (
        select(*columns)
        .join(Application, col(Application.id) == col(HistoryEntry.application_id))
        .where(
            col(HistoryEntry.action).in_(actions),
            col(HistoryEntry.certificate_id).is_(None),
            col(Application.kind) == Kind.INITIAL,
            or_(col(Application.announce_at).is_(None), col(Application.announce_at) <= now()),
        )
        .group_by(col(HistoryEntry.application_id), col(HistoryEntry.action))
    )
    found: dict[UUID, dict[str, datetime]] = {}
    for application_id, action, at in session.execute(question):
        found.setdefault(application_id, {})[action] = at
    return found


def _span(known: Mapping[str, datetime], step: Step) -> tuple[datetime, datetime] | None:
    begun = min((known[one] for one in step.begins if one in known), default=None)
    ended = min((known[one] for one in step.ends if one in known), default=None)
    return (begun, ended) if begun is not None and ended is not None and begun <= ended else None


def _length(span: tuple[datetime, datetime]) -> float:
    return (span[1] - span[0]).total_seconds() / 86_400


def _tallied(pairs: Iterable[tuple[int, str]]) -> By:
    found: By = {}
    for (year, name), count in Counter(pairs).items():
        found.setdefault(year, {})[name] = count
    return found
