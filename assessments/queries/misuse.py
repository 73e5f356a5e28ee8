"""Questions about reports of misuse: what is open, what a code follows, and who hears of a new one."""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Certificate, MisuseReport
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.recourse import MisuseState

PAGE = 50


def report_by_number(session: Session, number: str, *, lock: bool = False) -> MisuseReport | None:
    """The report of that number; `lock` holds its row until the transaction ends."""
    question = select(MisuseReport).where(MisuseReport.number == number)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def report_by_code(session: Session, code_hash: str) -> MisuseReport | None:
    """The report that a code follows."""
    return session.exec(select(MisuseReport).where(MisuseReport.code_hash == code_hash)).one_or_none()


def held_state(session: Session, report_id: UUID) -> tuple[MisuseState, UUID | None]:
    """State and handler as the database has them."""
    columns: list[Any] = [MisuseReport.state, MisuseReport.handler_id]
    state, handler = session.exec(select(*columns).where(MisuseReport.id == report_id)).one()
    return state, handler


def next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the unique constraint judges between two at once."""
    return (session.exec(select(func.max(MisuseReport.serial)).where(MisuseReport.year == year)).one() or 0) + 1


def listed(session: Session, *, closed: bool, after: int = 0) -> list[MisuseReport]:
    """What is open, by deadline, or what was closed, newest first: one more than PAGE where there is a next page."""
    question = select(MisuseReport)
    if closed:
        question = question.where(MisuseReport.state == MisuseState.CLOSED)
        question = question.order_by(col(MisuseReport.closed_at).desc(), col(MisuseReport.number).desc())
    else:
        question = question.where(MisuseReport.state != MisuseState.CLOSED)
        question = question.order_by(col(MisuseReport.due_at), col(MisuseReport.number))
    return list(session.exec(question.offset(after).limit(PAGE + 1)).all())


def certificate_of(session: Session, report: MisuseReport) -> Certificate | None:
    """The certificate whose number somebody saw, where there is one."""
    return session.get(Certificate, report.certificate_id) if report.certificate_id else None


def office(session: Session) -> list[Person]:
    """The coordinators, who hear of a new report."""
    holding = select(PERSON_ROLE.c.user_id).where(PERSON_ROLE.c.role == Role.COORDINATOR.value)
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language]
    question = select(*columns).where(PERSON.c.disabled_at.is_(None), PERSON.c.id.in_(holding))
    return [Person(*row) for row in session.execute(question.order_by(PERSON.c.name))]


def with_contact(session: Session) -> list[UUID]:
    """What is closed and still has a contact; the verb looks whether it is time."""
    question = select(MisuseReport.id).where(
        MisuseReport.state == MisuseState.CLOSED, col(MisuseReport.contact).is_not(None)
    )
    return list(session.exec(question).all())
