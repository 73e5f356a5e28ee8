"""Concerns about products: received from anybody, triaged by the office, followed by a secret code (17065, 7.13).

A concern changes no certificate by itself. How to reach the reporter is sealed by the web floor and opened by two
people: see openings. What passes it on, and what it leads to, stands in referrals.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, delete

from assessments import clock, history, transparency
from assessments.danger import suspects
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Concern, ConcernMessage, ConcernStep
from assessments.numbers import running
from assessments.people import Actor, Role
from assessments.queries import concerns as queries
from assessments.queries.concerns import ALARM
from assessments.queries.editions import current
from assessments.recourse import ConcernAction, ConcernKind, ConcernOutcome, ConcernState, Danger, Voice
from criteria import store

PREFIX = "PA"
LONGEST, LONGEST_ABOUT, LONGEST_CONTACT = 5_000, 120, 300
LONGEST_MESSAGE = 2_000
MOST_MESSAGES = 40  # of the reporter, after the first text
TRIES = 3

Seal = Callable[[str, str], str]  # (text, place) -> sealed


@dataclass(frozen=True)
class Transition:
    """One row of the way of a concern; `target` None: it stays where it is, `by`: whose step it is."""

    target: ConcernState | None
    sources: tuple[ConcernState, ...]
    by: str = "coordinator"


_OPEN = queries.OPEN
_SEEN = (ConcernState.ACKNOWLEDGED, ConcernState.INVESTIGATING)

TRANSITIONS: dict[ConcernAction, Transition] = {
    # action                             to                          from
    ConcernAction.RECEIVE: Transition(ConcernState.RECEIVED, (), "anybody"),
    ConcernAction.HEAR: Transition(None, _OPEN, "the reporter"),
    ConcernAction.FORGET: Transition(None, (*_OPEN, ConcernState.CLOSED), "the reporter"),
    ConcernAction.ACKNOWLEDGE: Transition(ConcernState.ACKNOWLEDGED, (ConcernState.RECEIVED,)),
    ConcernAction.INVESTIGATE: Transition(ConcernState.INVESTIGATING, _SEEN),
    ConcernAction.NOTE: Transition(None, _OPEN),
    ConcernAction.REPLY: Transition(None, _SEEN),
    ConcernAction.NAME_PRODUCT: Transition(None, _OPEN),
    ConcernAction.FIND_DANGER: Transition(None, _OPEN),
    ConcernAction.CLEAR_DANGER: Transition(None, _OPEN),
    ConcernAction.ASK_CONTACT: Transition(None, _OPEN),
    ConcernAction.CONFIRM_CONTACT: Transition(None, _OPEN, "another coordinator, impartiality committee"),
    ConcernAction.REFUSE_CONTACT: Transition(None, _OPEN, "another coordinator, impartiality committee"),
    ConcernAction.SHOW_CONTACT: Transition(None, _OPEN, "whoever has asked"),
    ConcernAction.WRITE_OUT: Transition(None, _OPEN),
    ConcernAction.REFER: Transition(ConcernState.REFERRED, _OPEN),
    ConcernAction.SURVEY: Transition(None, _SEEN),
    ConcernAction.CLOSE: Transition(ConcernState.CLOSED, _OPEN),
    ConcernAction.ERASE: Transition(None, (ConcernState.CLOSED,), "the clock"),
}


@dataclass(frozen=True)
class Said:
    """What somebody reports: what is wrong, their words, the product if they say so, and how to reach them likewise."""

    kind: ConcernKind
    text: str
    product: str = ""  # the slug of the page they came from
    about: str = ""  # a name or number, as typed
    contact: str = ""
    child: bool = False
    language: str = "vi"


# --- the reporter ---


def receive(session: Session, concern_id: UUID, code: str, said: Said, seal: Seal) -> Concern:
    """Take a concern, once: sent a second time under the same id it is the same one.

    `code` is the secret by which it is followed; only its hash is kept. Refuses words that are missing or too long
    (Invalid). Words that may speak of a child in danger make it due today.
    """
    known = session.get(Concern, concern_id)
    if known is not None:
        return known
    _check(said)
    edition = current(session)
    contact = said.contact.strip()
    alarming = suspects(f"{said.about} {said.text}")
    acknowledge_by = clock.working_days(edition.periods.concern_acknowledge_working_days)
    concern = _numbered(
        session,
        id=concern_id,
        code_hash=hash_of(code),
        kind=said.kind,
        product_id=queries.product_meant(session, said.product, said.about),
        about=said.about.strip(),
        text=said.text.strip(),
        child=said.child,
        language=said.language,
        contact=seal(contact, str(concern_id)) if contact else None,
        contact_given=bool(contact),
        edition_id=edition.id,
        danger=Danger.SUSPECTED if alarming else Danger.NONE,
        received_at=clock.now(),
        acknowledge_by=acknowledge_by,
        answer_by=clock.deadline(edition.recourse.complaint_answer_days),
        due_at=clock.end_of_day(clock.today()) if alarming else acknowledge_by,
    )
    write_down(session, None, concern, ConcernAction.RECEIVE, "")  # nobody's name stands in the history
    return concern


def hash_of(code: str) -> str:
    """What is kept of a code: forgiving case, spaces and dashes, and 0, 1 and 8 for the letters they look like."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(str.maketrans("018", "OIB"))
    return hashlib.sha256(plain.encode()).hexdigest()


