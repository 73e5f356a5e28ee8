"""Questions about people, who are rows by name here: the web owns their tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, column, select, table
from sqlmodel import Session, col

from assessments.models import Member
from assessments.people import MemberRole, Role

PERSON = table("user", column("id", Uuid()), column("name"), column("email"), column("language"), column("disabled_at"))
PERSON_ROLE = table("user_role", column("user_id", Uuid()), column("role"))


@dataclass(frozen=True)
class Person:
    """What a page or a letter needs to know of somebody."""

    id: UUID
    name: str
    email: str
    language: str


def people(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """The people behind some ids, in one statement."""
    question = select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language)
    return {row[0]: Person(*row) for row in session.execute(question.where(PERSON.c.id.in_(set(ids))))}


def name_of(session: Session, person_id: UUID | None) -> str:
    """Somebody's name, empty for nobody."""
    found = people(session, [person_id]) if person_id else {}
    return found[person_id].name if person_id in found else ""


def with_role(session: Session, role: Role) -> list[Person]:
    """Everybody who holds a club role and is not disabled, by name."""
    question = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language)
        .join(PERSON_ROLE, PERSON_ROLE.c.user_id == PERSON.c.id)
        .where(PERSON_ROLE.c.role == role.value, PERSON.c.disabled_at.is_(None))
        .order_by(PERSON.c.name)
    )
    return [Person(*row) for row in session.execute(question)]


def active_of(session: Session, role: str) -> set[UUID]:
    """The ids of everybody who holds a club role and is not disabled."""
    question = (
        select(PERSON.c.id)
        .join(PERSON_ROLE, PERSON_ROLE.c.user_id == PERSON.c.id)
        .where(PERSON_ROLE.c.role == role, PERSON.c.disabled_at.is_(None))
    )
    return {row[0] for row in session.execute(question)}


def members_of(session: Session, vendor_id: UUID, role: MemberRole | None = None) -> list[Person]:
    """The people of a company, all or those of one role."""
    question = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language)
        .join(Member, col(Member.user_id) == PERSON.c.id)
        .where(col(Member.vendor_id) == vendor_id, col(Member.left_at).is_(None))
        .order_by(PERSON.c.name)
    )
    if role is not None:
        question = question.where(col(Member.role) == role)
    return [Person(*row) for row in session.execute(question)]


@dataclass(frozen=True)
class Colleague:
    """Somebody who belongs, or once belonged, to a company."""

    person: Person
    role: MemberRole
    left: bool


def colleagues_of(session: Session, vendor_id: UUID) -> list[Colleague]:
    """Everybody who ever belonged to a company, by name, in one statement."""
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language, Member.role, Member.left_at]
    question = (
        select(*columns)
        .join(Member, col(Member.user_id) == PERSON.c.id)
        .where(col(Member.vendor_id) == vendor_id)
        .order_by(PERSON.c.name)
    )
    return [Colleague(Person(*row[:4]), row[4], row[5] is not None) for row in session.execute(question)]
