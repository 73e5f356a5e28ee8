"""How a person stands to an application: one statement, before anything else is read."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlmodel import Session, col

from assessments.clock import end_of_day, now, today
from assessments.models import Appeal, Application, Declaration, Hearing, Interest, Member, Participation, Review
from assessments.people import Actor, Part
from assessments.policy import Standing
from assessments.queries.people import PERSON
from assessments.states import State
from criteria import store

OVER = {State.CERTIFIED, State.DECLINED, State.WITHDRAWN, State.REFUSED, State.LAPSED}
LOOKING_BACK = timedelta(days=30)  # how long reviewers keep a file that is over


def standing_of(session: Session, actor: Actor, application: Application) -> Standing:
    """The facts the policy judges by; interests count within the window of the application's edition."""
    row = session.execute(
        select(
            col(Participation.part),
            col(Review.letter),
            col(Review.lead),
            col(Declaration.has_interest),
            _interest(actor, application),
            col(Participation.spent_at),
            _hears(actor),
        )
        .select_from(Application)
        .outerjoin(Participation, _mine(Participation, Participation.person_id, actor.id))
        .outerjoin(Review, _mine(Review, Review.reviewer_id, actor.id) & col(Review.voided_at).is_(None))
        .outerjoin(Declaration, _mine(Declaration, Declaration.person_id, actor.id))
        .where(col(Application.id) == application.id)
    ).one()
    return Standing(
        state=application.state,
        submitted=application.edition_digest != "",
        member=actor.memberships.get(application.vendor_id),
        roles=actor.roles,
        part=row[0],
        letter=row[1] or "",
        reviewing=row[1] is not None,
        lead=bool(row[2]),
        archived=application.state in OVER and application.moved_at < now() - LOOKING_BACK,
        declared=row[3],
        has_interest=bool(row[4]),
        spent=row[5] is not None,
        hearing=bool(row[6]),
    )


def interest_window_start(edition_id: str) -> date:
    """The first legal day on which a past interest still counts."""
    day = today()
    months = day.year * 12 + day.month - 1 - store.load(edition_id).periods.interest_window_months
    return date(months // 12, months % 12 + 1, min(day.day, 28))


def longest_window() -> date:
    """The earliest first day of the interest windows of all editions: the careful side for a list."""
    return min(interest_window_start(edition.id) for edition in store.editions())


def open_to(actor: Actor, application_id: Any, vendor_id: Any, part: Part) -> tuple[ColumnElement[bool], ...]:
    """SQL: nothing in the registers stands between a person and an application of a list (columns of it).

    `part` is the one the list is for; whoever has another one in an application does not find it there.
    """
    parts = exists().where(
        col(Participation.person_id) == actor.id,
        col(Participation.application_id) == application_id,
        col(Participation.part) != part,
    )
    said = exists().where(
        col(Declaration.person_id) == actor.id,
        col(Declaration.application_id) == application_id,
        col(Declaration.has_interest),
    )
    return (
        not_(has_interest_in(actor.id, vendor_id, longest_window())),
        not_(parts.correlate_except(Participation)),
        not_(said.correlate_except(Declaration)),
    )


def counts(line: Any, since: date) -> ColumnElement[bool]:
    """SQL: a line of a register (Interest or an alias of it) counts for a window that begins on a legal day.

    A mistake counts until somebody else has confirmed it, and an end from the day it was recorded: so that nobody
    frees themselves with a date of their own.
    """
    last_day = func.coalesce(col(line.ended_on), col(line.until))
    return and_(col(line.retracted_at).is_(None), or_(col(line.until).is_(None), last_day >= since))


def belongs(since: date) -> ColumnElement[bool]:
    """SQL: a row of Member counts for a window that begins on a legal day: it holds, or ended within the window."""
    return or_(col(Member.left_at).is_(None), col(Member.left_at) >= end_of_day(since))


def has_interest_in(person_id: Any, vendor_id: Any, since: date) -> ColumnElement[bool]:
    """SQL: the person (an id or a column) has, or since that day had, an interest in the company (likewise)."""
    registered = (
        exists()
        .where(
            col(Interest.person_id) == person_id,
            col(Interest.vendor_id) == vendor_id,
            counts(Interest, since),
        )
        .correlate_except(Interest)
    )
    belonged = (
        exists()
        .where(
            col(Member.user_id) == person_id,
            col(Member.vendor_id) == vendor_id,
            belongs(since),
        )
        .correlate_except(Member)
    )
    return or_(registered, belonged)


def has_interest(session: Session, person_id: UUID, application: Application) -> bool:
    """Whether a person has an interest in the company of an application, now or within the window of its edition."""
    since = interest_window_start(application.edition_id)
    return bool(session.scalar(select(has_interest_in(person_id, application.vendor_id, since))))


def stands_in_the_way(session: Session, person_id: UUID, application: Application, part: Part) -> bool:
    """Whether anything keeps a person from a part: another part, an interest, or the word they gave.

    Asked of the tables themselves by whatever changes a state, so that a mistake in the policy lets nobody through.
    """
    other = exists().where(
        col(Participation.application_id) == application.id,
        col(Participation.person_id) == person_id,
        col(Participation.part) != part,
    )
    declared = exists().where(
        col(Declaration.application_id) == application.id,
        col(Declaration.person_id) == person_id,
        col(Declaration.has_interest).is_(True),
    )
    since = interest_window_start(application.edition_id)
    question = select(or_(other, declared, has_interest_in(person_id, application.vendor_id, since)))
    return bool(session.scalar(question))


def free_of_interest(session: Session, application: Application) -> set[UUID]:
    """Everybody who has no interest in the company: whom the club may write to about the file."""
    since = interest_window_start(application.edition_id)
    question = select(PERSON.c.id).where(not_(has_interest_in(PERSON.c.id, application.vendor_id, since)))
    return {row[0] for row in session.execute(question)}


def _interest(actor: Actor, application: Application) -> ColumnElement[bool]:
    since = interest_window_start(application.edition_id)
    return has_interest_in(actor.id, application.vendor_id, since).label("has_interest")


def _hears(actor: Actor) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Hearing.application_id) == col(Application.id),
            col(Hearing.person_id) == actor.id,
            col(Hearing.ended_at).is_(None),
            col(Appeal.id) == col(Hearing.appeal_id),
            or_(col(Appeal.due_at).is_not(None), col(Appeal.moved_at) >= now() - LOOKING_BACK),
        )
        .correlate(Application)
        .label("hears")
    )


def _mine(table: Any, person: Any, actor_id: UUID) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (col(table.application_id) == col(Application.id)) & (col(person) == actor_id)
    return joined
