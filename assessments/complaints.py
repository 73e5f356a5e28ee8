"""Complaints about the club itself: their steps, past the coordinator, by people who are not involved (17065, 7.13).

How to reach the complainant is sealed by the web floor; sealing and opening come from there as functions.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import clock, history, transparency
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Complaint, ComplaintAside, ComplaintStep
from assessments.numbers import running
from assessments.people import Actor
from assessments.queries import complaints as queries
from assessments.queries.editions import current
from assessments.queries.involvements import is_involved
from assessments.recourse import ComplaintAction, ComplaintState, ComplaintSubject, Verdict
from criteria import store

PREFIX = "KN"
LONGEST = 10_000  # characters of the text
LONGEST_ANSWER = 5_000
LONGEST_CONTACT = 300
TRIES = 3

Seal = Callable[[str, str], str]  # (text, place) -> sealed
Open = Callable[[str, str], str]  # (sealed, place) -> text


@dataclass(frozen=True)
class Transition:
    """One row of the way of a complaint; `target` None: it stays where it is, `handler`: only in whose hands it is."""

    target: ComplaintState | None
    sources: tuple[ComplaintState, ...]
    handler: bool = False


_WAITING = (ComplaintState.RECEIVED, ComplaintState.ACKNOWLEDGED)
_HELD = (ComplaintState.IN_HAND,)
_ANY = tuple(ComplaintState)
_OPEN = tuple(one for one in ComplaintState if one is not ComplaintState.CLOSED)

TRANSITIONS: dict[ComplaintAction, Transition] = {
    # action                              to                           from
    ComplaintAction.RECEIVE: Transition(ComplaintState.RECEIVED, ()),
    ComplaintAction.ACKNOWLEDGE: Transition(ComplaintState.ACKNOWLEDGED, (ComplaintState.RECEIVED,)),
    ComplaintAction.TAKE: Transition(ComplaintState.IN_HAND, (ComplaintState.ACKNOWLEDGED, *_HELD)),
    ComplaintAction.DECIDE: Transition(ComplaintState.DECIDED, _HELD, handler=True),
    ComplaintAction.CLOSE: Transition(ComplaintState.CLOSED, (ComplaintState.DECIDED,), handler=True),
    ComplaintAction.OPEN_CONTACT: Transition(None, (*_HELD, ComplaintState.DECIDED), handler=True),
    ComplaintAction.EXCLUDE: Transition(None, _OPEN),
    ComplaintAction.ERASE_CONTACT: Transition(None, _ANY),
}


@dataclass(frozen=True)
class Said:
    """What somebody complains of: subject, words, what it concerns, and how to reach them, if they say so."""

    subject: ComplaintSubject
    text: str
    about: str = ""
    contact: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class By:
    """Who complains: an account and its company, or nobody that is known."""

    person: Actor | None = None
    vendor_id: UUID | None = None


def receive(session: Session, complaint_id: UUID, code: str, said: Said, seal: Seal, by: By | None = None) -> Complaint:
    """Take a complaint, once: sent a second time under the same id it is the same one.

    `code` is the secret by which it is followed; only its hash is kept. Refuses words that are missing or too long
    (Invalid). Source: ISO/IEC 17065, 7.13.1 to 7.13.4.
    """
    known = session.get(Complaint, complaint_id)
    if known is not None:
        return known
    _check(said)
    who = by or By()
    edition = current(session)
    recourse = edition.recourse
    complaint = _numbered(
        session,
        id=complaint_id,
        code_hash=hash_of(code),
        subject=said.subject,
        text=said.text.strip(),
        about=said.about.strip(),
        language=said.language,
        contact=seal(said.contact.strip(), str(complaint_id)) if said.contact.strip() else None,
        contact_given=bool(said.contact.strip()),
        complainant_id=who.person.id if who.person else None,
        vendor_id=who.vendor_id,
        edition_id=edition.id,
        received_at=clock.now(),
        due_at=clock.working_days(recourse.complaint_acknowledge_working_days),
        answer_by=clock.deadline(recourse.complaint_answer_days),
    )
    _write_down(session, None, complaint, ComplaintAction.RECEIVE, None)  # nobody's name stands in the history
    return complaint


def hash_of(code: str) -> str:
    """What is kept of a code: forgiving case, spaces and dashes."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def acknowledge(session: Session, actor: Actor, complaint: Complaint, subject: ComplaintSubject) -> None:
    """Say that it has come, and what it is about in the club's own classes. Refuses as `move` does."""
    move(session, actor, complaint, ComplaintAction.ACKNOWLEDGE)
    complaint.classified = subject.value  # from now on it passes by whom that class passes by, the actor too
    session.add(complaint)
    session.flush()


