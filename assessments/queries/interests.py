"""Questions about the registers of interests."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.folding import sort_key
from assessments.models import Interest
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE, Person


@dataclass(frozen=True)
class Register:
    """One club person, how many interests they have declared that run today, and how many mistakes they report."""

    person: Person
    roles: frozenset[Role]
    running: int
    asked: int  # mistakes that wait for somebody's word


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
        select(Interest.person_id, func.count().filter(_runs()), func.count(col(Interest.retraction_asked_at)))
        .where(col(Interest.retracted_at).is_(None))
        .group_by(col(Interest.person_id))
    ).all()
    counts = {person_id: (running, asked) for person_id, running, asked in counted}
    question = select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language).where(
        PERSON.c.disabled_at.is_(None), PERSON.c.id.in_(roles)
    )
    rows = [Person(*row) for row in session.execute(question)]
    return [
        Register(person, frozenset(roles[person.id]), *counts.get(person.id, (0, 0)))
        for person in sorted(rows, key=lambda person: sort_key(person.name))
    ]


def _runs() -> ColumnElement[bool]:
    return or_(col(Interest.until).is_(None), col(Interest.until) >= today())
