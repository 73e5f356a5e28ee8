"""Reports of misuse of certificates and the mark: received from anybody, looked into by the office (17065, 4.1.3).

How to reach whoever reports is sealed by the web floor; sealing and opening come from there as functions.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import clock, history
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Application, Certificate, MisuseReport
from assessments.numbers import parse, running
from assessments.people import Actor, Role
from assessments.queries import misuse as queries
from assessments.queries.certificates import certificate_by_number, is_public
from assessments.queries.standings import standing_of
from assessments.recourse import MisuseAction, MisuseKind, MisuseOutcome, MisuseState
from criteria import store

PREFIX = "DS"
LONGEST_PLACE, LONGEST_TEXT, LONGEST_CONTACT, LONGEST_NOTE, LONGEST_ABOUT = 1_000, 5_000, 300, 5_000, 40
TRIES = 3

Seal = Callable[[str, str], str]  # (text, place) -> sealed
Open = Callable[[str, str], str]  # (sealed, place) -> text


@dataclass(frozen=True)
class Transition:
    """One row of the way of a report; `target` None: it stays where it is, `handler`: only in whose hands it is."""

    target: MisuseState | None
    sources: tuple[MisuseState, ...]
    handler: bool = False


_OPEN = (MisuseState.RECEIVED, MisuseState.IN_HAND)

TRANSITIONS: dict[MisuseAction, Transition] = {
    # action                              to                          from
    MisuseAction.RECEIVE: Transition(MisuseState.RECEIVED, ()),
    MisuseAction.TAKE: Transition(MisuseState.IN_HAND, _OPEN),
    MisuseAction.CLOSE: Transition(MisuseState.CLOSED, (MisuseState.IN_HAND,), handler=True),
    MisuseAction.OPEN_CONTACT: Transition(None, (MisuseState.IN_HAND,), handler=True),
    MisuseAction.ERASE_CONTACT: Transition(None, (MisuseState.CLOSED,)),
}


@dataclass(frozen=True)
class Said:
    """What somebody saw: how it is misused, where, the number on it, more words, and how to reach them, if they say."""

    kind: MisuseKind
    place: str
    about: str = ""
    text: str = ""
    contact: str = ""
    language: str = "vi"


def receive(session: Session, report_id: UUID, code: str, said: Said, seal: Seal) -> MisuseReport:
    """Take a report, once: sent a second time under the same id it is the same one.

    `code` is the secret by which it is followed; only its hash is kept. Refuses a place that is missing and words that
    are too long (Invalid). Source: ISO/IEC 17065, 4.1.3.2.
    """
    known = session.get(MisuseReport, report_id)
    if known is not None:
        return known
    _check(said)
    edition = store.current()
    seen = certificate_by_number(session, parse(said.about).number) if said.about.strip() else None
    report = _numbered(
        session,
        id=report_id,
        code_hash=hash_of(code),
        kind=said.kind,
        place=said.place.strip(),
        about=said.about.strip(),
        certificate_id=seen.id if seen is not None and is_public(seen, clock.today()) else None,
        text=said.text.strip(),
        language=said.language,
        contact=seal(said.contact.strip(), str(report_id)) if said.contact.strip() else None,
        contact_given=bool(said.contact.strip()),
        edition_id=edition.id,
        received_at=clock.now(),
        due_at=clock.working_days(edition.periods.concern_acknowledge_working_days),
    )
    _write_down(session, None, report, MisuseAction.RECEIVE)  # nobody's name stands in the history
    return report


def hash_of(code: str) -> str:
    """What is kept of a code: forgiving case, spaces and dashes."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def take(session: Session, actor: Actor, report: MisuseReport) -> None:
    """Take it in hand, also from somebody else who cannot go on.

    Refuses whoever has an interest in the company of the certificate (NotAllowed), and as `_require` does.
    """
    _require(session, actor, report, MisuseAction.TAKE)
    if is_interested(session, actor, report):
        raise NotAllowed(N_("Bạn có lợi ích liên quan đến nhà cung cấp này nên không xử lý được. Người khác sẽ nhận."))
    before, report.state = report.state, MisuseState.IN_HAND
    report.handler_id, report.taken_at = actor.id, clock.now()
    _write_down(session, actor, report, MisuseAction.TAKE, before)


