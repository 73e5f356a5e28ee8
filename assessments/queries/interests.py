"""Questions about the registers of interests."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.folding import sort_key
from assessments.models import Interest
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE, Person, people
from assessments.queries.standings import has_interest_in, longest_window


@dataclass(frozen=True)
class Register:
    """One club person, how many interests run today, how many mistakes they report, how many lines wait."""

    person: Person
    roles: frozenset[Role]
    running: int
    asked: int  # mistakes that wait for somebody's word
    waiting: int  # lines nobody has confirmed


def interests_of(session: Session, person_id: UUID) -> list[Interest]:
    """A person's register: running entries first, then past ones, then mistakes; within each the newest first."""
    question = select(Interest).where(Interest.person_id == person_id).order_by(col(Interest.since).desc())
    return sorted(session.exec(question).all(), key=lambda entry: (entry.retracted_at is not None, is_past(entry)))


def is_past(entry: Interest) -> bool:
    """Whether an interest has ended before today; within the window of an edition it still counts."""
    return entry.until is not None and entry.until < today()


def registers(session: Session) -> list[Register]:
    """Everybody with a club role, by name, with the number of interests they have today: three statements at most."""
    roles: dict[UUID, set[Role]] = {}
    for person_id, role in session.execute(select(PERSON_ROLE.c.user_id, PERSON_ROLE.c.role)):
        roles.setdefault(person_id, set()).add(Role(role))
    counted = session.exec(
        select(
            Interest.person_id,
            func.count().filter(_runs()),
            func.count(col(Interest.retraction_asked_at)),
            func.count().filter(col(Interest.confirmed_at).is_(None)),
        )
        .where(col(Interest.retracted_at).is_(None))
        .group_by(col(Interest.person_id))
    ).all()
    counts = {person_id: tuple(numbers) for person_id, *numbers in counted}
    question = select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language).where(
        PERSON.c.disabled_at.is_(None), PERSON.c.id.in_(roles)
    )
    rows = [Person(*row) for row in session.execute(question)]
    return [
        Register(person, frozenset(roles[person.id]), *counts.get(person.id, (0, 0, 0)))
        for person in sorted(rows, key=lambda person: sort_key(person.name))
    ]


@dataclass(frozen=True)
class Waiting:
    """One line that waits for somebody's word: to be confirmed, or, asked for by its person, to count no more."""

    interest: Interest
    person: Person
    reported_by: str  # the name of who reported it, "" where the person wrote it


def waiting(session: Session) -> list[Waiting]:
    """Every line nobody has confirmed or that is reported as a mistake, the oldest first, in two statements."""
    question = (
        select(Interest)
        .where(
            col(Interest.retracted_at).is_(None),
            or_(col(Interest.confirmed_at).is_(None), col(Interest.retraction_asked_at).is_not(None)),
        )
        .order_by(col(Interest.declared_at), col(Interest.id))
    )
    lines = session.exec(question).all()
    named = people(session, {one.person_id for one in lines} | {one.reported_by for one in lines if one.reported_by})
    return [
        Waiting(one, named[one.person_id], named[one.reported_by].name if one.reported_by else "")
        for one in lines
        if one.person_id in named
    ]


def has_role(session: Session, person_id: UUID) -> bool:
    """Whether somebody is a person of the club: only they have a register."""
    question = select(PERSON_ROLE.c.user_id).where(PERSON_ROLE.c.user_id == person_id)
    return session.execute(question).first() is not None


def is_concerned(session: Session, person_id: UUID, vendor_id: UUID | None) -> bool:
    """Whether a person has an interest in a company themselves: they say nothing of others' interests in it."""
    if vendor_id is None:
        return False
    return bool(session.scalar(select(has_interest_in(person_id, vendor_id, longest_window()))))


def _runs() -> ColumnElement[bool]:
    return or_(col(Interest.until).is_(None), col(Interest.until) >= today())
