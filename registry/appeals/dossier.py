"""The file of an evaluation as those who hear an appeal read it: scores by letter, no name of anybody."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments.models import AgreedScore, Application, Finding, Recommendation, Review, Score, Submission
from assessments.queries import consensus, decisions, findings, reviews, submissions
from assessments.queries.marks import marks_before
from criteria import store
from criteria.model import Edition
from criteria.verdict import Verdict, verdict


@dataclass(frozen=True)
class Dossier:
    """What was handed in, scored, agreed and found; everybody who scored is a letter."""

    application: Application
    edition: Edition
    submission: Submission
    reviews: list[Review]
    scores: dict[UUID, dict[str, Score]]
    agreed: dict[str, AgreedScore]
    verdict: Verdict
    text: Recommendation | None
    findings: list[Finding]
    notice: tuple[str, str, str]  # reasons vi and en of the notice before a decline, and the company's comment

    def given(self, code: str) -> list[tuple[str, Score]]:
        """The reviewers' marks of one criterion, by letter."""
        return [(r.letter, self.scores[r.id][code]) for r in self.reviews if code in self.scores[r.id]]


def of(session: Session, application: Application) -> Dossier | None:
    """The file of an application, in a fixed number of statements; None where nothing was handed in."""
    submission = submissions.latest(session, application.id)
    if submission is None:
        return None
    team = [one for one in reviews.active(session, application.id) if one.final_at]
    edition = store.load(application.edition_id)
    settled = consensus.agreed(session, application.id)
    notice = decisions.latest_notice(session, application.id)
    return Dossier(
        application=application,
        edition=edition,
        submission=submission,
        reviews=sorted(team, key=lambda one: one.letter),
        scores=reviews.scores_of(session, team),
        agreed=settled,
        verdict=verdict(edition, marks_before(session, application) | decisions.marks(settled)),
        text=consensus.recommendation(session, application.id),
        findings=findings.all_of(session, application.id),
        notice=(notice.reasons_vi, notice.reasons_en, notice.comment) if notice else ("", "", ""),
    )