def take(session: Session, actor: Actor, complaint: Complaint, *, uninvolved: bool) -> None:
    """Take it in hand, with the word that one is not involved; also from somebody else who cannot go on.

    Refuses as `move` does, and without that word (Invalid).
    """
    _require(session, actor, complaint, ComplaintAction.TAKE)
    if not uninvolved:
        raise Invalid(N_("Xác nhận bạn không liên quan đến việc bị khiếu nại."))
    complaint.handler_id = actor.id
    move(session, actor, complaint, ComplaintAction.TAKE)


def pass_by(session: Session, actor: Actor, complaint: Complaint, person_id: UUID) -> None:
    """Write down that it concerns somebody who could read it, oneself or another: from now on it passes them by.

    Refuses as `move` does, and (NotFound) whoever it does not go to anyway.
    """
    _require(session, actor, complaint, ComplaintAction.EXCLUDE)
    if person_id not in {one.id for one in queries.readers_of(session, complaint)}:
        raise NotFound
    move(session, actor, complaint, ComplaintAction.EXCLUDE)
    session.add(ComplaintAside(complaint_id=complaint.id, person_id=person_id, said_by=actor.id))
    session.flush()


@dataclass(frozen=True)
class Answer:
    """What was found, why (for the record), and what the complainant is told."""

    verdict: Verdict
    reasons: str
    answer: str


def decide(session: Session, actor: Actor, complaint: Complaint, given: Answer) -> None:
    """Decide and answer. Refuses whoever does not hold it (NotAllowed) and words missing or too long (Invalid)."""
    _require(session, actor, complaint, ComplaintAction.DECIDE)
    if not (given.reasons.strip() and given.answer.strip()):
        raise Invalid(N_("Ghi căn cứ và câu trả lời."))
    if max(len(given.reasons), len(given.answer)) > LONGEST_ANSWER:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_ANSWER)
    complaint.verdict, complaint.reasons, complaint.answer = given.verdict, given.reasons.strip(), given.answer.strip()
    complaint.decided_at = clock.now()
    move(session, actor, complaint, ComplaintAction.DECIDE)


def close(session: Session, actor: Actor, complaint: Complaint, closing: str) -> None:
    """Close it: the answer has reached whoever asked, and what follows from it is written down. Refuses likewise."""
    _require(session, actor, complaint, ComplaintAction.CLOSE)
    if not closing.strip():
        raise Invalid(N_("Ghi việc làm tiếp, hoặc vì sao không cần làm gì thêm."))
    if len(closing) > LONGEST_ANSWER:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_ANSWER)
    complaint.closing = closing.strip()
    move(session, actor, complaint, ComplaintAction.CLOSE)


def open_contact(session: Session, actor: Actor, complaint: Complaint, opened: Open) -> str:
    """How to reach the complainant, for whoever has it in hand; each opening is a step of the history.

    Refuses as `move` does, and what was not given or is erased (WrongState).
    """
    _require(session, actor, complaint, ComplaintAction.OPEN_CONTACT)
    if complaint.contact is None:
        raise WrongState(N_("Người khiếu nại không để lại cách liên hệ, hoặc đã xóa theo thời hạn."))
    contact = opened(complaint.contact, str(complaint.id))
    move(session, actor, complaint, ComplaintAction.OPEN_CONTACT)
    return contact


def erase_contact(session: Session, complaint: Complaint) -> None:
    """Forget, as the clock, how to reach the complainant, so long after closing; refuses before (WrongState)."""
    session.refresh(complaint, with_for_update=True)
    if complaint.contact is None or clock.now() < contact_until(complaint):
        raise WrongState(N_("Chưa đến lúc xóa cách liên hệ."))
    complaint.contact, complaint.contact_erased_at = None, clock.now()
    _write_down(session, None, complaint, ComplaintAction.ERASE_CONTACT, complaint.state)


