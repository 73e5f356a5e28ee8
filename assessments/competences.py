"""The register of competences: granted by the office for a time, ended with a reason (ISO/IEC 17065, 6.1.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Competence
from assessments.people import Actor, Role
from assessments.queries import competences as queries
from assessments.queries.competences import Line, Subject
from assessments.queries.editions import current
from assessments.states import CompetenceBasis, PeopleEvent
from criteria.model import Edition

OFFICE = (Role.COORDINATOR, Role.ADMIN)  # who grants and ends
READERS = (*OFFICE, Role.AUDITOR, Role.IMPARTIALITY)  # who reads everybody's
LONGEST_NOTE, LONGEST_REASON = 1_000, 500  # characters
LONGEST_YEARS = 5  # of one grant: whoever judges longer is looked at again


@dataclass(frozen=True)
class Grant:
    """What is granted to whom: categories and groups of the edition, what it rests on, and its first and last day."""

    person_id: UUID
    subjects: tuple[Subject, ...]
    basis: CompetenceBasis
    expires_on: date
    valid_from: date | None = None  # None: today
    note: str = ""


def grant(session: Session, actor: Actor, given: Grant) -> list[Competence]:
    """Write competences into somebody's register, one line for each category or group.

    Refuses others than coordinators and admins, and one's own register (NotAllowed), people who neither review nor
    decide (NotFound), and what cannot be (Invalid): nothing chosen, codes the edition has not, days in the wrong
    order, a last day in the past or more than LONGEST_YEARS ahead.
    """
    _require_office(actor)
    if given.person_id == actor.id:
        raise NotAllowed(N_("Năng lực của mình phải do người khác ghi."))
    person = _judge(session, given.person_id).person
    edition = current(session)
    _check(given, edition)
    facts: dict[str, Any] = {
        "basis": given.basis,
        "granted_at": now(),
        "note": given.note.strip(),
        "valid_from": given.valid_from or today(),
        "expires_on": given.expires_on,
    }
    lines = [
        Competence(person_id=person.id, edition_id=edition.id, field=field, code=code, granted_by=actor.id, **facts)
        for field, code in given.subjects
    ]
    session.add_all(lines)
    _write_down(session, actor, PeopleEvent.GRANT_COMPETENCE, person.name, lines)
    return lines


def end(session: Session, actor: Actor, competence_id: UUID, reason: str) -> Competence:
    """End a competence before its last day; the line stays as a record.

    Refuses others than coordinators and admins (NotAllowed), unknown lines (NotFound), one that was ended before
    (WrongState), and an empty or too long reason (Invalid).
    """
    _require_office(actor)
    line = queries.line_of(session, competence_id)
    if line is None:
        raise NotFound
    if line.person_id == actor.id:
        raise NotAllowed(N_("Năng lực của mình phải do người khác ghi."))
    if line.ended_at is not None:
        raise WrongState(N_("Mục năng lực này đã được chấm dứt. Tải lại trang để xem."))
    if not reason.strip():
        raise Invalid(N_("Ghi lý do chấm dứt."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)
    line.ended_at, line.ended_by, line.ended_reason = now(), actor.id, reason.strip()
    session.add(line)
    found = queries.judge(session, line.person_id)
    _write_down(session, actor, PeopleEvent.END_COMPETENCE, found.person.name if found else "", [line], reason.strip())
    return line


def readable(session: Session, actor: Actor, person_id: UUID) -> Line:
    """Somebody's register, for the person and for those who read everybody's; refuses everybody else (NotFound)."""
    if actor.id != person_id and not set(READERS) & actor.roles:
        raise NotFound
    return _judge(session, person_id)


def note_reminded(session: Session, lines: Iterable[Competence]) -> None:
    """Write down that a person and the office were told, as the clock: nobody is told the same twice."""
    for line in lines:
        line.reminded_at = now()
        session.add(line)
        _write_down(session, None, PeopleEvent.REMIND_COMPETENCE, "", [line])


def _judge(session: Session, person_id: UUID) -> Line:
    found = queries.judge(session, person_id)
    if found is None:
        raise NotFound
    return found


def _check(given: Grant, edition: Edition) -> None:
    if not given.subjects or set(given.subjects) - set(queries.subjects(edition)):
        raise Invalid(N_("Chọn ít nhất một loại sản phẩm hoặc một nhóm tiêu chí."))
    if len(given.note) > LONGEST_NOTE:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_NOTE)
    _check_days(given.valid_from or today(), given.expires_on)


def _check_days(begins: date, ends: date) -> None:
    if ends < begins:
        raise Invalid(N_("Ngày hết hạn phải từ ngày bắt đầu trở đi."))
    if ends < today():
        raise Invalid(N_("Ngày hết hạn phải từ hôm nay trở đi."))
    if ends.year - begins.year > LONGEST_YEARS:
        raise Invalid(N_("Mỗi lần ghi nhiều nhất %(years)d năm."), years=LONGEST_YEARS)


def _require_office(actor: Actor) -> None:
    if not set(OFFICE) & actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))


def _write_down(
    session: Session, actor: Actor | None, event: PeopleEvent, name: str, lines: list[Competence], reason: str = ""
) -> None:
    first = lines[0]
    what = f"{', '.join(line.code for line in lines)} ({first.basis}), {first.valid_from} – {first.expires_on}"
    history.record(session, actor, history.Step(event, note=": ".join(part for part in (name, what, reason) if part)))
