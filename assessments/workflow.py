"""How an application moves. The table is the procedure; move() is the only way to change a state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from assessments import clock, history, readiness
from assessments.erasure import erase_score_versions, erase_test_access
from assessments.errors import N_, Missing, NotAllowed, NotReady, WrongState
from assessments.models import Application
from assessments.people import Actor, Part
from assessments.policy import Permission, Standing, allows, require
from assessments.queries.decisions import latest_notice
from assessments.queries.standings import OVER, standing_of, stands_in_the_way
from assessments.states import Action, State
from criteria import store
from criteria.model import Periods

Ready = Callable[[Session, Application], list[Missing]]

_BEFORE_DECISION = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.ACCEPTED,
    State.IN_REVIEW,
    State.CONSENSUS,
    State.CORRECTION,
    State.IN_DECISION,
    State.MINDED_TO,
)


@dataclass(frozen=True)
class Transition:
    """One row of the procedure; `permission` None means that the clock or another step does it."""

    permission: Permission | None
    target: State
    sources: tuple[State, ...]
    ready: Ready = readiness.always


TRANSITIONS: dict[Action, Transition] = {
    # action                        who may                to                  from                  ready when
    Action.SUBMIT: Transition(Permission.SUBMIT, State.SUBMITTED, (State.DRAFT, State.RETURNED), readiness.to_submit),
    Action.RETURN: Transition(Permission.INTAKE, State.RETURNED, (State.SUBMITTED,), readiness.to_return),
    Action.REFUSE: Transition(Permission.INTAKE, State.REFUSED, (State.SUBMITTED,), readiness.to_refuse),
    Action.ACCEPT: Transition(Permission.INTAKE, State.ACCEPTED, (State.SUBMITTED,), readiness.to_accept),
    Action.ASSIGN: Transition(Permission.ASSIGN, State.IN_REVIEW, (State.ACCEPTED,), readiness.to_assign),
    Action.FINISH_REVIEW: Transition(Permission.REVIEW, State.IN_REVIEW, (State.IN_REVIEW,)),
    Action.OPEN_CONSENSUS: Transition(None, State.CONSENSUS, (State.IN_REVIEW,), readiness.to_open_consensus),
    Action.ASK_CORRECTION: Transition(
        Permission.LEAD, State.CORRECTION, (State.CONSENSUS,), readiness.to_ask_correction
    ),
    Action.ANSWER_CORRECTION: Transition(
        Permission.ANSWER, State.CONSENSUS, (State.CORRECTION,), readiness.to_answer_correction
    ),
    Action.LAPSE: Transition(None, State.LAPSED, (State.CORRECTION, State.RETURNED), readiness.when_overdue),
    Action.RECOMMEND: Transition(Permission.LEAD, State.IN_DECISION, (State.CONSENSUS,), readiness.to_recommend),
    Action.RESUME_REVIEW: Transition(
        Permission.ASSIGN, State.IN_REVIEW, (State.CONSENSUS,), readiness.to_resume_review
    ),
    Action.SEND_BACK: Transition(Permission.PROPOSE, State.CONSENSUS, (State.IN_DECISION,)),
    Action.PROPOSE: Transition(Permission.PROPOSE, State.IN_DECISION, (State.IN_DECISION,), readiness.to_propose),
    Action.REJECT_PROPOSAL: Transition(Permission.CONFIRM, State.IN_DECISION, (State.IN_DECISION,)),
    Action.GIVE_NOTICE: Transition(Permission.PROPOSE, State.MINDED_TO, (State.IN_DECISION,), readiness.to_give_notice),
    Action.COMMENT: Transition(Permission.ANSWER, State.IN_DECISION, (State.MINDED_TO,), readiness.in_time),
    Action.END_NOTICE: Transition(None, State.IN_DECISION, (State.MINDED_TO,), readiness.when_overdue),
    Action.CERTIFY: Transition(Permission.CONFIRM, State.CERTIFIED, (State.IN_DECISION,), readiness.to_certify),
    Action.DECLINE: Transition(Permission.CONFIRM, State.DECLINED, (State.IN_DECISION,), readiness.to_decline),
    Action.WITHDRAW: Transition(Permission.WITHDRAW, State.WITHDRAWN, _BEFORE_DECISION, readiness.to_withdraw),
    Action.STOP: Transition(None, State.WITHDRAWN, _BEFORE_DECISION, readiness.to_stop),
    Action.REOPEN_INTAKE: Transition(None, State.SUBMITTED, (State.REFUSED,), readiness.to_reopen),
    Action.REOPEN_DECISION: Transition(None, State.IN_DECISION, (State.CERTIFIED, State.DECLINED), readiness.to_reopen),
}

PARTS: dict[Permission, Part] = {  # the part a step belongs to; the others are the vendor's
    Permission.INTAKE: Part.COORDINATOR,
    Permission.ASSIGN: Part.COORDINATOR,
    Permission.REVIEW: Part.REVIEWER,
    Permission.LEAD: Part.REVIEWER,
    Permission.PROPOSE: Part.PROPOSER,
    Permission.CONFIRM: Part.CONFIRMER,
}

REOPENING = (Action.REOPEN_INTAKE, Action.REOPEN_DECISION)  # what an appeal brings about: the end was not one
CLOCK = (Action.LAPSE, Action.END_NOTICE)  # what a passed deadline brings about
WAITING = [state for action in CLOCK for state in TRANSITIONS[action].sources]

DEADLINES: dict[State, Callable[[Periods], datetime]] = {  # of the state just reached; the others have none
    State.SUBMITTED: lambda periods: clock.working_days(periods.completeness_working_days),
    State.RETURNED: lambda periods: clock.deadline(periods.returned_days),
    State.IN_REVIEW: lambda periods: clock.deadline(periods.review_days),
    State.CORRECTION: lambda periods: clock.deadline(periods.correction_days),
    State.MINDED_TO: lambda periods: clock.deadline(periods.minded_to_days),
}


def move(session: Session, actor: Actor | None, application: Application, action: Action, note: str = "") -> None:
    """Take one step and write it down.

    `actor` None is the clock, which may take only the steps that nobody is permitted. Refuses with NotFound or
    NotAllowed (who), WrongState (when) and NotReady (what is missing), in that order.
    """
    session.refresh(application, with_for_update=True)
    step = TRANSITIONS[action]
    if step.permission is not None:
        _refuse_who_may_not(session, actor, application, step.permission)
    if application.state not in step.sources:
        raise WrongState(
            N_("Hồ sơ đã chuyển sang bước khác nên không làm việc này được nữa. Tải lại trang để xem việc có thể làm.")
        )
    if missing := step.ready(session, application):
        raise NotReady(missing)
    before = application.state
    _enter(application, step.target)
    session.add(application)
    if step.target in OVER:
        erase_test_access(session, application)
        erase_score_versions(session, application)
    history.record(session, actor, history.Step(action, before, step.target, note), application)


def _refuse_who_may_not(
    session: Session, actor: Actor | None, application: Application, permission: Permission
) -> None:
    """Ask the policy, and then the tables themselves: each refuses whoever has an interest or another part."""
    if actor is None:
        raise WrongState(N_("Bước này phải do một người thực hiện."))
    require(standing_of(session, actor, application), permission)
    part = PARTS.get(permission)
    if part is not None and stands_in_the_way(session, actor.id, application, part):
        raise NotAllowed(N_("Một người có lợi ích liên quan hoặc đã giữ một vai khác không làm bước này."))


def on_deadline(session: Session, application: Application) -> None:
    """Take the step the clock takes when the deadline of a state has passed; refuses when it has not."""
    action = next((a for a in CLOCK if application.state in TRANSITIONS[a].sources), None)
    if action is None:
        raise WrongState(N_("Hồ sơ không có hạn nào đang chạy."))
    if action is Action.END_NOTICE and (notice := latest_notice(session, application.id)):
        notice.ended_at = clock.now()
        session.add(notice)
    move(session, None, application, action)


def _enter(application: Application, state: State) -> None:
    if state is not application.state:
        periods = store.load(application.edition_id).periods
        due = DEADLINES.get(state)
        application.due_at = due(periods) if due else None
        application.paused_at = None
    application.state = state
    application.moved_at = clock.now()


def possible_actions(standing: Standing) -> list[Action]:
    """What a person could do now, whatever is still missing: the buttons of the page."""
    return [
        action
        for action, step in TRANSITIONS.items()
        if step.permission and standing.state in step.sources and allows(standing, step.permission)
    ]
