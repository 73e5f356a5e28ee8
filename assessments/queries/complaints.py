"""Questions about complaints: who may read them, and where each stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Complaint, ComplaintStep, HistoryEntry
from assessments.people import Actor, Role
from assessments.queries.involvements import involved
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.recourse import ComplaintState
from criteria import store

PAGE = 50
MOST_OPEN = 200
OPEN = (ComplaintState.RECEIVED, ComplaintState.ACKNOWLEDGED, ComplaintState.IN_HAND, ComplaintState.DECIDED)
READERS = (Role.IMPARTIALITY, Role.AUDITOR)
PAST = (Role.COORDINATOR, Role.ADMIN)  # who holds one of these reads no complaint, whatever else they hold


def reads(actor: Actor) -> bool:
    """Whether complaints about the club go to this person."""
    return bool(actor.roles & set(READERS)) and not actor.roles & set(PAST)


def readers(session: Session) -> list[Person]:
    """Everybody that complaints go to."""
    trusted = select(PERSON_ROLE.c.user_id).where(PERSON_ROLE.c.role.in_([one.value for one in READERS]))
    past = select(PERSON_ROLE.c.user_id).where(PERSON_ROLE.c.role.in_([one.value for one in PAST]))
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language]
    question = select(*columns).where(
        PERSON.c.disabled_at.is_(None), PERSON.c.id.in_(trusted), PERSON.c.id.not_in(past)
    )
    return [Person(*row) for row in session.execute(question.order_by(PERSON.c.name))]


def readers_of(session: Session, complaint: Complaint) -> list[Person]:
    """The readers that a complaint goes to: all but those it concerns."""
    found = readers(session)
    passed = involved(session, [complaint], [one.id for one in found])
    return [one for one in found if (complaint.id, one.id) not in passed]


def complaint_by_number(session: Session, number: str, *, lock: bool = False) -> Complaint | None:
    """The complaint of that number; `lock` holds its row until the transaction ends."""
    question = select(Complaint).where(Complaint.number == number)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def complaint_by_code(session: Session, code_hash: str) -> Complaint | None:
    """The complaint that a code follows."""
    return session.exec(select(Complaint).where(Complaint.code_hash == code_hash)).one_or_none()


def held_state(session: Session, complaint_id: UUID) -> tuple[ComplaintState, UUID | None]:
    """State and handler as the database has them."""
    columns: list[Any] = [Complaint.state, Complaint.handler_id]
    state, handler = session.exec(select(*columns).where(Complaint.id == complaint_id)).one()
    return state, handler


def next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the unique constraint judges between two at once."""
    return (session.exec(select(func.max(Complaint.serial)).where(Complaint.year == year)).one() or 0) + 1


def listed(session: Session, actor: Actor) -> tuple[list[Complaint], list[Complaint]]:
    """What a reader may see: what is open, by deadline, and what was closed last; nothing that concerns them."""
    open_ones = select(Complaint).where(col(Complaint.state).in_(OPEN))
    ordered = open_ones.order_by(col(Complaint.due_at).is_(None), col(Complaint.due_at)).limit(MOST_OPEN)
    past = select(Complaint).where(Complaint.state == ComplaintState.CLOSED)
    found = [*session.exec(ordered), *session.exec(past.order_by(col(Complaint.moved_at).desc()).limit(PAGE))]
    passed = {complaint_id for complaint_id, _person in involved(session, found, [actor.id])}
    seen = [one for one in found if one.id not in passed]
    over = ComplaintState.CLOSED
    return [one for one in seen if one.state is not over], [one for one in seen if one.state is over]


def of_person(session: Session, person_id: UUID) -> list[Complaint]:
    """What somebody with an account has sent, newest first."""
    question = select(Complaint).where(Complaint.complainant_id == person_id)
    return list(session.exec(question.order_by(col(Complaint.received_at).desc()).limit(PAGE)))


@dataclass(frozen=True)
class Step:
    """One step of a complaint."""

    action: str
    at: datetime


def steps_of(session: Session, complaint_id: UUID) -> list[Step]:
    """Every step, newest first."""
    question = (
        select(HistoryEntry.action, HistoryEntry.at)
        .join(ComplaintStep, col(ComplaintStep.seq) == col(HistoryEntry.seq))
        .where(ComplaintStep.complaint_id == complaint_id)
        .order_by(col(HistoryEntry.seq).desc())
    )
    return [Step(*row) for row in session.exec(question).all()]


def late(session: Session, moment: datetime) -> list[UUID]:
    """What is late and was not written about yet."""
    question = select(Complaint.id).where(col(Complaint.due_at) < moment, col(Complaint.late_told).is_(False))
    return list(session.exec(question).all())


def with_contact(session: Session) -> list[UUID]:
    """What is closed and still has a contact; the verb looks whether it is time."""
    question = select(Complaint.id).where(Complaint.state == ComplaintState.CLOSED, col(Complaint.contact).is_not(None))
    return list(session.exec(question).all())


def contact_days(complaint: Complaint) -> int:
    """For how many days after closing the contact is kept."""
    return store.load(complaint.edition_id).recourse.complaint_contact_days
