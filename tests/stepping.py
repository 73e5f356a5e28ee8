"""Every step of the procedure as somebody would take it: for the machine that looks for a way past the rules."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from assessments import (
    agreement,
    appeals,
    applications,
    assignments,
    certificates,
    clock,
    conditions,
    consensus,
    corrections,
    decisions,
    declarations,
    findings,
    hearings,
    intake,
    reductions,
    reviews,
    rulings,
    surveillance,
    test_records,
)
from assessments.errors import NotFound
from assessments.lifecycle import Trigger
from assessments.models import Appeal, Application, Certificate, CertificateEvent
from assessments.people import InterestKind
from assessments.queries import appeals as appealed
from assessments.queries import decisions as proposals
from assessments.queries import reviews as reviewing
from assessments.queries import submissions as handed_in
from assessments.queries.consensus import SPREAD, agreed, applicable_criteria, gaps, recommendation
from assessments.queries.findings import still_open
from assessments.queries.standings import standing_of
from assessments.readiness import CHECKLIST
from assessments.recourse import Ground, Ruling
from assessments.states import CertificateAction, Outcome, Severity, State
from registry.accounts.models import User
from tests import evaluation
from tests.deciding import ISSUER

Step = Callable[[Session, User, Application, Random], Any]

OFFICE, REVIEWERS = ("chi",), ("dung", "ha", "khanh", "nga", "oanh")
DECIDERS = ("giang", "hung", "khanh", "oanh", "tam", "yen")
HEARERS = ("lan", "vy", "nga", "oanh")
PEOPLE = ("an", "anh", "bao", "minh", *OFFICE, *sorted({*REVIEWERS, *DECIDERS, *HEARERS}))
VENDOR = ("an",)
MOSTLY = 0.95  # of what can be done again and again
MARKS = ("3", "3", "3", "3", "3", "2", "4", reviews.NOT_SHOWN)


def _one_of(luck: Random, choices: list[Any]) -> Any:
    """One of what a page would offer; where it offers nothing there is nothing to press."""
    if not choices:
        raise NotFound
    return luck.choice(choices)


def _reason(luck: Random) -> str:
    """Why somebody judges who lacks competence or calibration; now and then nobody says."""
    return luck.choice(("Đủ kinh nghiệm.",) * 9 + ("",))


def _assign(session: Session, actor: User, application: Application, luck: Random) -> None:
    free = [one.id for one in people_of(session, REVIEWERS)]
    chosen = tuple(luck.sample(free, luck.choice((2, 2, 3))))
    due_on = clock.today() + timedelta(days=20)
    assignments.assign(session, actor, application, assignments.Team(chosen, chosen[0], due_on, _reason(luck)))


def _new_ones(session: Session, application: Application) -> list[User]:
    known = {one.reviewer_id for one in reviewing.ever(session, application.id)}
    return [one for one in people_of(session, REVIEWERS) if one.id not in known]


def _relieve(session: Session, actor: User, application: Application, luck: Random) -> None:
    """Somebody takes the place of a reviewer who turned out to have an interest."""
    old = _one_of(luck, reviewing.conflicted(session, application))
    new = _one_of(luck, _new_ones(session, application))
    assignments.replace(
        session, actor, application, old.id, assignments.Newcomer(new.id, "Có lợi ích.", "Đủ kinh nghiệm.")
    )


def _add(session: Session, actor: User, application: Application, luck: Random) -> None:
    person = _one_of(luck, _new_ones(session, application))
    assignments.add(session, actor, application, person.id, _reason(luck))


def _replace(session: Session, actor: User, application: Application, luck: Random) -> None:
    old = _one_of(luck, reviewing.active(session, application.id))
    new = luck.choice(people_of(session, REVIEWERS))
    newcomer = assignments.Newcomer(new.id, _reason(luck), _reason(luck))
    assignments.replace(session, actor, application, old.id, newcomer)


def _make_lead(session: Session, actor: User, application: Application, luck: Random) -> None:
    chosen = _one_of(luck, reviewing.active(session, application.id))
    assignments.make_lead(session, actor, application, chosen.id)


def _appoint_a_lead(session: Session, actor: User, application: Application, luck: Random) -> None:
    """Where there is none any more."""
    if any(one.lead for one in reviewing.active(session, application.id)):
        raise NotFound
    _make_lead(session, actor, application, luck)


def _declare(session: Session, actor: User, application: Application, luck: Random) -> None:
    """Once, and now and then once more; now and then somebody has an interest."""
    if standing_of(session, actor, application).declared is not None and luck.random() < MOSTLY:
        raise NotFound
    has_interest = luck.choice((False,) * 19 + (True,))
    declarations.declare(session, actor, application, has_interest, InterestKind.FAMILY if has_interest else None)


def _score(session: Session, actor: User, application: Application, luck: Random) -> None:
    """Everything that is not scored yet, but now and then all but the last."""
    mine = reviewing.review_of(session, application.id, actor.id)
    given = reviewing.scores_of(session, [mine])[mine.id] if mine else {}
    open_ones = [one.code for one in applicable_criteria(session, application) if one.code not in given]
    if not open_ones:
        raise NotFound
    forgotten = luck.choice((0, 0, 0, 1))
    mark = luck.choice(MARKS)
    for code in open_ones[: len(open_ones) - forgotten]:
        basis = reviews.Basis.OWN_TEST if mark == "4" else None
        reviews.save_score(session, actor, application, code, reviews.Marking(mark, basis, "Lý do."), 0)
        if basis is not None:
            test_records.add(session, actor, application, evaluation.tested(code))


def _agree(session: Session, actor: User, application: Application, luck: Random) -> None:
    """Take over what is equal; settle the rest with a reconciliation, now and then without one at first."""
    missing = gaps(session, application, SPREAD, handed_in.latest(session, application.id))
    if not missing:
        raise NotFound
    consensus.agree_where_equal(session, actor, application)
    settled = agreed(session, application.id)
    words = luck.choice(("Đã bàn.", "Đã bàn.", ""))
    mark = luck.choice(("3", "3", "2"))
    for code in [one.place.partition(":")[2] for one in missing]:
        found = settled.get(code)
        if found is None or not found.reconciliation:
            agreement = consensus.Agreement(mark, words)
            consensus.agree(session, actor, application, code, agreement, found.version if found else 0)


def _write(session: Session, actor: User, application: Application, luck: Random) -> None:
    english = luck.choice(("The summary.", "The summary.", ""))
    row = recommendation(session, application.id)
    if row is not None and row.summary_en and luck.random() < MOSTLY:
        raise NotFound
    texts = consensus.Texts("Bản tóm tắt.", english, (("Chưa thử trên iPhone.", "Not tried on iPhone."),))
    consensus.write_recommendation(session, actor, application, texts, row.version if row else 0)


def _raise(session: Session, actor: User, application: Application, luck: Random) -> None:
    code = luck.choice([one.code for one in applicable_criteria(session, application)])
    findings.raise_finding(session, actor, application, code, findings.Wording(Severity.MINOR, "Thiếu ảnh chụp."))


def _make_condition(session: Session, actor: User, application: Application, luck: Random) -> None:
    _one_of(luck, still_open(session, application.id))
    for finding in still_open(session, application.id):
        findings.make_condition(session, actor, application, finding.id, clock.today() + timedelta(days=60))


def _close(session: Session, actor: User, application: Application, luck: Random) -> None:
    _one_of(luck, still_open(session, application.id))
    for finding in still_open(session, application.id):
        findings.close(session, actor, application, finding.id, "Đã rõ.")


def _answer_correction(session: Session, actor: User, application: Application, _luck: Random) -> None:
    for finding in still_open(session, application.id):
        answer = corrections.FindingAnswer("Đã bổ sung.", finding.answer_version)
        corrections.save_answers(session, actor, application, {finding.id: answer})
    corrections.answer_correction(session, actor, application)


def _propose(session: Session, actor: User, application: Application, luck: Random) -> None:
    outcome = luck.choice((Outcome.CERTIFY, Outcome.CERTIFY, Outcome.CERTIFY, Outcome.DECLINE))
    reasons = luck.choice((("Lý do.", "Reasons."), ("Lý do.", "Reasons."), ("", "")))
    wanted = conditions.Wanted("Đo lại.", "Measure again.", clock.today() + timedelta(days=60))
    asked = (wanted,) if outcome is Outcome.CERTIFY and luck.random() < 1 / 3 else ()
    proposing = decisions.Proposing(outcome, "L1", *reasons, conditions=asked)
    decisions.propose(session, actor, application, proposing)


def _on_proposal(step: Callable[..., Any], *more: Any) -> Step:
    """A step on the proposal that is open, or on one that never was."""

    def act(session: Session, actor: User, application: Application, _luck: Random) -> Any:
        found = proposals.open_proposal(session, application.id)
        return step(session, actor, application, found.number if found else 1, *more)

    return act


def _lodge(session: Session, actor: User, application: Application, luck: Random) -> None:
    against = _one_of(luck, appealed.appealable(session, application))
    lodging = appeals.Lodging((Ground.FACTS,), "Báo cáo không được đọc.", "Xem lại.")
    appeals.lodge(session, actor, application, against.seq, lodging)


def _appeal(session: Session) -> Appeal:
    """The last one."""
    found = session.exec(select(Appeal).order_by(col(Appeal.number).desc())).first()
    if found is None:
        raise NotFound
    return found


def _on_appeal(step: Callable[..., Any], *more: Any) -> Step:
    return lambda session, actor, _application, _luck: step(session, actor, _appeal(session), *more)


def _call_hearers(session: Session, actor: User, _application: Application, luck: Random) -> None:
    names = luck.choice((HEARERS,) * 9 + ((*HEARERS, *DECIDERS),))  # whoever hears it decides no more
    people = luck.sample(people_of(session, names), 2)
    hearings.assign(session, actor, _appeal(session), [one.id for one in people])


def _rule(session: Session, actor: User, _application: Application, luck: Random) -> None:
    outcome = luck.choice((Ruling.SET_ASIDE, Ruling.SET_ASIDE, Ruling.CONFIRMED))
    rulings.propose(session, actor, _appeal(session), rulings.Ruled(outcome, "Lý do.", "Reasons."))


def _agree_to_rule(session: Session, actor: User, _application: Application, _luck: Random) -> None:
    lodged = _appeal(session)
    found = appealed.open_ruling(session, lodged.id)
    rulings.confirm(session, actor, lodged, found.number if found else 1)


def _plain(step: Callable[..., Any], *more: Any) -> Step:
    return lambda session, actor, application, _luck: step(session, actor, application, *more)


def _number(session: Session) -> str:
    """Of the newest certificate."""
    found = session.exec(select(Certificate.number).order_by(col(Certificate.serial).desc())).first()
    if found is None:
        raise NotFound
    return found


def _on_certificate(step: Callable[..., Any], *more: Any) -> Step:
    return lambda session, actor, _application, _luck: step(session, actor, _number(session), *more)


def _reduce(session: Session, actor: User, _application: Application, luck: Random) -> None:
    number = _number(session)
    facts = session.exec(select(Certificate).where(Certificate.number == number)).one().content["profile"]
    parts = {part: tuple(facts[part][: luck.choice((1, 1, 5))]) for part in reductions.PARTS}
    change = certificates.Change("Lý do.", "Reasons.", reduction=reductions.Reduction(**parts))
    certificates.propose(session, actor, number, CertificateAction.REDUCE, change)


def _agree_to_change(session: Session, actor: User, _application: Application, _luck: Random) -> None:
    number = _number(session)
    event = session.exec(
        select(CertificateEvent)
        .join(Certificate, col(Certificate.id) == col(CertificateEvent.certificate_id))
        .where(Certificate.number == number)
        .order_by(col(CertificateEvent.number).desc())
    ).first()
    certificates.confirm(session, actor, number, event.number if event else 1)


def _plan(session: Session, actor: User, _application: Application, _luck: Random) -> None:
    wanted = surveillance.Wanted(Trigger.CONCERN, "Có phản ánh.", clock.today())
    surveillance.plan(session, actor, _number(session), wanted)


STEPS: dict[str, Step] = {
    "accept agreement": _plain(applications.accept_agreement, agreement.current_version()),
    "submit": _plain(applications.submit),
    "withdraw": _plain(applications.withdraw),
    "return": _plain(intake.return_, [intake.Question("", "Bổ sung giấy đăng ký.")]),
    "accept": _plain(intake.accept, CHECKLIST),
    "assign": _assign,
    "add": _add,
    "replace": _replace,
    "make lead": _make_lead,
    "relieve": _relieve,
    "appoint a lead": _appoint_a_lead,
    "declare": _declare,
    "score": _score,
    "finish": _plain(reviews.finish),
    "agree": _agree,
    "write": _write,
    "raise": _raise,
    "close": _close,
    "make condition": _make_condition,
    "ask correction": _plain(findings.ask_correction),
    "answer correction": _answer_correction,
    "ask facts": _plain(consensus.ask_facts_check),
    "check facts": _plain(corrections.check_facts),
    "recommend": _plain(consensus.recommend),
    "propose": _propose,
    "reject": _on_proposal(decisions.reject, "Chưa thuyết phục."),
    "give notice": _on_proposal(decisions.give_notice, ("Lý do.", "Reasons.")),
    "comment": _plain(corrections.comment_on_notice, "Đề nghị xem lại."),
    "send back": _plain(decisions.send_back, "Xem lại một tiêu chí."),
    "stand aside": _plain(decisions.stand_aside, InterestKind.SHARES),
    "confirm": _on_proposal(decisions.confirm, ISSUER),
    "fulfil": _plain(conditions.fulfil, 1, "Đã đo lại."),
    "lodge": _lodge,
    "acknowledge": _on_appeal(appeals.acknowledge),
    "call hearers": _call_hearers,
    "hear": _on_appeal(hearings.declare),
    "not hear": _on_appeal(hearings.stand_aside, InterestKind.SHARES),
    "rule": _rule,
    "agree to rule": _agree_to_rule,
    "reduce": _reduce,
    "agree to change": _agree_to_change,
    "terminate": _on_certificate(certificates.terminate, ""),
    "plan surveillance": _plan,
    "begin surveillance": _on_certificate(surveillance.begin, 1, clock.today() + timedelta(days=30)),
}

LIVING = (("reduce", DECIDERS), ("agree to change", DECIDERS), ("plan surveillance", OFFICE))


APPEALING = (
    *(("lodge", VENDOR), ("acknowledge", OFFICE), ("call hearers", OFFICE)),
    *(("hear", (*HEARERS, *DECIDERS)), ("rule", (*HEARERS, *DECIDERS)), ("agree to rule", (*HEARERS, *DECIDERS))),
)

# What somebody would do next in good faith; the other rule tries everything by everybody.
FORESEEN: dict[State, tuple[tuple[str, tuple[str, ...]], ...]] = {
    State.DRAFT: (("accept agreement", VENDOR), ("submit", VENDOR)),
    State.RETURNED: (("submit", VENDOR),),
    State.SUBMITTED: (("accept", OFFICE),),
    State.ACCEPTED: (("assign", OFFICE),),
    State.IN_REVIEW: (
        ("declare", REVIEWERS),
        ("score", REVIEWERS),
        ("finish", REVIEWERS),
        ("add", OFFICE),
        ("relieve", OFFICE),
    ),
    State.CONSENSUS: (
        *(
            ("agree", REVIEWERS),
            ("close", REVIEWERS),
            ("make condition", REVIEWERS),
            ("write", REVIEWERS),
            ("ask facts", REVIEWERS),
        ),
        *(("check facts", VENDOR), ("recommend", REVIEWERS), ("add", OFFICE), ("appoint a lead", OFFICE)),
    ),
    State.CORRECTION: (("answer correction", VENDOR),),
    State.IN_DECISION: (("declare", DECIDERS), ("propose", DECIDERS), ("confirm", DECIDERS)),
    State.MINDED_TO: (("comment", VENDOR),),
    State.CERTIFIED: (*APPEALING, *LIVING),
    State.DECLINED: APPEALING,
}
NOTHING = (("withdraw", ()),)  # it is over


def people_of(session: Session, names: tuple[str, ...]) -> list[User]:
    return list(session.exec(select(User).where(User.email.in_([f"{one}@club.example" for one in names]))).all())
