"""Certificates: what is printed on one, and the decisions that change it afterwards (ISO/IEC 17065, 7.7 and 7.11)."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, func, select

from assessments import catalogue, history, publications, succession
from assessments.clock import legal_day, now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import AppealRuling, Application, Certificate, CertificateEvent, ChainHead, Decision, Round
from assessments.numbers import compose
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import certificates as queries
from assessments.queries.certificates import status
from assessments.queries.committee import may_decide
from assessments.queries.grants import Issuer, content_of
from assessments.queries.standings import standing_of
from assessments.states import CertificateAction, CertificateState, CertificateStatus, CertificateStep, Outcome
from criteria import store

__all__ = [
    "Change",
    "Issuer",
    "confirm",
    "dismiss",
    "issue",
    "months_after",
    "propose",
    "reinstate_on_appeal",
    "stands",
    "status",
    "suspend",
]

CONFIRM_DAYS = 5  # an emergency suspension needs its second person within so many calendar days

FALLEN = "Người đề xuất không còn quyền quyết định."  # note of a proposal that gave way


@dataclass(frozen=True)
class Change:
    """Why a certificate changes, in both languages; a suspension also says what restores it and by when."""

    reason_vi: str
    reason_en: str
    condition_vi: str = ""
    condition_en: str = ""
    restore_by: date | None = None


def issue(session: Session, actor: Actor, application: Application, decision: Decision, issuer: Issuer) -> Certificate:
    """Write the certificate a decision grants; validity begins on the day of the decision or of the announcement.

    Refuses (WrongState) a decision that grants nothing. The caller has moved the application before, so that the head
    of the history is held and serials follow one another without a gap. Source: ISO/IEC 17065, 7.7.1.
    """
    if decision.outcome is not Outcome.CERTIFY or decision.level is None:
        raise WrongState(N_("Quyết định này không cấp giấy."))
    decided_on = legal_day(decision.decided_at)
    content = content_of(session, application, decision, issuer)
    formers = succession.standing_before(session, application, decided_on)
    starts = max([_first_day(session, application, decided_on), *(one.valid_from for one in formers)])
    months = store.load(application.edition_id).periods.validity_months_for(content["profile"]["categories"])
    serial = _next_serial(session, decided_on.year)
    certificate = Certificate(
        number=compose(decided_on.year, serial),
        year=decided_on.year,
        serial=serial,
        application_id=application.id,
        decision_id=decision.id,
        product_id=application.product_id,
        vendor_id=application.vendor_id,
        level=decision.level,
        edition_id=application.edition_id,
        edition_digest=application.edition_digest,
        submission_digest=content["submission"]["digest"],
        content=content,
        decided_on=decided_on,
        valid_from=starts,
        valid_until=succession.last_day(application, formers, starts, months_after(starts, months) - timedelta(days=1)),
        state_since=starts,
    )
    session.add(certificate)
    session.flush()
    event = CertificateEvent(
        certificate_id=certificate.id,
        number=1,
        action=CertificateAction.GRANT,
        decided_by=decision.proposer_id,
        confirmed_by=decision.confirmer_id,
        confirmed_at=decision.decided_at,
        effective_on=starts,
    )
    succession.follow(session, actor, certificate, formers)
    _written(session, actor, certificate, event, CertificateStep.GRANT)
    return certificate


def suspend(session: Session, actor: Actor, number: str, change: Change) -> CertificateEvent:
    """Suspend at once, by one decider; a second confirms within CONFIRM_DAYS, else it stays and shows as overdue.

    Refuses what `_held` refuses; a certificate that is not valid today or already waits for somebody (WrongState); a
    date of restoring that lies behind or beyond the edition's longest suspension (Invalid). Source: 17065, 7.11.3.
    """
    certificate = _held(session, actor, number)
    _require_status(certificate, CertificateStatus.ACTIVE)
    _require_nothing_waits(session, certificate)
    _check(change)
    _check_suspension(certificate, change)
    event = _event(session, actor, certificate, CertificateAction.SUSPEND, change)
    event.effective_on, event.confirm_by = today(), today() + timedelta(days=CONFIRM_DAYS)
    _enter(certificate, CertificateState.SUSPENDED)
    _written(session, actor, certificate, event, CertificateStep.SUSPEND)
    return event


def propose(session: Session, actor: Actor, number: str, action: CertificateAction, change: Change) -> CertificateEvent:
    """Propose to reinstate a suspended certificate or to withdraw one; takes effect when a second decider confirms.

    Refuses what `_held` refuses, the other actions (Invalid), and a status in which the action makes no sense or a
    change that already waits (WrongState).
    """
    steps = {
        CertificateAction.REINSTATE: CertificateStep.PROPOSE_REINSTATEMENT,
        CertificateAction.WITHDRAW: CertificateStep.PROPOSE_WITHDRAWAL,
    }
    if action not in steps:
        raise Invalid(N_("Chọn khôi phục hoặc thu hồi giấy."))
    certificate = _held(session, actor, number)
    _require_status(certificate, *_FROM[action])
    _require_nothing_waits(session, certificate)
    _check(change)
    event = _event(session, actor, certificate, action, change)
    _written(session, actor, certificate, event, steps[action])
    return event


def confirm(session: Session, actor: Actor, number: str, event_number: int) -> CertificateEvent:
    """Agree, as the second person, with the change that waits; what was proposed takes effect today.

    Refuses what `_held` refuses, the person who proposed it (NotAllowed; the database refuses too), and a change that
    no longer waits, no longer fits the status or whose proposer may decide no more (WrongState).
    """
    certificate = _held(session, actor, number)
    event = _waiting_for(session, actor, certificate, event_number)
    if not stands(session, session.get_one(Application, certificate.application_id), event):
        raise WrongState(N_("Người đề xuất không còn quyền quyết định về giấy này nên không xác nhận được nữa."))
    event.confirmed_by, event.confirmed_at = actor.id, now()
    if event.action is CertificateAction.SUSPEND:
        _written(session, actor, certificate, event, CertificateStep.CONFIRM_SUSPENSION)
        return event
    _require_status(certificate, *_FROM[event.action])
    event.effective_on = today()
    reinstated = event.action is CertificateAction.REINSTATE
    _enter(certificate, CertificateState.ACTIVE if reinstated else CertificateState.WITHDRAWN)
    if not reinstated:
        succession.give_back(session, actor, certificate)
    step = CertificateStep.REINSTATE if reinstated else CertificateStep.WITHDRAW
    _written(session, actor, certificate, event, step)
    return event


def reinstate_on_appeal(
    session: Session, actor: Actor, event: CertificateEvent, ruling: AppealRuling
) -> CertificateEvent:
    """Put a certificate in force again because the hearers of an appeal have set its suspension or withdrawal aside.

    What waits about it, such as the second person's word on the suspension, is closed with it. Where another
    certificate of the product stands by now, that one goes on in its place. Source: ISO/IEC 17065, 7.11.6 and 7.13.
    """
    certificate = session.get_one(Certificate, event.certificate_id)
    session.refresh(certificate, with_for_update=True)
    waiting = queries.waiting(queries.events_of(session, certificate.id))
    if waiting is not None:
        waiting.dismissed_at = now()
        session.add(waiting)
        session.flush()
    made = _event(
        session, actor, certificate, CertificateAction.REINSTATE, Change(ruling.reasons_vi, ruling.reasons_en)
    )
    made.decided_by, made.confirmed_by, made.confirmed_at = ruling.proposer_id, ruling.confirmer_id, now()
    made.effective_on = today()
    application = session.get_one(Application, certificate.application_id)
    others = succession.standing_before(session, application, today())
    _enter(certificate, CertificateState.ACTIVE)
    succession.take_back_place(certificate, others)
    _written(session, actor, certificate, made, CertificateStep.REINSTATE)
    return made


def dismiss(session: Session, actor: Actor, number: str, event_number: int, note: str) -> CertificateEvent:
    """Disagree, as the second person; an emergency suspension ends today, a proposal is closed.

    Refuses as `confirm` does, and an empty note (Invalid): whoever disagrees says why.
    """
    certificate = _held(session, actor, number)
    event = _waiting_for(session, actor, certificate, event_number)
    if not note.strip():
        raise Invalid(N_("Ghi lý do không đồng ý."))
    event.dismissed_at = now()
    step = CertificateStep.DISMISS
    if event.action is CertificateAction.SUSPEND:
        step = CertificateStep.LIFT_SUSPENSION
        _enter(certificate, CertificateState.ACTIVE)
    _written(session, actor, certificate, event, step, note.strip())
    return event


def stands(session: Session, application: Application, event: CertificateEvent) -> bool:
    """Whether a change that waits can still be confirmed: whoever decided it may still decide.

    A proposal that does not stand gives way to another change; an emergency suspension stays in force until a second
    person has disagreed, for the sake of children.
    """
    return may_decide(session, application, event.decided_by)


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_FROM = {
    CertificateAction.REINSTATE: (CertificateStatus.SUSPENDED,),
    CertificateAction.WITHDRAW: (CertificateStatus.SCHEDULED, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED),
}


def _held(session: Session, actor: Actor, number: str) -> Certificate:
    """The certificate, its row held; refuses strangers (NotFound) and deciders with an interest or a part (NotAllowed).

    Whoever changes a certificate has the same standing as who decides an application: the decider's role, no interest
    in the vendor, asked again and denied, and no part in the evaluation.
    """
    certificate = queries.certificate_by_number(session, number, lock=True)
    application = session.get_one(Application, certificate.application_id) if certificate else None
    standing = standing_of(session, actor, application) if application else None
    if certificate is None or standing is None:
        raise NotFound
    require(standing, Permission.DECIDE)
    session.refresh(certificate)
    return certificate


def _waiting_for(session: Session, actor: Actor, certificate: Certificate, event_number: int) -> CertificateEvent:
    question = select(CertificateEvent).where(
        CertificateEvent.certificate_id == certificate.id, CertificateEvent.number == event_number
    )
    event = session.exec(question.execution_options(populate_existing=True)).one_or_none()
    if event is None or not queries.waits(event):
        raise WrongState(N_("Việc này không còn chờ người thứ hai: người khác vừa trả lời. Tải lại trang để xem."))
    if event.decided_by == actor.id:
        raise NotAllowed(N_("Người đề xuất không được tự xác nhận. Cần một người thứ hai."))
    return event


def _require_status(certificate: Certificate, *allowed: CertificateStatus) -> None:
    if status(certificate, today()) not in allowed:
        raise WrongState(N_("Tình trạng của giấy đã đổi nên không làm việc này được nữa. Tải lại trang để xem."))


def _require_nothing_waits(session: Session, certificate: Certificate) -> None:
    """Refuse beside a change that waits; one that does not stand is closed."""
    event = queries.waiting(queries.events_of(session, certificate.id))
    application = session.get_one(Application, certificate.application_id)
    if event and event.action is not CertificateAction.SUSPEND and not stands(session, application, event):
        event.dismissed_at = now()
        _written(session, None, certificate, event, CertificateStep.DISMISS, FALLEN)
    elif event:
        raise WrongState(N_("Giấy này đang có một việc chờ người thứ hai. Xong việc đó rồi mới làm việc khác."))


def _check(change: Change) -> None:
    if not (change.reason_vi.strip() and change.reason_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))


def _check_suspension(certificate: Certificate, change: Change) -> None:
    if not (change.condition_vi.strip() and change.condition_en.strip()) or change.restore_by is None:
        raise Invalid(N_("Ghi điều kiện khôi phục bằng tiếng Việt và tiếng Anh, và hạn khôi phục."))
    longest = months_after(today(), store.load(certificate.edition_id).periods.suspension_max_months)
    if not today() < change.restore_by <= longest:
        raise Invalid(N_("Hạn khôi phục phải sau hôm nay và muộn nhất là %(day)s."), day=longest.strftime("%d/%m/%Y"))


def _event(
    session: Session, actor: Actor, certificate: Certificate, action: CertificateAction, change: Change
) -> CertificateEvent:
    last = session.exec(
        select(func.max(CertificateEvent.number)).where(CertificateEvent.certificate_id == certificate.id)
    ).one()
    return CertificateEvent(
        certificate_id=certificate.id,
        number=(last or 0) + 1,
        action=action,
        reason_vi=change.reason_vi.strip(),
        reason_en=change.reason_en.strip(),
        condition_vi=change.condition_vi.strip(),
        condition_en=change.condition_en.strip(),
        restore_by=change.restore_by,
        decided_by=actor.id,
    )


def _enter(certificate: Certificate, state: CertificateState) -> None:
    certificate.state, certificate.state_since = state, today()


def _written(
    session: Session,
    actor: Actor | None,
    certificate: Certificate,
    event: CertificateEvent,
    step: CertificateStep,
    note: str = "",
) -> None:
    """Save the change, write it down, let the catalogue show it at once, and what took effect go out to the public."""
    certificate.version += 1
    session.add_all([certificate, event])
    session.flush()
    history.record(session, actor, history.Step(step, note=note or event.reason_vi), certificate=certificate)
    publications.note(session, certificate)
    unheard = certificate.published_at is None  # until then the catalogue knows nothing of it
    if not unheard or step is CertificateStep.WITHDRAW:  # what it was to follow goes on
        catalogue.refresh(session, certificate.product_id)


def _next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the head of the history is held, and (year, serial) is unique besides."""
    session.exec(select(ChainHead).with_for_update()).one_or_none()
    last = session.exec(select(func.max(col(Certificate.serial))).where(Certificate.year == year)).one()
    return (last or 0) + 1


def _first_day(session: Session, application: Application, decided_on: date) -> date:
    announced = session.get(Round, application.round_id) if application.round_id else None
    return max(decided_on, announced.announce_on) if announced and announced.announce_on else decided_on
