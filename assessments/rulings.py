"""What hearers rule: one proposes, another agrees or not; and what follows when a decision is set aside."""

from dataclasses import dataclass

from sqlmodel import Session, select

from assessments import appeals, certificates
from assessments.clock import now
from assessments.errors import N_, Invalid, NotAllowed, WrongState
from assessments.models import Appeal, AppealRuling, Application, CertificateEvent, Participation
from assessments.people import Actor, Part
from assessments.policy import AppealPermission, require_appeal
from assessments.queries import appeals as queries
from assessments.queries import hearings
from assessments.queries.people import active_of
from assessments.queries.standings import free_of_interest
from assessments.recourse import AppealAction, AppealKind, Ruling
from assessments.states import Action
from assessments.workflow import move

LONGEST = 10_000  # characters of the reasons


@dataclass(frozen=True)
class Ruled:
    """What a hearer proposes: the decision stands or falls, and why, in both languages."""

    outcome: Ruling
    reasons_vi: str
    reasons_en: str


def propose(session: Session, actor: Actor, appeal: Appeal, ruled: Ruled) -> AppealRuling:
    """Propose, as one hearer, what to rule.

    Refuses who does not hear it or has not declared (NotFound, NotAllowed), missing or endless reasons (Invalid), a
    second proposal beside an open one (WrongState), and fewer hearers than there have to be (NotReady).
    """
    application = _hold(session, actor, appeal)
    reasons = (ruled.reasons_vi.strip(), ruled.reasons_en.strip())
    if not all(reasons):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))
    if any(len(one) > LONGEST for one in reasons):
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if _still_open(session, appeal, application):
        raise WrongState(N_("Đã có một đề xuất đang chờ người thứ hai. Tải lại trang để đọc."))
    before = queries.rulings_of(session, appeal.id)
    ruling = AppealRuling(
        appeal_id=appeal.id,
        number=(before[0].number if before else 0) + 1,
        proposer_id=actor.id,
        outcome=ruled.outcome,
        reasons_vi=reasons[0],
        reasons_en=reasons[1],
    )
    appeals.move(session, actor, appeal, AppealAction.PROPOSE_RULING)
    session.add(ruling)
    session.flush()
    return ruling


def reject(session: Session, actor: Actor, appeal: Appeal, number: int, why: str) -> None:
    """Disagree with the open ruling, as another hearer, and say why; another may be proposed.

    Refuses whoever proposed it (NotAllowed), no reason (Invalid), and a ruling that is no longer open (WrongState).
    """
    application = _hold(session, actor, appeal)
    ruling = _open(session, actor, appeal, application, number)
    if not why.strip():
        raise Invalid(N_("Ghi lý do không đồng ý."))
    ruling.rejection, ruling.closed_at = why.strip(), now()
    session.add(ruling)
    session.flush()
    appeals.move(session, actor, appeal, AppealAction.REJECT_RULING)


def confirm(session: Session, actor: Actor, appeal: Appeal, number: int) -> AppealRuling:
    """Agree with the open ruling, as another hearer: the appeal is decided, and what follows from it happens at once.

    Refuses whoever proposed it (NotAllowed; the database refuses the same), a ruling that is no longer the open one
    (WrongState), and fewer hearers than there have to be (NotReady). Source: ISO/IEC 17065, 7.13.5 to 7.13.8.
    """
    application = _hold(session, actor, appeal)
    ruling = _open(session, actor, appeal, application, number)
    appeal.reasons_vi, appeal.reasons_en = ruling.reasons_vi, ruling.reasons_en
    falls = ruling.outcome is Ruling.SET_ASIDE
    session.add(appeal)
    session.flush()
    appeals.move(session, actor, appeal, AppealAction.SET_ASIDE if falls else AppealAction.CONFIRM)
    ruling.confirmer_id, ruling.confirmed_at = actor.id, now()
    session.add(ruling)
    session.flush()
    if falls:
        _follow(session, actor, appeal, application, ruling)
    return ruling


def _follow(session: Session, actor: Actor, appeal: Appeal, application: Application, ruling: AppealRuling) -> None:
    """What a decision that was set aside leads to, by its kind."""
    if appeal.kind is AppealKind.REFUSAL:
        _spend_office(session, application)
        move(session, None, application, Action.REOPEN_INTAKE)
    elif appeal.kind in {AppealKind.DECLINE, AppealKind.LEVEL}:
        _spend(session, application, (Part.PROPOSER, Part.CONFIRMER))
        move(session, None, application, Action.REOPEN_DECISION)
    else:
        event = session.get_one(CertificateEvent, appeal.event_id)
        back = appeal.kind is AppealKind.REDUCTION
        (certificates.restore_on_appeal if back else certificates.reinstate_on_appeal)(session, actor, event, ruling)


def _spend(session: Session, application: Application, parts: tuple[Part, ...]) -> None:
    """Whoever had these parts keeps them, and acts in them no more."""
    question = select(Participation).where(Participation.application_id == application.id)
    for one in session.exec(question).all():
        if one.part in parts:
            one.spent_at = one.spent_at or now()
            session.add(one)
    session.flush()


def _spend_office(session: Session, application: Application) -> None:
    """Another coordinator takes over, where there is one without an interest."""
    parts = session.exec(select(Participation).where(Participation.application_id == application.id)).all()
    taken = {one.person_id for one in parts}
    if (active_of(session, "coordinator") & free_of_interest(session, application)) - taken:
        _spend(session, application, (Part.COORDINATOR,))
    application.intake_notes = {
        **application.intake_notes,
        "reason": "",
        "note": "",
        "refused": {name: application.intake_notes.get(name, "") for name in ("reason", "note")},
    }
    session.add(application)
    session.flush()


def _hold(session: Session, actor: Actor, appeal: Appeal) -> Application:
    application = appeals.hold(session, appeal)
    require_appeal(hearings.standing_to(session, actor, appeal, application), AppealPermission.HEAR)
    return application


def _open(session: Session, actor: Actor, appeal: Appeal, application: Application, number: int) -> AppealRuling:
    """The open ruling, if it is the one the actor has read; says what happened when it is not."""
    ruling = _still_open(session, appeal, application)
    if ruling is None or ruling.number != number:
        if appeal.due_at is None:
            raise WrongState(N_("Người khác vừa xác nhận: yêu cầu này đã có kết quả. Tải lại trang để xem."))
        raise WrongState(N_("Đề xuất bạn vừa đọc không còn chờ. Tải lại trang để xem việc đang chờ."))
    if ruling.proposer_id == actor.id:
        raise NotAllowed(N_("Người đề xuất không được tự xác nhận. Cần một người thứ hai."))
    return ruling


def _still_open(session: Session, appeal: Appeal, application: Application) -> AppealRuling | None:
    """The open ruling; one whose proposer hears no more falls, and another may be proposed."""
    ruling = queries.open_ruling(session, appeal.id)
    if ruling is not None and ruling.proposer_id not in hearings.able(session, appeal, application):
        ruling.closed_at = now()
        session.add(ruling)
        session.flush()
        return None
    return ruling
