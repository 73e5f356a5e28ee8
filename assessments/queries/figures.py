"""Figures about fairness: how applications fare by company, member or not, how long they take, what was stopped.

No name of a reviewer or decider, no score and no content of an application is in them; a decision that waits for its
round's day of announcement counts as not decided yet.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from assessments.clock import end_of_day, legal_day, now, start_of_day
from assessments.lifecycle import Measure
from assessments.models import (
    Appeal,
    Application,
    Conflict,
    Decision,
    Interest,
    Review,
    Submission,
    Surveillance,
    Vendor,
)
from assessments.people import Actor, InterestKind
from assessments.queries.announcements import DECIDED
from assessments.queries.impartiality import free_to_read, is_waiting
from assessments.recourse import AppealState
from assessments.states import LATER, ConflictEffect, Kind, State

FEW = 3  # smaller counts about people are not printed: they could be told from each other
ENDED = (State.CERTIFIED, State.DECLINED, State.REFUSED, State.WITHDRAWN, State.LAPSED)


@dataclass(frozen=True)
class Period:
    """Legal days, both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first and the last moment."""
        return start_of_day(self.first), end_of_day(self.last)

    def has(self, moment: datetime | None) -> bool:
        """Whether a moment lies within."""
        return moment is not None and self.first <= legal_day(moment) <= self.last


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


@dataclass(frozen=True)
class Course:
    """One application that was handed in, as far as figures need it."""

    kind: Kind
    state: State  # as everybody may know it
    vendor_id: UUID
    vendor: str
    member: bool  # of the club, by the company's submission
    submitted_at: datetime
    ended_at: datetime | None
    departs: bool

    @property
    def days(self) -> int | None:
        """Calendar days from the first submission until the result is out; None where there is no decision."""
        decided = self.state in DECIDED and self.ended_at is not None
        return (legal_day(self.ended_at) - legal_day(self.submitted_at)).days if decided and self.ended_at else None


@dataclass(frozen=True)
class Group:
    """How the applications of one group fared that ended in the period."""

    ended: Counter[State]
    median_days: float | None

    def __getitem__(self, state: State) -> int:
        return self.ended[state]

    @property
    def decided(self) -> int:
        """How many the committee has decided."""
        return self.ended[State.CERTIFIED] + self.ended[State.DECLINED]


@dataclass(frozen=True)
class Stopped:
    """What was stopped for interests in the period."""

    conflicts: int
    by_effect: Counter[ConflictEffect]
    by_kind: Counter[InterestKind | None]  # None: a member of the vendor
    waiting: int  # today: too late to stop anything, and nobody has said yet what follows
    voided: int  # reviews that count no more, for whatever reason


@dataclass(frozen=True)
class Registers:
    """The registers of interests: lines written in the period, and lines nobody has confirmed today."""

    written: int
    reported: int
    waiting: int


@dataclass(frozen=True)
class Appeals:
    """Appeals lodged in the period, and those ruled on in it, by what was ruled."""

    lodged: int
    confirmed: int
    set_aside: int


@dataclass(frozen=True)
class Figures:
    """Everything a period says about fairness."""

    period: Period
    handed_in: int  # first applications: what follows a certificate is counted apart
    states: Counter[State]  # of those handed in in the period, as they stand today
    members: Group
    others: Group
    later: dict[Kind, Group]  # renewals, changes and transitions that ended in the period
    surveillances: Counter[Measure]  # what came out of those that ended: no certificate is granted or declined
    departures: int  # decisions of the period that departed from the computed verdict
    stopped: Stopped
    registers: Registers
    appeals: Appeals

    @property
    def decided(self) -> int:
        """How many first applications were decided in the period."""
        return self.members.decided + self.others.decided


@dataclass(frozen=True)
class Company:
    """How the ended applications of one company fared."""

    name: str
    member: bool
    ended: Counter[State]


def figures(session: Session, period: Period, every: Sequence[Course] | None = None) -> Figures:
    """The figures of a period, in eight statements however many applications there are.

    `every` saves asking for the courses again.
    """
    every = courses(session) if every is None else every
    ended = [one for one in every if one.state in ENDED and period.has(one.ended_at)]
    first = [one for one in ended if one.kind is Kind.INITIAL]
    began = [one for one in every if one.kind is Kind.INITIAL and period.has(one.submitted_at)]
    return Figures(
        period=period,
        handed_in=len(began),
        states=Counter(one.state for one in began),
        members=_group(one for one in first if one.member),
        others=_group(one for one in first if not one.member),
        later={kind: _group(one for one in ended if one.kind is kind) for kind in LATER},
        surveillances=_surveillances(session, period),
        departures=sum(one.departs for one in ended if one.state in DECIDED),
        stopped=_stopped(session, period),
        registers=_registers(session, period),
        appeals=_appeals(session, period),
    )


def companies(session: Session, reader: Actor, period: Period, every: Sequence[Course] | None = None) -> list[Company]:
    """Companies whose first applications ended in the period, the most first; none the reader has an interest in."""
    free = set(session.scalars(select(col(Application.vendor_id)).where(free_to_read(reader))))
    found: dict[UUID, list[Course]] = {}
    for one in courses(session) if every is None else every:
        if one.kind is Kind.INITIAL and one.vendor_id in free and one.state in ENDED and period.has(one.ended_at):
            found.setdefault(one.vendor_id, []).append(one)
    rows = [Company(many[-1].vendor, many[-1].member, Counter(one.state for one in many)) for many in found.values()]
    return sorted(rows, key=lambda row: (-row.ended.total(), row.name))


def years(session: Session) -> list[int]:
    """The calendar years there is anything to report about, the newest first: this one always."""
    first = session.scalar(select(func.min(col(Submission.submitted_at))))
    this = legal_day(now()).year
    return list(range(this, (legal_day(first).year if first else this) - 1, -1))


def courses(session: Session) -> list[Course]:
    """Every application that was ever handed in, in two statements."""
    last: Any = (
        select(
            col(Submission.application_id).label("application_id"),
            func.max(col(Submission.number)).label("number"),
            func.min(col(Submission.submitted_at)).label("first"),
        )
        .group_by(col(Submission.application_id))
        .subquery()
    )
    columns: tuple[Any, ...] = (
        *(Application.id, Application.kind, Application.state, Application.announce_at, Application.moved_at),
        *(Vendor.id, Vendor.name, last.c.first),
        col(Submission.content)["vendor"]["club_member"].as_boolean(),
    )
    question = (
        select(*columns)
        .join(last, last.c.application_id == col(Application.id))
        .join(
            Submission,
            and_(col(Submission.application_id) == col(Application.id), col(Submission.number) == last.c.number),
        )
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .order_by(last.c.first, col(Application.ref))
    )
    decided = _decisions(session)
    return [_course(row, decided.get(row[0])) for row in session.execute(question)]


def _decisions(session: Session) -> dict[UUID, tuple[datetime, bool]]:
    """Application -> when it was decided last, and whether that departed from the verdict."""
    columns: tuple[Any, ...] = (Decision.application_id, Decision.decided_at, Decision.departs)
    rows = session.execute(select(*columns).order_by(col(Decision.number)))
    return {row[0]: (row[1], row[2]) for row in rows}


def _course(row: Any, decision: tuple[datetime, bool] | None) -> Course:
    _, kind, state, announce_at, moved_at, vendor_id, vendor, first, member = row
    held = state in DECIDED and announce_at is not None and announce_at > now()
    shown = State.IN_DECISION if held else state
    at = decision[0] if decision and shown in DECIDED else moved_at
    ended_at = max(at, announce_at) if announce_at and shown in DECIDED else at
    departs = bool(decision and decision[1] and not held)
    return Course(kind, shown, vendor_id, vendor, bool(member), first, ended_at if shown in ENDED else None, departs)


def _group(courses: Iterable[Course]) -> Group:
    found = list(courses)
    days = [one.days for one in found if one.days is not None]
    return Group(Counter(one.state for one in found), median(days) if days else None)


def _surveillances(session: Session, period: Period) -> Counter[Measure]:
    first, last = period.moments
    found = session.scalars(
        select(col(Surveillance.measure)).where(
            col(Surveillance.ended_at).between(first, last), col(Surveillance.measure).is_not(None)
        )
    )
    return Counter(one for one in found if one is not None)


def _stopped(session: Session, period: Period) -> Stopped:
    first, last = period.moments
    columns: tuple[Any, ...] = (Conflict.effect, Conflict.kind)
    rows = session.execute(select(*columns).where(col(Conflict.found_at).between(first, last))).all()
    waiting = session.scalar(select(func.count()).select_from(Conflict).where(is_waiting())) or 0
    voided = session.scalar(select(func.count()).select_from(Review).where(col(Review.voided_at).between(first, last)))
    return Stopped(len(rows), Counter(row[0] for row in rows), Counter(row[1] for row in rows), waiting, voided or 0)


def _registers(session: Session, period: Period) -> Registers:
    first, last = period.moments
    within = col(Interest.declared_at).between(first, last)
    waits = and_(col(Interest.confirmed_at).is_(None), col(Interest.retracted_at).is_(None))
    question = select(
        func.count().filter(within),
        func.count().filter(and_(within, col(Interest.reported_by).is_not(None))),
        func.count().filter(waits),
    ).where(or_(within, waits))
    return Registers(*session.execute(question).one())


def _appeals(session: Session, period: Period) -> Appeals:
    first, last = period.moments
    lodged, ruled = (col(column).between(first, last) for column in (Appeal.lodged_at, Appeal.moved_at))
    question = select(
        func.count().filter(lodged),
        func.count().filter(and_(ruled, col(Appeal.state) == AppealState.CONFIRMED)),
        func.count().filter(and_(ruled, col(Appeal.state) == AppealState.SET_ASIDE)),
    ).select_from(Appeal)
    return Appeals(*session.execute(question).one())
