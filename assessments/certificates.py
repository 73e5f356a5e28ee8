"""Certificates: what is printed on one, and the decisions that change it afterwards (ISO/IEC 17065, 7.7 and 7.11)."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from assessments import certificate_changes, reductions, succession
from assessments.certificate_changes import Change, months_after
from assessments.clock import legal_day, now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import AppealRuling, Application, Certificate, CertificateEvent, ChainHead, Decision, Round
from assessments.numbers import compose
from assessments.people import Actor, MemberRole
from assessments.policy import Permission, require
from assessments.queries import certificates as queries
from assessments.queries.announcements import is_held_back
from assessments.queries.certificates import status
from assessments.queries.committee import may_decide
from assessments.queries.grants import Issuer, content_of
from assessments.queries.standings import standing_of
from assessments.reductions import Reduction
from assessments.states import CertificateAction, CertificateState, CertificateStatus, CertificateStep, Outcome
from criteria import store
from criteria.model import Bilingual

__all__ = [
    "EFFECT",
    "FROM",
    "Change",
    "Issuer",
    "confirm",
    "dismiss",
    "follow_surveillance",
    "issue",
    "lapse",
    "months_after",
    "propose",
    "reinstate_on_appeal",
    "restore_on_appeal",
    "stands",
    "status",
    "suspend",
    "terminate",
]

CONFIRM_DAYS = 5  # an emergency suspension needs its second person within so many calendar days

FALLEN = "Người đề xuất không còn quyền quyết định."  # note of a proposal that gave way


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
    certificate_changes.write(session, actor, certificate, event, CertificateStep.GRANT)
    return certificate


def suspend(session: Session, actor: Actor, number: str, change: Change) -> CertificateEvent:
    """Suspend at once, by one decider; a second confirms within CONFIRM_DAYS, else it stays and shows as overdue.

    Refuses what `_held` refuses; a certificate that is not valid today or already waits for somebody (WrongState); a
    date of restoring that lies behind or beyond the edition's longest suspension (Invalid). Source: 17065, 7.11.3.
    """
    certificate = _held(session, actor, number)
    _require_status(certificate, CertificateStatus.ACTIVE)
    _require_nothing_waits(session, certificate)
    certificate_changes.check(change)
    certificate_changes.check_suspension(certificate, change)
    event = certificate_changes.new_event(session, actor.id, certificate, CertificateAction.SUSPEND, change)
    event.effective_on, event.confirm_by = today(), today() + timedelta(days=CONFIRM_DAYS)
    certificate_changes.enter(certificate, CertificateState.SUSPENDED)
    certificate_changes.write(session, actor, certificate, event, CertificateStep.SUSPEND)
    return event


def propose(session: Session, actor: Actor, number: str, action: CertificateAction, change: Change) -> CertificateEvent:
    """Propose to reinstate, reduce or withdraw a certificate; takes effect when a second decider confirms.

    Refuses what `_held` refuses, the other actions (Invalid), a status in which the action makes no sense or a change
    that already waits (WrongState), and a reduction that reductions.check refuses.
    """
    steps = {
        CertificateAction.REINSTATE: CertificateStep.PROPOSE_REINSTATEMENT,
        CertificateAction.WITHDRAW: CertificateStep.PROPOSE_WITHDRAWAL,
        CertificateAction.REDUCE: CertificateStep.PROPOSE_REDUCTION,
    }
    if action not in steps:
        raise Invalid(N_("Chọn khôi phục, thu hẹp hoặc thu hồi giấy."))
    certificate = _held(session, actor, number)
    _require_status(certificate, *FROM[action])
    _require_nothing_waits(session, certificate)
    certificate_changes.check(change)
    if action is CertificateAction.REDUCE:
        reductions.check(certificate, change.reduction or Reduction())
    event = certificate_changes.new_event(session, actor.id, certificate, action, change)
    certificate_changes.write(session, actor, certificate, event, steps[action])
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
        certificate_changes.write(session, actor, certificate, event, CertificateStep.CONFIRM_SUSPENSION)
        return event
    _take_effect(session, actor, certificate, event)
    return event


def follow_surveillance(
    session: Session,
    actor: Actor,
    certificate: Certificate,
    decision: Decision,
    action: CertificateAction,
    change: Change,
) -> CertificateEvent:
    """Change a certificate as the committee has decided about its surveillance: two people have agreed already.

    Refuses (WrongState) a status that the change no longer fits, and another change that waits.
    """
    session.refresh(certificate, with_for_update=True)
    _require_nothing_waits(session, certificate)
    event = certificate_changes.new_event(session, actor.id, certificate, action, change)
    event.decided_by, event.confirmed_by = decision.proposer_id, decision.confirmer_id
    event.confirmed_at = decision.decided_at
    _take_effect(session, actor, certificate, event)
    return event


def terminate(session: Session, actor: Actor, number: str, reason: str) -> CertificateEvent:
    """End a certificate at once, at the wish of its company's owner; a reason need not be given.

    What waits for a second person about it is closed with it, and a running surveillance stops. Refuses strangers and
    what they cannot know yet (NotFound), contributors (NotAllowed), and a certificate that does not stand (WrongState).
    Source: ISO/IEC 17065, 7.11.2.
    """
    certificate = queries.certificate_by_number(session, number, lock=True)
    role = actor.memberships.get(certificate.vendor_id) if certificate else None
    application = session.get_one(Application, certificate.application_id) if certificate else None
    if certificate is None or application is None or role is None or is_held_back(application):
        raise NotFound
    if role is not MemberRole.OWNER:
        raise NotAllowed(N_("Chỉ người phụ trách của đơn vị làm được việc này."))
    session.refresh(certificate)
    _require_status(certificate, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)
    certificate_changes.close_waiting(session, certificate)
    event = certificate_changes.new_event(
        session, actor.id, certificate, CertificateAction.TERMINATE, Change(reason, reason)
    )
    _take_effect(session, actor, certificate, event)
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
    certificate_changes.close_waiting(session, certificate)
    made = certificate_changes.new_event(
        session, actor.id, certificate, CertificateAction.REINSTATE, Change(ruling.reasons_vi, ruling.reasons_en)
    )
    made.decided_by, made.confirmed_by, made.confirmed_at = ruling.proposer_id, ruling.confirmer_id, now()
    made.effective_on = today()
    application = session.get_one(Application, certificate.application_id)
    others = succession.standing_before(session, application, today())
    certificate_changes.enter(certificate, CertificateState.ACTIVE)
    succession.take_back_place(certificate, others)
    certificate_changes.write(session, actor, certificate, made, CertificateStep.REINSTATE)
    return made


def restore_on_appeal(
    session: Session, actor: Actor, event: CertificateEvent, ruling: AppealRuling
) -> CertificateEvent:
    """Give a certificate back what a reduction took away, because the hearers of an appeal have set it aside.

    Whether it is in force stays as it is: a suspension since then, or an end, was not appealed. What waits about it is
    closed, for it was proposed of another scope. Source: ISO/IEC 17065, 7.11.6 and 7.13.
    """
    certificate = session.get_one(Certificate, event.certificate_id)
    session.refresh(certificate, with_for_update=True)
    certificate_changes.close_proposal(session, certificate)
    made = certificate_changes.new_event(
        session, actor.id, certificate, CertificateAction.RESTORE, Change(ruling.reasons_vi, ruling.reasons_en)
    )
    made.decided_by, made.confirmed_by, made.confirmed_at = ruling.proposer_id, ruling.confirmer_id, now()
    made.effective_on = today()
    reductions.restore(session, certificate, made)
    certificate_changes.write(session, actor, certificate, made, CertificateStep.RESTORE)
    return made


def lapse(
    session: Session, certificate: Certificate, deciders: tuple[UUID, UUID], reason: Bilingual
) -> CertificateEvent:
    """End a certificate, as the clock, by what two deciders laid down when they published an edition.

    What waits about it is closed. The caller has held its row and judged that it is due: see transitions.lapse.
    Source: ISO/IEC 17065, 7.10.1 and 7.11.
    """
    certificate_changes.close_waiting(session, certificate)
    event = certificate_changes.new_event(
        session, deciders[0], certificate, CertificateAction.WITHDRAW, Change(reason.vi, reason.en)
    )
    event.confirmed_by, event.confirmed_at, event.effective_on = deciders[1], now(), today()
    certificate_changes.enter(certificate, CertificateState.WITHDRAWN)
    _give_up(session, None, certificate)
    certificate_changes.write(session, None, certificate, event, CertificateStep.WITHDRAW)
    return event


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
        certificate_changes.enter(certificate, CertificateState.ACTIVE)
    certificate_changes.write(session, actor, certificate, event, step, note.strip())
    return event


def stands(session: Session, application: Application, event: CertificateEvent) -> bool:
    """Whether a change that waits can still be confirmed: whoever decided it may still decide.

    A proposal that does not stand gives way to another change; an emergency suspension stays in force until a second
    person has disagreed, for the sake of children.
    """
    return may_decide(session, application, event.decided_by)


_STANDING = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)
FROM = {
    CertificateAction.REINSTATE: (CertificateStatus.SUSPENDED,),
    CertificateAction.WITHDRAW: (CertificateStatus.SCHEDULED, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED),
    CertificateAction.SUSPEND: (CertificateStatus.ACTIVE,),
    CertificateAction.REDUCE: _STANDING,
    CertificateAction.TERMINATE: _STANDING,
}
EFFECT = {  # the state after a change, and its step; a reduction leaves the state as it is
    CertificateAction.SUSPEND: (CertificateState.SUSPENDED, CertificateStep.SUSPEND),
    CertificateAction.REINSTATE: (CertificateState.ACTIVE, CertificateStep.REINSTATE),
    CertificateAction.WITHDRAW: (CertificateState.WITHDRAWN, CertificateStep.WITHDRAW),
    CertificateAction.TERMINATE: (CertificateState.TERMINATED, CertificateStep.TERMINATE),
    CertificateAction.REDUCE: (None, CertificateStep.REDUCE),
}


def _take_effect(session: Session, actor: Actor, certificate: Certificate, event: CertificateEvent) -> None:
    """Let a decided change take effect today, with what follows from an end."""
    _require_status(certificate, *FROM[event.action])
    event.effective_on = today()
    state, step = EFFECT[event.action]
    if state is None:
        reductions.apply(session, certificate, event)
    else:
        certificate_changes.enter(certificate, state)
    if state in {CertificateState.WITHDRAWN, CertificateState.TERMINATED}:
        _give_up(session, actor, certificate)
    certificate_changes.write(session, actor, certificate, event, step)


def _give_up(session: Session, actor: Actor | None, certificate: Certificate) -> None:
    """What follows when a certificate ends: the one it was to follow goes on, and nobody looks at it again."""
    succession.give_back(session, actor, certificate)
    succession.stop_surveillance(session, certificate)


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
        certificate_changes.write(session, None, certificate, event, CertificateStep.DISMISS, FALLEN)
    elif event:
        raise WrongState(N_("Giấy này đang có một việc chờ người thứ hai. Xong việc đó rồi mới làm việc khác."))


def _next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the head of the history is held, and (year, serial) is unique besides."""
    session.exec(select(ChainHead).with_for_update()).one_or_none()
    last = session.exec(select(func.max(col(Certificate.serial))).where(Certificate.year == year)).one()
    return (last or 0) + 1


def _first_day(session: Session, application: Application, decided_on: date) -> date:
    announced = session.get(Round, application.round_id) if application.round_id else None
    return max(decided_on, announced.announce_on) if announced and announced.announce_on else decided_on