def hear(session: Session, concern: Concern, message_id: UUID, words: str) -> None:
    """Take what the reporter writes later, once for each id. Refuses words missing or too long, and more than enough
    of them (Invalid), and one that is over (WrongState).
    """
    if session.get(ConcernMessage, message_id) is not None:
        return
    _require_state(session, concern, ConcernAction.HEAR)
    _check_words(words, LONGEST_MESSAGE)
    if queries.written_by_reporter(session, concern.id) >= MOST_MESSAGES:
        raise Invalid(N_("Đã có nhiều tin nhắn ở phản ánh này. Chờ Câu lạc bộ trả lời, hoặc gửi phản ánh mới."))
    session.add(
        ConcernMessage(id=message_id, concern_id=concern.id, voice=Voice.REPORTER, text=words.strip(), at=clock.now())
    )
    concern.unread = True
    if suspects(words) and concern.danger is not Danger.FOUND:
        _raise_alarm(concern, Danger.SUSPECTED)
    write_down(session, None, concern, ConcernAction.HEAR, concern.state)


def forget_contact(session: Session, concern: Concern) -> None:
    """Erase how to reach the reporter, as they wish. Refuses (WrongState) where there is nothing to erase."""
    _require_state(session, concern, ConcernAction.FORGET)
    if concern.contact is None:
        raise WrongState(N_("Không còn cách liên hệ nào được lưu."))
    erase_contact(session, concern)
    write_down(session, None, concern, ConcernAction.FORGET, concern.state)


# --- the office ---


def acknowledge(session: Session, actor: Actor, concern: Concern) -> None:
    """Tell the reporter that somebody has read it. Refuses as `move` does."""
    move(session, actor, concern, ConcernAction.ACKNOWLEDGE)


def investigate(session: Session, actor: Actor, concern: Concern, note: str) -> None:
    """Look into it, with a note on what will be looked at; also from somebody else. Refuses likewise, and Invalid."""
    _require(session, actor, concern, ConcernAction.INVESTIGATE)
    _check_words(note, LONGEST_MESSAGE)
    concern.handler_id = actor.id
    _add(session, actor, concern, Voice.NOTE, note)
    move(session, actor, concern, ConcernAction.INVESTIGATE)


def add_note(session: Session, actor: Actor, concern: Concern, note: str) -> None:
    """Note something for the office alone. Refuses likewise."""
    _require(session, actor, concern, ConcernAction.NOTE)
    _check_words(note, LONGEST_MESSAGE)
    _add(session, actor, concern, Voice.NOTE, note)
    move(session, actor, concern, ConcernAction.NOTE)


def reply(session: Session, actor: Actor, concern: Concern, words: str) -> None:
    """Write to the reporter, who reads it by their code. Refuses likewise."""
    _require(session, actor, concern, ConcernAction.REPLY)
    _check_words(words, LONGEST_MESSAGE)
    _add(session, actor, concern, Voice.OFFICE, words)
    move(session, actor, concern, ConcernAction.REPLY)