def close(session: Session, actor: Actor, report: MisuseReport, outcome: MisuseOutcome, note: str) -> None:
    """Close it with what came out and a note for the record; refuses a missing or long note (Invalid), and likewise."""
    _require(session, actor, report, MisuseAction.CLOSE)
    if not note.strip():
        raise Invalid(N_("Ghi đã kiểm tra gì và làm gì."))
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_NOTE)
    report.outcome, report.note = outcome, note.strip()
    before, report.state = report.state, MisuseState.CLOSED
    report.closed_at = clock.now()
    _write_down(session, actor, report, MisuseAction.CLOSE, before)


def open_contact(session: Session, actor: Actor, report: MisuseReport, opened: Open) -> str:
    """How to reach whoever reported, for whoever has it in hand; each opening is a step of the history.

    Refuses what was not given or is erased (WrongState), and likewise.
    """
    _require(session, actor, report, MisuseAction.OPEN_CONTACT)
    if report.contact is None:
        raise WrongState(N_("Người báo không để lại cách liên hệ, hoặc đã xóa theo thời hạn."))
    contact = opened(report.contact, str(report.id))
    _write_down(session, actor, report, MisuseAction.OPEN_CONTACT, report.state)
    return contact


def erase_contact(session: Session, report: MisuseReport) -> None:
    """Forget, as the clock, how to reach whoever reported, so long after closing; refuses before (WrongState)."""
    session.refresh(report, with_for_update=True)
    until = contact_until(report)
    if report.contact is None or until is None or clock.now() < until:
        raise WrongState(N_("Chưa đến lúc xóa cách liên hệ."))
    report.contact, report.contact_erased_at = None, clock.now()
    _write_down(session, None, report, MisuseAction.ERASE_CONTACT, report.state)


def contact_until(report: MisuseReport) -> datetime | None:
    """When the contact is erased: so many days after closing; None while it is open."""
    days = store.load(report.edition_id).recourse.complaint_contact_days
    return report.closed_at + timedelta(days=days) if report.closed_at else None


def found(session: Session, actor: Actor, number: str, *, lock: bool = False) -> MisuseReport:
    """The report of that number; refuses (NotFound) an unknown one, and everybody but the office."""
    report = queries.report_by_number(session, number, lock=lock)
    if report is None or Role.COORDINATOR not in actor.roles:
        raise NotFound
    return report


def is_interested(session: Session, actor: Actor, report: MisuseReport) -> bool:
    """Whether somebody has an interest in the company whose certificate was seen."""
    certificate = session.get(Certificate, report.certificate_id) if report.certificate_id else None
    if certificate is None:
        return False
    standing = standing_of(session, actor, session.get_one(Application, certificate.application_id))
    return standing is None or not standing.free


def _require(session: Session, actor: Actor, report: MisuseReport, action: MisuseAction) -> None:
    """Refuse all but coordinators (NotFound), whoever does not hold it (NotAllowed), another state (WrongState)."""
    if Role.COORDINATOR not in actor.roles:
        raise NotFound
    step = TRANSITIONS[action]
    with session.no_autoflush:
        state, handler = queries.held_state(session, report.id)
    if step.handler and handler != actor.id:
        raise NotAllowed(N_("Chỉ người đang xử lý báo cáo này làm được việc này."))
    if state not in step.sources:
        raise WrongState(N_("Báo cáo đã sang bước khác nên không làm việc này được nữa. Tải lại trang để xem."))


def _check(said: Said) -> None:
    if not said.place.strip():
        raise Invalid(N_("Ghi bạn thấy ở đâu."))
    for text, most in (
        (said.place, LONGEST_PLACE),
        (said.about, LONGEST_ABOUT),
        (said.text, LONGEST_TEXT),
        (said.contact, LONGEST_CONTACT),
    ):
        if len(text) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _numbered(session: Session, **fields: Any) -> MisuseReport:
    year = clock.today().year
    for _ in range(TRIES):
        serial = queries.next_serial(session, year)
        try:
            with session.begin_nested():
                report = MisuseReport(number=running(PREFIX, year, serial), year=year, serial=serial, **fields)
                session.add(report)
        except IntegrityError:
            continue
        return report
    raise WrongState(N_("Nhiều yêu cầu đang được gửi cùng lúc. Thử lại sau ít phút."))


def _write_down(
    session: Session, actor: Actor | None, report: MisuseReport, action: MisuseAction, before: MisuseState | None = None
) -> None:
    session.add(report)
    session.flush()
    history.record(session, actor, history.Step(action, before or "", report.state, report.number))