def note_late(session: Session, complaint: Complaint) -> None:
    """Note, as the clock, that the deadline has passed; refuses (WrongState) before, and a second time."""
    session.refresh(complaint, with_for_update=True)
    if complaint.late_told or complaint.due_at is None or clock.now() <= complaint.due_at:
        raise WrongState(N_("Chưa quá hạn."))
    complaint.late_told = True
    session.add(complaint)
    session.flush()


def found(session: Session, number: str, *, lock: bool = False) -> Complaint:
    """The complaint of that number; refuses (NotFound) an unknown one."""
    complaint = queries.complaint_by_number(session, number, lock=lock)
    if complaint is None:
        raise NotFound
    return complaint


def contact_until(complaint: Complaint) -> Any:
    """When the contact is erased: so many days after closing; a moment that never comes while it is open."""
    days = store.load(complaint.edition_id).recourse.complaint_contact_days
    if complaint.state is not ComplaintState.CLOSED:
        return clock.now() + timedelta(days=days)
    return complaint.moved_at + timedelta(days=days)


def move(session: Session, actor: Actor, complaint: Complaint, action: ComplaintAction) -> None:
    """Take one step and write it down; the only way the state of a complaint changes.

    Refuses everybody but the impartiality committee and auditors, and of them whoever is involved (NotFound), whoever
    does not hold it (NotAllowed), and another state (WrongState).
    """
    _require(session, actor, complaint, action)
    before, target = complaint.state, TRANSITIONS[action].target
    if target is not None and target is not before:
        complaint.state, complaint.moved_at, complaint.late_told = target, clock.now(), False
        complaint.due_at = complaint.answer_by if target in {ComplaintState.ACKNOWLEDGED, *_HELD} else None
    _write_down(session, actor, complaint, action, before)


def require_reader(actor: Actor) -> None:
    """Refuse everybody (NotFound) but those the club's complaints go to: past the coordinator and the administrator."""
    if not queries.reads(actor):
        raise NotFound


def require_uninvolved(session: Session, actor: Actor, complaint: Complaint) -> None:
    """Refuse (NotFound) whom a complaint concerns, as if it were not there; and whom no complaint goes to."""
    require_reader(actor)
    if is_involved(session, actor.id, complaint):
        raise NotFound


def _require(session: Session, actor: Actor, complaint: Complaint, action: ComplaintAction) -> None:
    step = TRANSITIONS[action]
    with session.no_autoflush:
        require_uninvolved(session, actor, complaint)
        state, handler = queries.held_state(session, complaint.id)
        holds = handler == actor.id or _left_behind(session, complaint, action, handler)
    if step.handler and not holds:
        raise NotAllowed(N_("Chỉ người đang xử lý khiếu nại này làm được việc này."))
    if state not in step.sources:
        raise WrongState(N_("Khiếu nại đã sang bước khác nên không làm việc này được nữa. Tải lại trang để xem."))


def _left_behind(session: Session, complaint: Complaint, action: ComplaintAction, handler: UUID | None) -> bool:
    """Whether it waits to be closed by somebody whom it does not go to any more: then every reader may."""
    closing = action is ComplaintAction.CLOSE and handler is not None
    return closing and handler not in {one.id for one in queries.readers_of(session, complaint)}


def _check(said: Said) -> None:
    if not said.text.strip():
        raise Invalid(N_("Ghi điều bạn khiếu nại."))
    for text, most in ((said.text, LONGEST), (said.contact, LONGEST_CONTACT), (said.about, 40)):
        if len(text) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _numbered(session: Session, **fields: Any) -> Complaint:
    year = clock.today().year
    for _ in range(TRIES):
        serial = queries.next_serial(session, year)
        try:
            with session.begin_nested():
                complaint = Complaint(number=running(PREFIX, year, serial), year=year, serial=serial, **fields)
                session.add(complaint)
        except IntegrityError:
            continue
        return complaint
    raise WrongState(N_("Nhiều yêu cầu đang được gửi cùng lúc. Thử lại sau ít phút."))


def _write_down(
    session: Session,
    actor: Actor | None,
    complaint: Complaint,
    action: ComplaintAction,
    before: ComplaintState | None,
) -> None:
    session.add(complaint)
    session.flush()
    entry = history.record(session, actor, history.Step(action, note=complaint.number))
    session.add(
        ComplaintStep(seq=entry.seq, complaint_id=complaint.id, from_state=before or "", to_state=complaint.state)
    )
    session.flush()
    transparency.count_complaints(session, complaint.year)