def name_product(session: Session, actor: Actor, concern: Concern, name: str) -> None:
    """Say which public product it is about, by number, address or exact name: from now on it passes by whoever has an
    interest in its company. Refuses likewise, what names none (Invalid), and one of one's own interests (NotAllowed).
    """
    _require(session, actor, concern, ConcernAction.NAME_PRODUCT)
    found = queries.product_meant(session, name.strip(), name)
    if found is None:
        raise Invalid(N_("Không có sản phẩm nào trong danh mục mang đúng tên hay số này."))
    concern.product_id = found
    if queries.is_interested(session, actor.id, concern):
        raise NotAllowed(N_("Bạn có lợi ích liên quan đến nhà cung cấp này. Nhờ điều phối viên khác ghi sản phẩm."))
    move(session, actor, concern, ConcernAction.NAME_PRODUCT)


def find_danger(session: Session, actor: Actor, concern: Concern) -> None:
    """Say that a child may be in danger: it is due today, to be passed on. Refuses as `move` does."""
    _require(session, actor, concern, ConcernAction.FIND_DANGER)
    _raise_alarm(concern, Danger.FOUND)
    move(session, actor, concern, ConcernAction.FIND_DANGER)


def clear_danger(session: Session, actor: Actor, concern: Concern, note: str) -> None:
    """Say, with a reason, that it speaks of no child in danger. Refuses likewise, and where nobody thought so."""
    _require(session, actor, concern, ConcernAction.CLEAR_DANGER)
    if concern.danger not in ALARM:
        raise WrongState(N_("Phản ánh này không được đánh dấu là có trẻ gặp nguy hiểm."))
    _check_words(note, LONGEST_MESSAGE)
    concern.danger = Danger.CLEARED
    _add(session, actor, concern, Voice.NOTE, note)
    move(session, actor, concern, ConcernAction.CLEAR_DANGER)


def close(session: Session, actor: Actor, concern: Concern, outcome: ConcernOutcome, closing: str) -> None:
    """Close it with reasons, which the reporter reads. Refuses likewise, and one that may be about danger (WrongState).

    Danger is passed on, or found to be none, before anything is closed.
    """
    _require(session, actor, concern, ConcernAction.CLOSE)
    if concern.danger in ALARM:
        raise WrongState(N_("Có thể có trẻ gặp nguy hiểm: chuyển đi, hoặc ghi vì sao không phải, rồi mới đóng."))
    _check_words(closing, LONGEST_MESSAGE)
    concern.outcome, concern.closing, concern.closed_at = outcome, closing.strip(), clock.now()
    move(session, actor, concern, ConcernAction.CLOSE)


# --- the clock ---


def erase(session: Session, concern: Concern) -> None:
    """Forget, as the clock, what the reporter said and how to reach them, so long after closing (else WrongState)."""
    session.refresh(concern, with_for_update=True)
    if concern.state is not ConcernState.CLOSED or concern.erased_at is not None or clock.now() < kept_until(concern):
        raise WrongState(N_("Chưa đến lúc xóa."))
    erase_words(session, concern)
    write_down(session, None, concern, ConcernAction.ERASE, concern.state)


def note_late(session: Session, concern: Concern) -> None:
    """Note, as the clock, that the deadline has passed; refuses (WrongState) before, and a second time."""
    session.refresh(concern, with_for_update=True)
    if concern.late_told or concern.due_at is None or clock.now() <= concern.due_at:
        raise WrongState(N_("Chưa quá hạn."))
    concern.late_told = True
    session.add(concern)
    session.flush()


def kept_until(concern: Concern) -> Any:
    """Until when what was said is kept: so many days after closing; a moment that never comes while it is open."""
    days = store.load(concern.edition_id).recourse.complaint_contact_days
    return (concern.closed_at or clock.now()) + timedelta(days=days)


def erase_contact(session: Session, concern: Concern) -> None:
    """Take away how to reach the reporter, and what would open it."""
    if concern.contact is not None:
        concern.contact, concern.contact_erased_at = None, clock.now()
    for one in queries.openings_of(session, concern.id):
        one.asked_half = one.confirmed_half = None
        session.add(one)


