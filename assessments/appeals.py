"""Appeals: the table of their steps, and what a company and the office do with one (ISO/IEC 17065, 7.13)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import clock, history, transparency
from assessments.errors import N_, Invalid, Missing, NotReady, WrongState
from assessments.models import Appeal, AppealStep, Application
from assessments.numbers import running
from assessments.people import Actor
from assessments.policy import AppealPermission, Permission, require, require_appeal
from assessments.queries import appeals as queries
from assessments.queries import hearings
from assessments.queries.appeals import Appealable
from assessments.queries.standings import standing_of
from assessments.recourse import AppealAction, AppealState, Ground, Inadmissible, Ruling
from criteria import store

PREFIX = "YC"
LONGEST = 10_000  # characters of the grounds
LONGEST_NOTE = 2_000
TRIES = 3

LATE = (  # the reasons of the record, in Vietnamese and English
    "Thời hạn yêu cầu xem xét lại quyết định này đã hết ngày {day}. Có lý do chính đáng, viết cho Câu lạc bộ.",
    "The period for an appeal against this decision ended on {day}. If there was a good reason, write to the club.",
)

Ready = Callable[[Session, Appeal, Application], list[Missing]]


def always(_session: Session, _appeal: Appeal, _application: Application) -> list[Missing]:
    """Nothing has to be ready."""
    return []


def to_hear(session: Session, appeal: Appeal, application: Application) -> list[Missing]:
    """As many hearers as the edition asks for, able to act."""
    lacking = hearings.lacking(session, appeal, application)
    if not lacking:
        return []
    need = store.load(application.edition_id).recourse.hearers
    return [Missing(N_("Chọn ít nhất %(n)d người xem xét lại."), "hearers", {"n": need})]


REASONS_MISSING = Missing(N_("Chọn lý do và giải thích bằng tiếng Việt, tiếng Anh."), "reason")


def to_refuse(_session: Session, appeal: Appeal, _application: Application) -> list[Missing]:
    """A coded reason, and why it fits."""
    if appeal.inadmissible is not None and appeal.reasons_vi.strip() and appeal.reasons_en.strip():
        return []
    return [REASONS_MISSING]


def to_confirm(session: Session, appeal: Appeal, application: Application) -> list[Missing]:
    """An open ruling that the decision stands, and enough hearers."""
    return _proposed(session, appeal, application, Ruling.CONFIRMED)


def to_set_aside(session: Session, appeal: Appeal, application: Application) -> list[Missing]:
    """An open ruling that the decision falls, and enough hearers."""
    return _proposed(session, appeal, application, Ruling.SET_ASIDE)


def when_due(_session: Session, appeal: Appeal, application: Application) -> list[Missing]:
    """A reminder is due and was not sent."""
    if queries.reminder_due(appeal, application, clock.now()) is None:
        return [Missing(N_("Chưa đến lúc nhắc."), "due")]
    return []


def _proposed(session: Session, appeal: Appeal, application: Application, outcome: Ruling) -> list[Missing]:
    ruling = queries.open_ruling(session, appeal.id)
    missing = to_hear(session, appeal, application)
    if ruling is None or ruling.outcome is not outcome:
        missing.append(Missing(N_("Chưa có đề xuất như vậy đang chờ người thứ hai."), "ruling"))
    return missing


@dataclass(frozen=True)
class Transition:
    """One row of the way of an appeal; `permission` None means that the clock does it, `target` None that it stays."""

    permission: AppealPermission | None
    target: AppealState | None
    sources: tuple[AppealState, ...]
    ready: Ready = always


_BEFORE = (AppealState.LODGED, AppealState.ACKNOWLEDGED)
_HEARD = (AppealState.UNDER_HEARING,)
_TO_ASSIGN = (AppealState.ACKNOWLEDGED, AppealState.UNDER_HEARING)

TRANSITIONS: dict[AppealAction, Transition] = {
    # action                          who may                       to                         from         ready when
    AppealAction.LODGE: Transition(AppealPermission.WITHDRAW, AppealState.LODGED, ()),
    AppealAction.LODGE_LATE: Transition(AppealPermission.WITHDRAW, AppealState.INADMISSIBLE, ()),
    AppealAction.ACKNOWLEDGE: Transition(AppealPermission.HANDLE, AppealState.ACKNOWLEDGED, (AppealState.LODGED,)),
    AppealAction.REFUSE: Transition(AppealPermission.REFUSE, AppealState.INADMISSIBLE, _BEFORE, to_refuse),
    AppealAction.ASSIGN_HEARERS: Transition(AppealPermission.HANDLE, AppealState.UNDER_HEARING, _TO_ASSIGN, to_hear),
    AppealAction.STAND_ASIDE: Transition(AppealPermission.JOIN, None, _HEARD),
    AppealAction.PROPOSE_RULING: Transition(AppealPermission.HEAR, None, _HEARD, to_hear),
    AppealAction.REJECT_RULING: Transition(AppealPermission.HEAR, None, _HEARD),
    AppealAction.CONFIRM: Transition(AppealPermission.HEAR, AppealState.CONFIRMED, _HEARD, to_confirm),
    AppealAction.SET_ASIDE: Transition(AppealPermission.HEAR, AppealState.SET_ASIDE, _HEARD, to_set_aside),
    AppealAction.WITHDRAW: Transition(AppealPermission.WITHDRAW, AppealState.WITHDRAWN, queries.RUNNING),
    AppealAction.REMIND: Transition(None, None, queries.RUNNING, when_due),
}


def move(session: Session, actor: Actor | None, appeal: Appeal, action: AppealAction) -> None:
    """Take one step of an appeal and write it down; the only way its state changes.

    `actor` None is the clock. Refuses with NotFound or NotAllowed (who), WrongState (when) and NotReady (what is
    missing), in that order, as workflow.move does.
    """
    application = hold(session, appeal)
    step = TRANSITIONS[action]
    if step.permission is not None:
        if actor is None:
            raise WrongState(N_("Bước này phải do một người thực hiện."))
        require_appeal(hearings.standing_to(session, actor, appeal, application), step.permission)
    if appeal.state not in step.sources:
        raise WrongState(
            N_("Yêu cầu xem xét lại đã sang bước khác nên không làm việc này được nữa. Tải lại trang để xem.")
        )
    if missing := step.ready(session, appeal, application):
        raise NotReady(missing)
    before = appeal.state
    _enter(appeal, step.target or before)
    _write_down(session, actor, appeal, application, action, before)


def hold(session: Session, appeal: Appeal) -> Application:
    """Hold the rows of an application and its appeal, in this order, until the transaction ends."""
    application = session.get_one(Application, appeal.application_id)
    session.refresh(application, with_for_update=True)
    session.refresh(appeal, with_for_update=True)
    return application


@dataclass(frozen=True)
class Lodging:
    """What a company says: coded grounds, in its own words, what it wants, and which evidence to look at."""

    grounds: tuple[Ground, ...]
    text: str
    wanted: str
    evidence: str = ""


def lodge(session: Session, actor: Actor, application: Application, against: int, given: Lodging) -> Appeal:
    """Appeal against the decision written down as step `against` of the history.

    Within its period it goes to be heard. After it, by the second of the server's clock, it is received all the same,
    and not heard, with that reason: whoever appeals gets a receipt, and it is counted.

    Refuses who is no owner (NotFound, NotAllowed), a decision that does not stand or was appealed already (WrongState),
    and words that are missing or too long (Invalid). Source: ISO/IEC 17065, 7.13.1 and 7.13.2.
    """
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.APPEAL)
    chosen = next((one for one in queries.standing_decisions(session, application) if one.seq == against), None)
    if chosen is None:
        raise WrongState(N_("Quyết định này đã được yêu cầu xem xét lại, hoặc không còn hiệu lực."))
    _check(given)
    late = clock.now() > chosen.until
    appeal = _numbered(
        session,
        application_id=application.id,
        kind=chosen.kind,
        against_seq=chosen.seq,
        decision_id=chosen.decision.id if chosen.decision else None,
        event_id=chosen.event.id if chosen.event else None,
        grounds=[one.value for one in given.grounds],
        text=given.text.strip(),
        wanted=given.wanted.strip(),
        evidence=given.evidence.strip(),
        lodged_by=actor.id,
        lodged_at=clock.now(),
        notified_at=chosen.notified_at,
        **(_too_late(chosen) if late else _to_be_heard(application)),
    )
    action = AppealAction.LODGE_LATE if late else AppealAction.LODGE
    _write_down(session, actor, appeal, application, action, None)
    return appeal


def _to_be_heard(application: Application) -> dict[str, Any]:
    """Until when it is acknowledged and decided."""
    edition = store.load(application.edition_id)
    return {
        "due_at": clock.working_days(edition.recourse.appeal_acknowledge_working_days),
        "decide_by": clock.deadline(edition.periods.appeal_decision_days),
    }


def _too_late(chosen: Appealable) -> dict[str, Any]:
    """Why it is not heard, in both languages, as the record keeps it."""
    day = clock.legal_day(chosen.until).strftime("%d/%m/%Y")
    return {
        "state": TRANSITIONS[AppealAction.LODGE_LATE].target,
        "decide_by": clock.now(),
        "inadmissible": Inadmissible.LATE,
        "reasons_vi": LATE[0].format(day=day),
        "reasons_en": LATE[1].format(day=day),
    }


def acknowledge(session: Session, actor: Actor, appeal: Appeal) -> None:
    """Tell the company that its appeal has come and will be heard. Refuses as `move` does."""
    move(session, actor, appeal, AppealAction.ACKNOWLEDGE)


def refuse(
    session: Session, actor: Actor, appeal: Appeal, reason: Inadmissible | None, reasons: tuple[str, str]
) -> None:
    """Find an appeal inadmissible, for a coded reason with its explanation (vi, en), before it is heard.

    Refuses whoever had any part in what is appealed (NotFound, NotAllowed), and missing reasons (NotReady).
    """
    application = hold(session, appeal)
    require_appeal(hearings.standing_to(session, actor, appeal, application), AppealPermission.REFUSE)
    if appeal.state not in _BEFORE:
        raise WrongState(N_("Yêu cầu xem xét lại đã được giao người xem xét lại hoặc đã kết thúc."))
    if any(len(one) > LONGEST for one in reasons):
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if reason is None or not all(one.strip() for one in reasons):
        raise NotReady([REASONS_MISSING])
    appeal.inadmissible, appeal.reasons_vi, appeal.reasons_en = reason, reasons[0].strip(), reasons[1].strip()
    session.add(appeal)
    session.flush()
    move(session, actor, appeal, AppealAction.REFUSE)


def withdraw(session: Session, actor: Actor, appeal: Appeal) -> None:
    """Take an appeal back before it is ruled on; within the period it may be lodged anew. Refuses as `move` does."""
    move(session, actor, appeal, AppealAction.WITHDRAW)


def remind(session: Session, appeal: Appeal) -> None:
    """Remind, as the clock, whoever has to act, of the deadline; once late, once more. Refuses when none is due."""
    application = hold(session, appeal)
    days = queries.reminder_due(appeal, application, clock.now())
    move(session, None, appeal, AppealAction.REMIND)
    appeal.reminded = days
    session.add(appeal)
    session.flush()


def _check(given: Lodging) -> None:
    if not given.grounds:
        raise Invalid(N_("Chọn ít nhất một căn cứ."))
    if not given.text.strip() or not given.wanted.strip():
        raise Invalid(N_("Ghi lý do và điều đơn vị mong muốn."))
    texts: Collection[tuple[str, int]] = (
        (given.text, LONGEST),
        (given.wanted, LONGEST_NOTE),
        (given.evidence, LONGEST_NOTE),
    )
    for text, most in texts:
        if len(text) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _numbered(session: Session, **fields: Any) -> Appeal:
    """An appeal under the next free number of the year; the unique constraint judges between two at once."""
    year = clock.today().year
    for _ in range(TRIES):
        serial = queries.next_serial(session, year)
        try:
            with session.begin_nested():
                appeal = Appeal(number=running(PREFIX, year, serial), year=year, serial=serial, **fields)
                session.add(appeal)
        except IntegrityError:
            continue
        return appeal
    raise WrongState(N_("Nhiều yêu cầu đang được gửi cùng lúc. Thử lại sau ít phút."))


def _enter(appeal: Appeal, state: AppealState) -> None:
    if state is appeal.state:
        return
    appeal.state, appeal.moved_at, appeal.reminded = state, clock.now(), None
    appeal.due_at = _due(appeal, state)


def _due(appeal: Appeal, state: AppealState) -> datetime | None:
    """Once acknowledged, the day by which it is decided; nothing once it is over."""
    return appeal.decide_by if state in queries.RUNNING else None


def _write_down(
    session: Session,
    actor: Actor | None,
    appeal: Appeal,
    application: Application,
    action: AppealAction,
    before: AppealState | None,
) -> None:
    session.add(appeal)
    session.flush()
    entry = history.record(session, actor, history.Step(action, note=appeal.number), application)
    session.add(AppealStep(seq=entry.seq, appeal_id=appeal.id, from_state=before or "", to_state=appeal.state))
    session.flush()
    transparency.count_appeals(session, appeal.year)
