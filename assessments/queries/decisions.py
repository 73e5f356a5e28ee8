"""Questions about proposals, notices and decisions, and everything a decider reads before one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import profile
from assessments.errors import NotFound
from assessments.models import (
    AgreedScore,
    Application,
    Certificate,
    Condition,
    Decision,
    Finding,
    Notice,
    Product,
    Proposal,
    Recommendation,
    ReportJudgement,
    Review,
    Score,
    Submission,
    Vendor,
    Vote,
)
from assessments.profile import Profile
from assessments.queries import conditions, consensus, findings, reviews, submissions, votes
from assessments.queries.applications import product_and_vendor
from assessments.queries.committee import Concerned, Waits, concerned, since_recommendation, waits_for
from assessments.queries.history import TimelineRow, timeline
from assessments.queries.laboratory_reports import accepted_elsewhere
from assessments.queries.marks import marks_before
from assessments.queries.surveillance import Surveyed, surveyed_by
from assessments.queries.votes import Tally
from assessments.states import Action
from criteria import store
from criteria import verdict as verdicts
from criteria.model import Edition
from criteria.verdict import Verdict


def open_proposal(session: Session, application_id: UUID) -> Proposal | None:
    """The proposal that waits for the second person; whether its proposer still counts is asked apart (may_decide)."""
    question = select(Proposal).where(Proposal.application_id == application_id, col(Proposal.closed_at).is_(None))
    return session.exec(question).one_or_none()


def latest_notice(session: Session, application_id: UUID) -> Notice | None:
    """The newest minded-to notice."""
    question = (
        select(Notice).where(Notice.application_id == application_id).order_by(col(Notice.given_at).desc()).limit(1)
    )
    return session.exec(question).one_or_none()


def current_notice(session: Session, application_id: UUID) -> Notice | None:
    """The notice of this time before the committee: given since the last recommendation, one at most."""
    question = select(Notice).where(Notice.application_id == application_id, since_recommendation(application_id))
    return session.exec(question.order_by(col(Notice.given_at).desc()).limit(1)).one_or_none()


def notice_ended(session: Session, application_id: UUID) -> bool:
    """Whether the vendor was given notice of this evaluation and its period has run."""
    notice = current_notice(session, application_id)
    return notice is not None and notice.ended_at is not None


def decision_of(session: Session, application_id: UUID) -> Decision | None:
    """The decision in force."""
    question = (
        select(Decision).where(Decision.application_id == application_id).order_by(col(Decision.number).desc()).limit(1)
    )
    return session.exec(question).one_or_none()


def with_certificate(session: Session, application_id: UUID) -> tuple[Decision | None, Certificate | None]:
    """The decision in force and the certificate that came out of it, in one statement."""
    question = (
        select(Decision, Certificate)
        .outerjoin(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .where(Decision.application_id == application_id)
        .order_by(col(Decision.number).desc(), col(Certificate.issued_at).desc())
        .limit(1)
    )
    found = session.exec(question).one_or_none()
    return (found[0], found[1]) if found else (None, None)


@dataclass(frozen=True)
class DecisionFile:
    """Everything a decider reads before proposing or confirming."""

    application: Application
    edition: Edition
    product: Product
    vendor: Vendor
    submission: Submission
    reviews: list[Review]  # those that count
    letters: dict[UUID, str]  # everybody who ever reviewed it
    conflicted: list[str]  # letters of reviews that count although an interest has come up
    scores: dict[UUID, dict[str, Score]]
    agreed: dict[str, AgreedScore]
    before: dict[str, verdicts.Score]  # of a surveillance: the last scores of what is not looked at again
    verdict: Verdict
    text: Recommendation | None
    findings: list[Finding]
    proposals: list[tuple[Proposal, Notice | None]]  # newest first
    tally: Tally  # how many have to agree, who has, and who is left
    votes: dict[UUID, list[Vote]]  # by proposal
    conditions: dict[UUID, list[Condition]]  # by proposal
    decision: Decision | None
    number: str  # of the certificate, once there is one
    people: list[Concerned]
    timeline: list[TimelineRow]
    reports: list[ReportJudgement]  # accepted as independent although the register of laboratories did not

    surveyed: Surveyed | None  # of a surveillance: the certificate, and the measure of each proposal

    @property
    def profile(self) -> Profile:
        """What was handed in about the product."""
        return profile.from_dict(self.submission.content["profile"])

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that waits for the others."""
        return self.tally.proposal

    @property
    def fallen(self) -> bool:
        """Whether the last proposal waits no more because whoever made it may decide no more."""
        last = next((one for one, _ in self.proposals), None)
        return last is not None and self.proposal is None and (last.fell or last.closed_at is None)

    def asked_with(self, proposal_id: UUID) -> list[Condition]:
        """The conditions of a proposal."""
        return self.conditions.get(proposal_id, [])

    def votes_on(self, proposal_id: UUID) -> list[Vote]:
        """Every answer to a proposal, in the order they came."""
        return self.votes.get(proposal_id, [])

    @property
    def notice(self) -> Notice | None:
        """The newest notice to the vendor."""
        return next((notice for _, notice in self.proposals if notice is not None), None)

    @property
    def noticed(self) -> bool:
        """Whether the vendor was told of this evaluation and its time has run."""
        again = {Action.RECOMMEND, Action.REOPEN_DECISION}
        recommended = next((row.at for row in self.timeline if row.action in again), None)
        current = self.notice is not None and (recommended is None or self.notice.given_at >= recommended)
        return current and self.notice is not None and self.notice.ended_at is not None

    @property
    def waits(self) -> Waits:
        """What happens next."""
        return waits_for(self.application.state, self.proposal, noticed=self.noticed)

    def name_of(self, person_id: UUID) -> str:
        """The name of somebody concerned."""
        return next((person.name for person in self.people if person.id == person_id), "")

    def given(self, code: str) -> list[tuple[str, Score]]:
        """The reviewers' marks of one criterion, by letter."""
        return [(r.letter, self.scores[r.id][code]) for r in self.reviews if code in self.scores[r.id]]