def erase_words(session: Session, concern: Concern) -> None:
    """Take away everything that was said, by whomever, but not that it was."""
    erase_contact(session, concern)
    concern.text = concern.about = ""
    concern.erased_at = clock.now()
    session.exec(delete(ConcernMessage).where(ConcernMessage.concern_id == concern.id))  # type: ignore[arg-type]  # columns of a SQLModel class
    for one in queries.openings_of(session, concern.id):
        one.reason = ""
        session.add(one)


# --- the way ---


def move(session: Session, actor: Actor, concern: Concern, action: ConcernAction) -> None:
    """Take one step and write it down; the only way the state of a concern changes.

    Refuses whoever is no coordinator or has an interest in the product's company (NotFound), and another state
    (WrongState).
    """
    _require(session, actor, concern, action)
    before, target = concern.state, TRANSITIONS[action].target
    concern.unread = False
    if target is not None:
        concern.state = target
        if concern.acknowledged_at is None:
            concern.acknowledged_at = clock.now()
    _set_deadline(concern)
    write_down(session, actor, concern, action, before)


def found(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Concern:
    """The concern of that number; refuses (NotFound) an unknown one, and whomever it does not go to."""
    concern = queries.concern_by_number(session, number, lock=lock)
    if concern is None or not actor.roles & set(queries.READERS):
        raise NotFound
    if queries.is_interested(session, actor.id, concern):
        raise NotFound
    return concern


def require(session: Session, actor: Actor, concern: Concern, action: ConcernAction) -> None:
    """Refuse as `move` does, before anything is changed."""
    _require(session, actor, concern, action)


def write_down(session: Session, actor: Actor | None, concern: Concern, action: ConcernAction, before: str) -> None:
    """Keep a step: who, when, from where to where, and the number; never a word of what was said."""
    session.add(concern)
    session.flush()
    entry = history.record(session, actor, history.Step(action, note=concern.number))
    session.add(ConcernStep(seq=entry.seq, concern_id=concern.id, from_state=before, to_state=concern.state))
    session.flush()
    transparency.count_concerns(session, concern.year)


def _require(session: Session, actor: Actor, concern: Concern, action: ConcernAction) -> None:
    with session.no_autoflush:
        if Role.COORDINATOR not in actor.roles or queries.is_interested(session, actor.id, concern):
            raise NotFound
        _require_state(session, concern, action)


def _require_state(session: Session, concern: Concern, action: ConcernAction) -> None:
    with session.no_autoflush:
        state = queries.held_state(session, concern.id)
    if state not in TRANSITIONS[action].sources:
        raise WrongState(N_("Phản ánh đã sang bước khác nên không làm việc này được nữa. Tải lại trang để xem."))


def _raise_alarm(concern: Concern, danger: Danger) -> None:
    if concern.danger not in ALARM:
        concern.due_at, concern.late_told = clock.end_of_day(clock.today()), False
    concern.danger = danger


def _set_deadline(concern: Concern) -> None:
    """Nothing once it is over; today while a child may be in danger; else the next step's."""
    if concern.state not in _OPEN:
        due_at = None
    elif concern.danger in ALARM:
        due_at = concern.due_at
    else:
        due_at = concern.acknowledge_by if concern.state is ConcernState.RECEIVED else concern.answer_by
    if due_at != concern.due_at:
        concern.due_at, concern.late_told = due_at, False


def _add(session: Session, actor: Actor, concern: Concern, voice: Voice, words: str) -> None:
    session.add(
        ConcernMessage(concern_id=concern.id, voice=voice, author_id=actor.id, text=words.strip(), at=clock.now())
    )


def _check(said: Said) -> None:
    _check_words(said.text, LONGEST)
    for text, most in ((said.about, LONGEST_ABOUT), (said.contact, LONGEST_CONTACT)):
        if len(text) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _check_words(words: str, most: int) -> None:
    if not words.strip():
        raise Invalid(N_("Viết vài dòng rồi gửi."))
    if len(words) > most:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _numbered(session: Session, **fields: Any) -> Concern:
    year = clock.today().year
    for _ in range(TRIES):
        serial = queries.next_serial(session, year)
        try:
            with session.begin_nested():
                concern = Concern(number=running(PREFIX, year, serial), year=year, serial=serial, **fields)
                session.add(concern)
        except IntegrityError:
            continue
        return concern
    raise WrongState(N_("Nhiều yêu cầu đang được gửi cùng lúc. Thử lại sau ít phút."))
