"""Who may do what to an application in which state: the table that every route and every action is held against."""

from collections.abc import Iterator
from datetime import date, timedelta

from assessments import history
from assessments.clock import deadline, now
from assessments.models import (
    Appeal,
    Application,
    Declaration,
    Hearing,
    Interest,
    Notice,
    Participation,
    Proposal,
    Review,
)
from assessments.people import InterestKind, Part, Role
from assessments.recourse import AppealAction, AppealKind, AppealState
from assessments.states import Action, Outcome, State
from registry.accounts import sessions
from registry.accounts.models import User
from tests import evaluation
from tests import world as people
from tests.world import World

# The kinds of people, each with somebody: Hạt Nắng hands in, Bảo owns another company.
KINDS = {
    "anonymous": None,
    "owner": "an",
    "contributor": "anh",
    "other vendor": "bao",
    "lead reviewer": "dung",
    "reviewer": "ha",
    "reviewer not asked yet": "nga",
    "unassigned reviewer": "oanh",
    "conflicted reviewer": "khanh",
    "decider": "giang",
    "decider not asked yet": "hung",
    "conflicted decider": "quang",
    "proposer": "yen",
    "confirmer": "tri",
    "decider set aside": "loc",
    "hearer": "son",
    "hearer not asked yet": "thu",
    "coordinator": "chi",
    "auditor": "lan",
    "auditor not asked yet": "tam",
    "impartiality committee": "phuc",
    "admin": "minh",
}

EVERY = frozenset(State)
HANDED_IN = EVERY - {State.DRAFT}
NOT_EVALUATED = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.REFUSED, State.ACCEPTED})
EVALUATED = EVERY - NOT_EVALUATED
DECIDING = frozenset({State.IN_DECISION, State.MINDED_TO, State.CERTIFIED, State.DECLINED})
HEARD = frozenset({State.REFUSED, State.CERTIFIED, State.DECLINED})  # what an appeal can be against
APPEAL = "YC-2026-0001"

# Kind of person -> the states, and what they may do there. Where nothing stands, there is nothing: 404.
MAY: dict[str, tuple[frozenset[State], str]] = {
    "owner": (EVERY, "KNOW VIEW EDIT SUBMIT WITHDRAW APPEAL ANSWER TIMELINE READ_FILE"),
    "contributor": (EVERY, "KNOW VIEW EDIT TIMELINE READ_FILE"),
    "lead reviewer": (EVALUATED, "KNOW TIMELINE DECLARE JOIN_REVIEW REVIEW LEAD READ_FILE READ_TESTS"),
    "reviewer": (EVALUATED, "KNOW TIMELINE DECLARE JOIN_REVIEW REVIEW READ_FILE READ_TESTS"),
    "reviewer not asked yet": (EVALUATED, "KNOW DECLARE JOIN_REVIEW"),
    "decider": (DECIDING, "KNOW TIMELINE DECLARE JOIN_DECISION READ_FILE DECIDE PROPOSE CONFIRM READ_TESTS MINUTES"),
    "decider not asked yet": (DECIDING, "KNOW DECLARE JOIN_DECISION"),
    "proposer": (DECIDING, "KNOW TIMELINE DECLARE JOIN_DECISION READ_FILE DECIDE PROPOSE READ_TESTS MINUTES"),
    "confirmer": (DECIDING, "KNOW TIMELINE DECLARE JOIN_DECISION READ_FILE DECIDE CONFIRM READ_TESTS MINUTES"),
    "hearer": (HEARD, "KNOW DECLARE JOIN_HEARING READ_FILE HEAR READ_TESTS"),
    "hearer not asked yet": (HEARD, "KNOW DECLARE JOIN_HEARING"),
    "coordinator": (HANDED_IN, "KNOW TIMELINE INTAKE ASSIGN READ_FILE MINUTES FOLLOW_UP"),
    "auditor": (HANDED_IN, "KNOW TIMELINE DECLARE JOIN_AUDIT READ_FILE AUDIT READ_TESTS MINUTES"),
    "auditor not asked yet": (HANDED_IN, "KNOW DECLARE JOIN_AUDIT"),
}