def file_of(session: Session, application: Application) -> DecisionFile:
    """The decision page's matter, in a fixed number of statements. Refuses (NotFound) what was never handed in."""
    edition = store.load(application.edition_id)
    submission = submissions.latest(session, application.id)
    if submission is None:
        raise NotFound
    product, vendor = product_and_vendor(session, application)
    every = reviews.ever(session, application.id)
    team = [review for review in every if review.voided_at is None]
    proposals = _proposals(session, application.id)
    ballots = votes.of_application(session, application.id)
    tally = votes.tally(session, application, [one for one, _ in proposals], ballots)
    settled, before = consensus.agreed(session, application.id), marks_before(session, application)
    scores = reviews.scores_of(session, team)
    decision, number = _outcome(session, application)
    verdict = verdicts.verdict(edition, before | marks(settled))
    return DecisionFile(
        application=application,
        edition=edition,
        product=product,
        vendor=vendor,
        submission=submission,
        reviews=team,
        letters={review.reviewer_id: review.letter for review in every},
        conflicted=[review.letter for review in reviews.conflicted(session, application)],
        scores=scores,
        agreed=settled,
        verdict=verdict,
        before=before,
        text=consensus.recommendation(session, application.id),
        findings=findings.all_of(session, application.id),
        proposals=proposals,
        tally=tally,
        votes=ballots,
        conditions=conditions.of_application(session, application.id),
        decision=decision,
        number=number,
        people=concerned(session, application),
        timeline=timeline(session, application.id),
        reports=accepted_elsewhere(session, scores),
        surveyed=surveyed_by(session, application, verdict.level),
    )


def marks(agreed: Mapping[str, AgreedScore]) -> dict[str, verdicts.Score]:
    """Agreed scores as the verdict takes them."""
    return {code: _mark(score) for code, score in agreed.items()}


def _mark(score: AgreedScore) -> verdicts.Score:
    if score.not_applicable:
        return verdicts.NOT_APPLICABLE
    return verdicts.NOT_SHOWN if score.value is None else score.value


def _outcome(session: Session, application: Application) -> tuple[Decision | None, str]:
    question = (
        select(Decision, Certificate.number)
        .outerjoin(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .where(Decision.application_id == application.id)
        .order_by(col(Decision.number).desc())
        .limit(1)
    )
    row = session.exec(question).one_or_none()
    return (row[0], row[1] or "") if row else (None, "")


def _proposals(session: Session, application_id: UUID) -> list[tuple[Proposal, Notice | None]]:
    question = (
        select(Proposal, Notice)
        .outerjoin(Notice, col(Notice.proposal_id) == col(Proposal.id))
        .where(Proposal.application_id == application_id)
        .order_by(col(Proposal.number).desc())
    )
    return [(proposal, notice) for proposal, notice in session.exec(question).all()]
