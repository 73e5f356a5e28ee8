"""Conditions of a decision: proposed with it, reminded of, found fulfilled by the office (ISO/IEC 17065, 7.6, 7.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from assessments import catalogue, history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.models import Application, Condition, ConditionReminder, Proposal
from assessments.models.conditions import OVERDUE
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import conditions as queries
from assessments.queries import findings
from assessments.queries.announcements import day_of
from assessments.queries.standings import standing_of
from assessments.states import Event, Outcome
from criteria import store
from criteria.model import UnknownCode

MOST = 20
LONGEST = 2_000  # characters of one text


@dataclass(frozen=True)
class Wanted:
    """One condition as it is proposed; `criterion` "" where it is about none."""

    text_vi: str
    text_en: str
    due_on: date
    criterion: str = ""


def ask(session: Session, application: Application, proposal: Proposal, wanted: Sequence[Wanted]) -> list[Condition]:
    """Write the conditions of a proposal; they count when it becomes the decision.

    Refuses (Invalid) conditions of a decline, more than MOST, texts missing in one language or too long, days before
    the company knows the result (its round's announcement), and a criterion the edition does not have.
    """
    if wanted and proposal.outcome is not Outcome.CERTIFY:
        raise Invalid(N_("Chỉ đề xuất cấp giấy mới có điều kiện kèm theo."))
    if len(wanted) > MOST:
        raise Invalid(N_("Quá nhiều điều kiện: nhiều nhất %(max)d."), max=MOST)
    known_on = day_of(session, application) or today()
    for one in wanted:
        _check(application, one, max(known_on, today()))
    found = [
        Condition(
            application_id=application.id,
            proposal_id=proposal.id,
            number=number,
            criterion=one.criterion,
            text_vi=one.text_vi.strip(),
            text_en=one.text_en.strip(),
            due_on=one.due_on,
        )
        for number, one in enumerate(wanted, start=1)
    ]
    session.add_all(found)
    session.flush()
    return found


def fulfil(session: Session, actor: Actor, application: Application, number: int, note: str) -> Condition:
    """Find a condition fulfilled, and say what shows it: the office's step, in time or late.

    Refuses who does not follow the file up (NotFound, NotAllowed), a condition the decision does not have (NotFound),
    one fulfilled before (WrongState), and an empty or overlong note (Invalid).
    """
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.FOLLOW_UP)
    found = queries.numbered(session, application.id, number)
    if found is None:
        raise NotFound
    if found.fulfilled_at is not None:
        raise WrongState(N_("Điều kiện này đã được ghi là thực hiện xong. Tải lại trang để xem."))
    if not note.strip():
        raise Invalid(N_("Ghi điều gì cho thấy đã thực hiện."))
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    found.fulfilled_at, found.fulfilled_by, found.fulfilled_note = now(), actor.id, note.strip()
    session.add(found)
    session.flush()
    history.record(session, actor, history.Step(Event.FULFIL_CONDITION, note=note.strip()), application)
    _close_findings(session, actor, application, found)
    catalogue.refresh(session, application.product_id)
    return found


def _close_findings(session: Session, actor: Actor, application: Application, done: Condition) -> None:
    """Close what went along as this condition, once no other condition about the criterion waits."""
    waits = [one for one in queries.in_force(session, application.id) if one.fulfilled_at is None]
    if not done.criterion or any(one.criterion == done.criterion for one in waits):
        return
    for finding in findings.conditions(session, application.id):
        if finding.criterion == done.criterion:
            finding.closed_at, finding.closed_by, finding.closing_note = now(), actor.id, done.fulfilled_note
            session.add(finding)
            history.record(session, actor, history.Step(Event.CLOSE_FINDING, note=finding.criterion), application)


def remind(session: Session, condition: Condition) -> ConditionReminder:
    """Remind the company, as the clock, of a condition that is near; or say that its day has passed.

    Refuses (WrongState) when no reminder is due, or it was sent.
    """
    application = session.get_one(Application, condition.application_id)
    session.refresh(application, with_for_update=True)
    waiting = queries.waiting(session, today(), condition.id)
    days = waiting[0].due_days(today()) if waiting else None
    if days is None:
        raise WrongState(N_("Chưa đến lúc nhắc."))
    reminder = ConditionReminder(condition_id=condition.id, days=days)
    session.add(reminder)
    session.flush()
    event = Event.CONDITION_OVERDUE if days == OVERDUE else Event.REMIND_CONDITION
    history.record(session, None, history.Step(event, note=condition.text_vi), application)
    return reminder


def _check(application: Application, one: Wanted, known_on: date) -> None:
    if not (one.text_vi.strip() and one.text_en.strip()):
        raise Invalid(N_("Ghi điều kiện bằng tiếng Việt và tiếng Anh."))
    if max(len(one.text_vi), len(one.text_en)) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if one.due_on <= known_on:
        day = known_on.strftime("%d/%m/%Y")
        raise Invalid(N_("Hạn của điều kiện phải sau ngày %(day)s, là ngày đơn vị biết kết quả."), day=day)
    try:
        if one.criterion:
            store.load(application.edition_id).criterion(one.criterion)
    except UnknownCode:
        raise Invalid(N_("Chọn tiêu chí có trong bản tiêu chí.")) from None