# Action -> who takes it, and in which states; the clock takes the others.
ACTIONS: dict[Action, tuple[str, frozenset[State]]] = {
    Action.SUBMIT: ("owner", frozenset({State.DRAFT, State.RETURNED})),
    Action.RETURN: ("coordinator", frozenset({State.SUBMITTED})),
    Action.REFUSE: ("coordinator", frozenset({State.SUBMITTED})),
    Action.ACCEPT: ("coordinator", frozenset({State.SUBMITTED})),
    Action.ASSIGN: ("coordinator", frozenset({State.ACCEPTED})),
    Action.FINISH_REVIEW: ("lead reviewer, reviewer", frozenset({State.IN_REVIEW})),
    Action.ASK_CORRECTION: ("lead reviewer", frozenset({State.CONSENSUS})),
    Action.ANSWER_CORRECTION: ("owner", frozenset({State.CORRECTION})),
    Action.RECOMMEND: ("lead reviewer", frozenset({State.CONSENSUS})),
    Action.RESUME_REVIEW: ("coordinator", frozenset({State.CONSENSUS})),
    Action.SEND_BACK: ("decider, proposer", frozenset({State.IN_DECISION})),
    Action.PROPOSE: ("decider, proposer", frozenset({State.IN_DECISION})),
    Action.REJECT_PROPOSAL: ("decider, confirmer", frozenset({State.IN_DECISION})),
    Action.GIVE_NOTICE: ("decider, proposer", frozenset({State.IN_DECISION})),
    Action.COMMENT: ("owner", frozenset({State.MINDED_TO})),
    Action.CERTIFY: ("decider, confirmer", frozenset({State.IN_DECISION})),
    Action.DECLINE: ("decider, confirmer", frozenset({State.IN_DECISION})),
    Action.WITHDRAW: ("owner", EVERY - {State.REFUSED, State.CERTIFIED, State.DECLINED, State.LAPSED, State.WITHDRAWN}),
}
BY_THE_CLOCK = {
    *(Action.OPEN_CONSENSUS, Action.LAPSE, Action.END_NOTICE),
    *(Action.REOPEN_INTAKE, Action.REOPEN_DECISION),  # what follows from the ruling on an appeal
    Action.STOP,  # what follows for a surveillance from the end of its certificate
}

# The same of an appeal. Whoever judged the file, or reads it as an auditor, has a part and handles no appeal about it.
APPEAL_MAY = {
    "owner": "KNOW VIEW WITHDRAW",
    "contributor": "KNOW VIEW",
    "coordinator": "KNOW HANDLE REFUSE",
    "auditor not asked yet": "KNOW HANDLE REFUSE",
    "impartiality committee": "KNOW HANDLE REFUSE",
    "hearer": "KNOW JOIN HEAR",
    "hearer not asked yet": "KNOW JOIN",
}
_HANDLING = "coordinator, auditor not asked yet, impartiality committee"
_RUNNING = frozenset({AppealState.LODGED, AppealState.ACKNOWLEDGED, AppealState.UNDER_HEARING})
_HEARING = frozenset({AppealState.UNDER_HEARING})
APPEAL_ACTIONS: dict[AppealAction, tuple[str, frozenset[AppealState]]] = {
    AppealAction.LODGE: ("owner", frozenset()),  # there is none yet
    AppealAction.LODGE_LATE: ("owner", frozenset()),
    AppealAction.ACKNOWLEDGE: (_HANDLING, frozenset({AppealState.LODGED})),
    AppealAction.REFUSE: (_HANDLING, frozenset({AppealState.LODGED, AppealState.ACKNOWLEDGED})),
    AppealAction.ASSIGN_HEARERS: (_HANDLING, frozenset({AppealState.ACKNOWLEDGED, AppealState.UNDER_HEARING})),
    AppealAction.STAND_ASIDE: ("hearer, hearer not asked yet", _HEARING),
    AppealAction.PROPOSE_RULING: ("hearer", _HEARING),
    AppealAction.REJECT_RULING: ("hearer", _HEARING),
    AppealAction.CONFIRM: ("hearer", _HEARING),
    AppealAction.SET_ASIDE: ("hearer", _HEARING),
    AppealAction.WITHDRAW: ("owner", _RUNNING),
}
APPEAL_BY_THE_CLOCK = {AppealAction.REMIND}


def may(kind: str, state: State) -> set[str]:
    """The names of the permissions that a kind of person has in a state."""
    states, names = MAY.get(kind, (frozenset(), ""))
    return set(names.split()) if state in states else set()


