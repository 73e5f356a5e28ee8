"""What the page of an application shows, read in a fixed number of statements whatever the data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from assessments import clock, profile
from assessments.agreement import current_version
from assessments.applications import DRAFTING
from assessments.corrections import waits_for_facts
from assessments.models import Application, Finding, Notice, Product, Recommendation, Round, Submission, Vendor
from assessments.people import MemberRole
from assessments.profile import Profile
from assessments.queries import (
    answers,
    applications,
    conditions,
    consensus,
    decisions,
    findings,
    history,
    people,
    progress,
    renewals,
    reviews,
    rounds,
    submissions,
)
from assessments.queries.announcements import DECIDED, is_held_back
from assessments.queries.answers import AnswerSummary
from assessments.queries.people import Colleague
from assessments.queries.progress import GroupOfTasks, Scope
from assessments.queries.rounds import Outlook
from assessments.states import Action, Kind, State
from assessments.workflow import TRANSITIONS
from criteria import store
from criteria.model import Edition
from registry import timeline
from registry.applications import sentences
from registry.applications.openings import Opening, opening
from registry.applications.profile_form import STEPS, Step, unfinished
from registry.applications.sentences import Outcome
from registry.applications.turns import Turn, course, phase_of, turn


@dataclass(frozen=True)
class Work:
    """What is still to do in a draft."""

    scope: Scope
    groups: tuple[GroupOfTasks, ...]
    unfinished_steps: frozenset[str]
    accepted: bool
    outlook: Outlook
    unconfirmed: int = 0  # answers of the last time that nobody has confirmed or changed

    @property
    def opened(self) -> Round | None:
        """The round it would be handed in to now."""
        return self.outlook.opened

    @property
    def opening(self) -> Opening:
        """What the rounds mean for it, in sentences."""
        return opening(self.outlook)

    @property
    def answered(self) -> int:
        """How many criteria are finished."""
        return sum(group.finished for group in self.groups)

    @property
    def asked(self) -> int:
        """How many criteria apply."""
        return sum(len(group.tasks) for group in self.groups)

    @property
    def left(self) -> int:
        """How many things are left: steps of the profile, criteria, answers to confirm, the agreement."""
        return len(self.unfinished_steps) + self.asked - self.answered + self.unconfirmed + (not self.accepted)

    @property
    def steps(self) -> tuple[tuple[Step, bool], ...]:
        """The steps of the profile, each with whether it is complete."""
        return tuple((step, step.name not in self.unfinished_steps) for step in STEPS)


@dataclass(frozen=True)
class Asked:
    """What the club asks of the company now."""

    findings: tuple[Finding, ...] = ()
    notice: Notice | None = None
    summary: Recommendation | None = None
    questions: str = ""


@dataclass(frozen=True)
class Board:
    """Everything the page of one application says."""

    application: Application
    product: Product
    vendor: Vendor
    edition: Edition
    facts: Profile
    colleagues: list[Colleague]
    entries: list[timeline.Entry]
    work: Work | None = None
    submission: Submission | None = None
    asked: Asked = field(default_factory=Asked)
    outcome: Outcome = field(default_factory=Outcome)
    held: Round | None = None  # the round it was handed in to

    @property
    def owners(self) -> str:
        """Who may submit, by name."""
        present = (one for one in self.colleagues if one.role is MemberRole.OWNER and not one.left)
        return ", ".join(one.person.name for one in present)

    @property
    def turn(self) -> Turn:
        """Who acts next, by when, and what otherwise."""
        opened = self.work.opened if self.work and self.application.state is State.DRAFT else None
        return turn(self.application, self.owners, asked=self.asked.summary is not None, opened=opened)

    @property
    def course(self) -> list[tuple[str, str]]:
        """The steps from here to the decision, with their periods."""
        return course(self.edition, self.held or (self.work.opened if self.work else None))

    @property
    def phase(self) -> int | None:
        """Which of these steps it has reached; None when it is over."""
        return phase_of(self.application)

    @property
    def may_withdraw(self) -> bool:
        """Whether the owner can still end it."""
        asked = self.application.kind is Kind.SURVEILLANCE  # by the club
        return not asked and self.application.state in TRANSITIONS[Action.WITHDRAW].sources

    @property
    def meaning(self) -> str:
        """What the state means for the company."""
        return sentences.meaning(self.application, self.outcome, facts_asked=self.asked.summary is not None)

    @property
    def saved_by(self) -> str:
        """Who saved the profile last."""
        author = self.application.profile_saved_by
        return next((one.person.name for one in self.colleagues if one.person.id == author), "")


def board_of(session: Session, application: Application) -> Board:
    """Read what the page of an application needs."""
    product, vendor = applications.product_and_vendor(session, application)
    colleagues = people.colleagues_of(session, vendor.id)
    draft = application.state in DRAFTING
    letters = {} if draft else {one.reviewer_id: one.letter for one in reviews.ever(session, application.id)}
    rows = timeline.told_to_vendor(application, history.timeline(session, application.id))
    return Board(
        application=application,
        product=product,
        vendor=vendor,
        edition=store.load(application.edition_id),
        facts=profile.from_dict(application.profile),
        colleagues=colleagues,
        entries=timeline.for_vendor(rows, {one.person.id for one in colleagues}, letters),
        work=work_of(session, application) if draft else None,
        submission=submissions.latest(session, application.id) if application.edition_digest else None,
        asked=_asked(session, application),
        outcome=_outcome(session, application),
        held=_round_of(session, application),
    )


def _round_of(session: Session, application: Application) -> Round | None:
    """The round an application runs in; once it is over the page says no more of it."""
    runs = application.round_id is not None and phase_of(application) is not None
    return session.get(Round, application.round_id) if runs else None


def work_of(session: Session, application: Application) -> Work:
    """How far a draft has come."""
    edition = store.load(application.edition_id)
    facts = profile.from_dict(application.profile)
    scope = progress.scope_of(edition, facts, application.asked)
    given = answers.summary(session, application.id)
    accepted = submissions.acceptance_of(session, application.id)
    tasks = progress.tasks_of(scope, given, to_fix(application, scope, given))
    return Work(
        scope=scope,
        groups=progress.by_group(edition, tasks),
        unfinished_steps=frozenset(unfinished(profile.missing(facts, edition))),
        accepted=accepted is not None and accepted.agreement_version == current_version(),
        outlook=rounds.outlook(session, application, clock.now()),
        unconfirmed=renewals.unconfirmed(session, application),
    )


def to_fix(application: Application, scope: Scope, given: dict[str, AnswerSummary]) -> set[str]:
    """The criteria that the questions of a returned application name and nobody has saved since."""
    questions = str(application.intake_notes.get("questions", ""))
    if application.state is not State.RETURNED:
        return set()
    named = {code for code in scope.codes if code in questions}
    return {code for code in named if not _saved_after(given.get(code), application.moved_at)}


def _saved_after(answer: AnswerSummary | None, moment: datetime) -> bool:
    return answer is not None and answer.saved_at is not None and answer.saved_at > moment


def _asked(session: Session, application: Application) -> Asked:
    given: dict[str, Any] = {}
    if application.state is State.RETURNED:
        given["questions"] = str(application.intake_notes.get("questions", ""))
    if application.state is State.CORRECTION:
        given["findings"] = tuple(findings.of_round(session, application.id, application.correction_round))
    if application.state is State.MINDED_TO:
        given["notice"] = decisions.latest_notice(session, application.id)
    if application.state is State.CONSENSUS:
        found = consensus.recommendation(session, application.id)
        given["summary"] = found if found is not None and waits_for_facts(found) else None
    return Asked(**given)


def _outcome(session: Session, application: Application) -> Outcome:
    if application.state not in DECIDED or is_held_back(application):
        return Outcome()
    decision, certificate = decisions.with_certificate(session, application.id)
    return Outcome(decision, certificate, tuple(conditions.in_force(session, application.id)))
