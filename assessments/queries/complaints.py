"""Questions about complaints: who may read them, where each stands, and who is involved in what it names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from assessments.models import (
    Appeal,
    Application,
    Certificate,
    Complaint,
    ComplaintStep,
    Hearing,
    HistoryEntry,
    Interest,
    Participation,
)
from assessments.numbers import parse
from assessments.people import Actor, Role
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.queries.standings import counts, interest_window_start
from assessments.recourse import ComplaintState
from criteria import store

PAGE = 50
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


def queue(session: Session) -> list[Complaint]:
    """What is open, by deadline, and what was answered and not closed."""
    question = select(Complaint).where(col(Complaint.state).in_(OPEN))
    return list(session.exec(question.order_by(col(Complaint.due_at).is_(None), col(Complaint.due_at)).limit(200)))


def closed(session: Session) -> list[Complaint]:
    """What was closed last."""
    question = select(Complaint).where(Complaint.state == ComplaintState.CLOSED)
    return list(session.exec(question.order_by(col(Complaint.moved_at).desc()).limit(PAGE)))


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


def is_involved(session: Session, actor: Actor, complaint: Complaint) -> bool:
    """Whether somebody has a part in what a complaint names, or an interest in the company it comes from."""
    return _took_part(session, actor, complaint.about) or _has_interest(session, actor, complaint)


def _took_part(session: Session, actor: Actor, about: str) -> bool:
    typed = about.strip().upper()
    if not typed:
        return False
    through = select(Appeal.application_id).where(Appeal.number == typed)
    granted = select(Certificate.application_id).where(Certificate.number == (parse(about).number or typed))
    named = select(Application.id).where(
        or_(col(Application.ref) == typed, col(Application.id).in_(through), col(Application.id).in_(granted))
    )
    part = select(Participation.person_id).where(
        Participation.person_id == actor.id, col(Participation.application_id).in_(named)
    )
    heard = select(Hearing.person_id).where(Hearing.person_id == actor.id, col(Hearing.application_id).in_(named))
    return session.exec(part).first() is not None or session.exec(heard).first() is not None


def _has_interest(session: Session, actor: Actor, complaint: Complaint) -> bool:
    if complaint.vendor_id is None:
        return False
    line = select(Interest.id).where(
        Interest.person_id == actor.id,
        Interest.vendor_id == complaint.vendor_id,
        counts(Interest, interest_window_start(complaint.edition_id)),
    )
    return complaint.vendor_id in actor.memberships or session.exec(line).first() is not None


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