def newcomers(world: World) -> dict[str, User]:
    """The people whom the world of the tests lacks."""
    session = world.session
    found = {
        "nga": people._person(session, "nga@club.example", "Trịnh Nga", Role.REVIEWER),
        "oanh": people._person(session, "oanh@club.example", "Mai Oanh", Role.REVIEWER),
        "quang": people._person(session, "quang@club.example", "Cao Quang", Role.DECIDER),
        "tam": people._person(session, "tam@club.example", "Đinh Tâm", Role.AUDITOR),
        "phuc": people._person(session, "phuc@club.example", "Tạ Phúc", Role.IMPARTIALITY),
        "yen": people._person(session, "yen@club.example", "Kiều Yến", Role.DECIDER),
        "tri": people._person(session, "tri@club.example", "Thạch Trí", Role.DECIDER),
        "loc": people._person(session, "loc@club.example", "Tôn Lộc", Role.DECIDER),
        "son": people._person(session, "son@club.example", "Hứa Sơn", Role.REVIEWER),
        "thu": people._person(session, "thu@club.example", "Âu Thu", Role.IMPARTIALITY),
    }
    session.add_all(attempt for name in ("nga", "oanh") for attempt in people.calibrated(found[name]))
    session.add(
        Interest(
            person_id=found["quang"].id,
            vendor_id=world.hat_nang.id,
            organisation=world.hat_nang.name,
            kind=InterestKind.SHARES,
            since=date(2021, 5, 1),
        )
    )
    session.commit()
    for person in found.values():
        sessions.load_standing(session, person)
    return found


def file_in(world: World, state: State, newcomer: dict[str, User], ref: str = "HS-2026-0001") -> Application:
    """An application of Hạt Nắng in a state, with its team and with what people have declared."""
    if state is State.DRAFT:
        return world.application(state, ref)
    application = evaluation.handed_in(world, state, ref)
    if state in EVALUATED:
        _assign(world, application, {"A": world.dung, "B": world.ha, "C": newcomer["nga"]})
    _take(world, application, world.lan, Part.AUDITOR)
    for person in (world.dung, world.ha, world.giang, world.lan, *_later(world, application, newcomer)):
        world.session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
    world.session.commit()
    return application


def _later(world: World, application: Application, newcomer: dict[str, User]) -> Iterator[User]:
    """Those who have decided, and those who hear an appeal: only in states where that can be."""
    if application.state in DECIDING:
        for name, part in (("yen", Part.PROPOSER), ("tri", Part.CONFIRMER), ("loc", Part.PROPOSER)):
            _take(world, application, newcomer[name], part, spent=name == "loc")
            yield newcomer[name]
    if application.state is State.MINDED_TO:
        _notice(world, application, newcomer["yen"])
    if application.state in HEARD:
        appeal_about(world, application, newcomer)
        yield newcomer["son"]


def _notice(world: World, application: Application, proposer: User) -> None:
    """What the company is heard about."""
    why = {"application_id": application.id, "reasons_vi": "Chưa đủ.", "reasons_en": "Not enough."}
    proposal = Proposal(proposer_id=proposer.id, outcome=Outcome.DECLINE, closed_at=now(), **why)
    world.session.add(proposal)
    world.session.flush()
    world.session.add(Notice(proposal_id=proposal.id, given_by=proposer.id, due_at=deadline(14), **why))


def _take(world: World, application: Application, person: User, part: Part, *, spent: bool = False) -> None:
    row = Participation(
        application_id=application.id, person_id=person.id, part=part, spent_at=now() if spent else None
    )
    world.session.add(row)
    world.session.flush()


def appeal_about(
    world: World, application: Application, newcomer: dict[str, User], state: AppealState = AppealState.UNDER_HEARING
) -> Appeal:
    """An appeal of Hạt Nắng, with Sơn and Thu to hear it."""
    session, moment = world.session, now()
    against = history.record(session, world.chi, history.Step(Action.REFUSE), application)
    appeal = Appeal(
        number=APPEAL,
        year=2026,
        serial=1,
        application_id=application.id,
        kind=AppealKind.REFUSAL,
        against_seq=against.seq,
        state=state,
        text="Báo cáo không được đọc.",
        wanted="Xem lại.",
        lodged_by=world.an.id,
        notified_at=moment,
        decide_by=moment + timedelta(days=30),
        due_at=moment + timedelta(days=30) if state in _RUNNING else None,
        inadmissible="late",  # so that nothing is missing where somebody finds it so
        reasons_vi="Lý do.",
        reasons_en="Reasons.",
    )
    session.add(appeal)
    session.flush()
    for letter, name in (("A", "son"), ("B", "thu")):
        _take(world, application, newcomer[name], Part.HEARER)
        hearing = {"appeal_id": appeal.id, "person_id": newcomer[name].id, "application_id": application.id}
        session.add(Hearing(**hearing, letter=letter, assigned_by=world.chi.id))
    session.commit()
    return appeal


def _assign(world: World, application: Application, team: dict[str, User]) -> None:
    for letter, reviewer in team.items():
        part = Participation(application_id=application.id, person_id=reviewer.id, part=Part.REVIEWER)
        world.session.add(part)
        world.session.flush()
        review = Review(
            application_id=application.id,
            reviewer_id=reviewer.id,
            letter=letter,
            lead=letter == "A",
            due_at=deadline(28),
            final_at=None if application.state is State.IN_REVIEW else now(),
        )
        world.session.add(review)
