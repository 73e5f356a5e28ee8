"""Questions about late conflicts: whose parts they touch, and the register the impartiality committee reads."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlmodel import Session, col

from assessments.errors import NotFound
from assessments.models import Application, Conflict, Declaration, Meeting, Participation, Product, Risk, Vendor
from assessments.people import Actor, Part
from assessments.queries.people import Person, people
from assessments.queries.standings import has_interest_in, interest_window_start
from assessments.states import ConflictEffect
from criteria import store

PER_PAGE = 50


def parts_of(session: Session, person_id: UUID, vendor_id: UUID) -> list[Application]:
    """The applications of a company in which a person has a part, in the order in which they are held."""
    question = (
        select(Application)
        .join(Participation, col(Participation.application_id) == col(Application.id))
        .where(col(Application.vendor_id) == vendor_id, col(Participation.person_id) == person_id)
        .order_by(col(Application.ref))
    )
    return list(session.scalars(question))


def is_conflicted(session: Session, application: Application, person_id: UUID) -> bool:
    """Whether a person has declared an interest for an application, or has one within the window of its edition."""
    declared = exists().where(
        col(Declaration.application_id) == application.id,
        col(Declaration.person_id) == person_id,
        col(Declaration.has_interest).is_(True),
    )
    since = interest_window_start(application.edition_id)
    return bool(session.scalar(select(or_(declared, has_interest_in(person_id, application.vendor_id, since)))))


def recorded(session: Session, application_id: UUID, person_id: UUID, effect: ConflictEffect) -> bool:
    """Whether the register has this line already."""
    question = exists().where(
        col(Conflict.application_id) == application_id,
        col(Conflict.person_id) == person_id,
        col(Conflict.effect) == effect,
    )
    return bool(session.scalar(select(question)))


@dataclass(frozen=True)
class ConflictRow:
    """One line of the register as its page shows it: names, and nothing of what the application says."""

    conflict: Conflict
    person: Person | None
    ref: str
    product: Product
    vendor: Vendor


def conflicts_of(session: Session, reader: Actor, *, waiting: bool | None = None, page: int = 1) -> list[ConflictRow]:
    """Lines of the register, the newest first; `waiting` True: those somebody still has to handle, False: the others.

    Lines about companies the reader has an interest in are left out, and those about applications they judge: a member
    of the committee who works for a vendor, or reviews, would else learn who judged it or who else reviews. One more
    than a page is returned when there is a next.
    """
    question = (
        select(Conflict, Application.ref, Product, Vendor)  # type: ignore[call-overload]  # columns of SQLModel classes
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .where(free_to_read(reader), _judged_by_others(reader))
        .order_by(col(Conflict.found_at).desc(), col(Conflict.id))
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE + 1)
    )
    if waiting is not None:
        question = question.where(is_waiting() if waiting else not_(is_waiting()))
    rows = session.execute(question).all()
    named = people(session, {row[0].person_id for row in rows})
    return [ConflictRow(row[0], named.get(row[0].person_id), row[1], row[2], row[3]) for row in rows]


def is_waiting() -> ColumnElement[bool]:
    """SQL: a Conflict came too late to stop anything and nobody has said yet what follows."""
    late = (ConflictEffect.AFTER_RECOMMENDATION, ConflictEffect.AFTER_DECISION)
    return and_(col(Conflict.effect).in_(late), col(Conflict.handled_at).is_(None))


def is_unconcerned(session: Session, reader: Actor, application: Application) -> bool:
    """Whether somebody has neither an interest in an application nor judged it."""
    question = select(col(Application.id)).where(
        col(Application.id) == application.id, free_to_read(reader), _judged_by_others(reader)
    )
    return session.scalar(question) is not None


def _judged_by_others(reader: Actor) -> ColumnElement[bool]:
    """SQL: a reader has no part in an Application but that of the office."""
    mine = (
        exists()
        .where(
            col(Participation.application_id) == col(Application.id),
            col(Participation.person_id) == reader.id,
            col(Participation.part) != Part.COORDINATOR,
        )
        .correlate_except(Participation)
    )
    return not_(mine)


def free_to_read(reader: Actor) -> ColumnElement[bool]:
    """SQL: a reader has no interest in the company of an Application, by the window of its edition."""
    vendor: Any = col(Application.vendor_id)
    return or_(
        *[
            and_(
                col(Application.edition_id) == edition_id,
                not_(has_interest_in(reader.id, vendor, interest_window_start(edition_id))),
            )
            for edition_id in store.ids()
        ]
    )


def waiting_for(session: Session, reader: Actor) -> int:
    """How many lines of the register wait for somebody, of those the reader may read."""
    question = (
        select(func.count())
        .select_from(Conflict)
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .where(is_waiting(), free_to_read(reader), _judged_by_others(reader))
    )
    return session.scalar(question) or 0


def open_risks(session: Session) -> int:
    """How many risks are open."""
    return session.scalar(select(func.count()).select_from(Risk).where(col(Risk.closed_on).is_(None))) or 0


def risk(session: Session, risk_id: UUID) -> Risk:
    """One risk of the log; refuses (NotFound) an unknown one."""
    found = session.get(Risk, risk_id)
    if found is None:
        raise NotFound
    return found


def risks(session: Session) -> list[Risk]:
    """The log of risks: open ones by the day they are due, then the closed ones, the newest first."""
    rows = list(session.scalars(select(Risk).order_by(col(Risk.due_on), col(Risk.title))))
    closed = sorted((one for one in rows if one.closed_on), key=lambda one: str(one.closed_on), reverse=True)
    return [*(one for one in rows if one.closed_on is None), *closed]


def risks_of(session: Session, first: date, last: date) -> list[Risk]:
    """The risks a period had to do with: open today, or closed within it; both legal days included."""
    return [one for one in risks(session) if one.closed_on is None or first <= one.closed_on <= last]


def meetings(session: Session) -> list[Meeting]:
    """Notes of meetings, the newest first."""
    return list(session.scalars(select(Meeting).order_by(col(Meeting.held_on).desc(), col(Meeting.written_at).desc())))


def meetings_of(session: Session, first: date, last: date) -> list[Meeting]:
    """Notes of the meetings of a period; both legal days included."""
    return [one for one in meetings(session) if first <= one.held_on <= last]
