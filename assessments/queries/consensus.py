"""Questions about agreed scores and the recommendation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import profile
from assessments.errors import N_, Missing
from assessments.models import AgreedScore, Application, ConsensusRemark, Recommendation, Review, Score, Submission
from assessments.queries import reviews
from assessments.queries.marks import marks_before
from assessments.queries.progress import within
from assessments.queries.submissions import latest
from criteria import applicability, store
from criteria import verdict as verdicts
from criteria.model import Criterion, Edition

PASS_MARK = 3  # "met": the side of the pass mark on a critical criterion
SPREAD = 2  # points between reviewers from which a reconciliation is due


@dataclass(frozen=True)
class Row:
    """One criterion of the consensus: every reviewer's score by letter, and what is agreed so far."""

    criterion: Criterion
    scores: tuple[tuple[Review, Score], ...]
    agreed: AgreedScore | None

    @property
    def spread(self) -> int:
        """Points between the lowest and the highest mark."""
        return spread(score for _, score in self.scores)

    @property
    def disputed(self) -> bool:
        """Whether a written reconciliation is due."""
        return needs_reconciliation(self.criterion, [score for _, score in self.scores], SPREAD)

    @property
    def equal(self) -> bool:
        """Whether all reviewers gave one and the same mark, "evidence does not show" being no 0."""
        return len({(one.value, one.not_shown, one.not_applicable) for _, one in self.scores}) <= 1

    @property
    def settled(self) -> bool:
        """Whether the agreed score stands, with its reconciliation where one is due."""
        return self.agreed is not None and not (self.disputed and not self.agreed.reconciliation.strip())


def agreed(session: Session, application_id: UUID) -> dict[str, AgreedScore]:
    """The agreed scores by criterion code."""
    question = select(AgreedScore).where(AgreedScore.application_id == application_id)
    return {one.criterion: one for one in session.exec(question.order_by(col(AgreedScore.criterion))).all()}


def remarks(session: Session, application_id: UUID) -> dict[str, list[tuple[str, ConsensusRemark]]]:
    """criterion code -> (letter, remark), the oldest first: for the reviewers, after all reviews are final."""
    question = (
        select(Review.letter, ConsensusRemark)
        .join(Review, col(Review.id) == col(ConsensusRemark.review_id))
        .where(ConsensusRemark.application_id == application_id)
        .order_by(col(ConsensusRemark.written_at), col(ConsensusRemark.id))
    )
    found: dict[str, list[tuple[str, ConsensusRemark]]] = {}
    for letter, row in session.exec(question).all():
        found.setdefault(row.criterion, []).append((letter, row))
    return found


def recommendation(session: Session, application_id: UUID) -> Recommendation | None:
    """The public summary and limits, as far as written."""
    return session.get(Recommendation, application_id)


def applicable_criteria(session: Session, application: Application) -> list[Criterion]:
    """The criteria that apply to what was handed in; to the draft as long as nothing was."""
    return criteria_of(application, latest(session, application.id))


def criteria_of(application: Application, submission: Submission | None) -> list[Criterion]:
    """The same, for a submission already read."""
    facts = profile.from_dict(submission.content["profile"] if submission else application.profile)
    edition = store.load(application.edition_id)
    found = applicability.applicable(edition, facts.categories, facts.flags)
    return [one.criterion for one in within(found, application.asked)]


def points(score: Score | AgreedScore) -> int | None:
    """A mark as points: "evidence does not show" counts 0, "not applicable" counts nothing."""
    if score.not_applicable:
        return None
    return 0 if score.not_shown else score.value


def spread(scores: Iterable[Score]) -> int:
    """How many points lie between the lowest and the highest mark of one criterion."""
    values = [value for value in map(points, scores) if value is not None]
    return max(values) - min(values) if values else 0


def needs_reconciliation(criterion: Criterion, scores: list[Score], limit: int) -> bool:
    """A spread of `limit` or more, sides of the pass mark on a critical criterion, or a disputed n/a."""
    values = [value for value in map(points, scores) if value is not None]
    if values and len(values) != len(scores):
        return True
    crosses = criterion.critical and bool(values) and min(values) < PASS_MARK <= max(values)
    return crosses or spread(scores) >= limit


def gaps(session: Session, application: Application, limit: int, submission: Submission | None) -> list[Missing]:
    """Criteria without an agreed score, and agreed scores without the reconciliation they need."""
    given = reviews.scores_of(session, reviews.active(session, application.id))
    settled = agreed(session, application.id)
    missing: list[Missing] = []
    for criterion in criteria_of(application, submission):
        code = criterion.code
        scores = [by_code[code] for by_code in given.values() if code in by_code]
        if code not in settled:
            missing.append(Missing(N_("Ghi điểm thống nhất của %(code)s."), f"agreed:{code}", {"code": code}))
        elif needs_reconciliation(criterion, scores, limit) and not settled[code].reconciliation.strip():
            missing.append(Missing(N_("Ghi lý do thống nhất của %(code)s."), f"agreed:{code}", {"code": code}))
    return missing


def rows(session: Session, application: Application) -> list[Row]:
    """Every criterion that applies with all scores and the agreed one, in four statements.

    The scores of everybody are in it: only for those who may see them, after all reviews are final.
    """
    team = reviews.active(session, application.id)
    given, settled = reviews.scores_of(session, team), agreed(session, application.id)
    return rows_of(applicable_criteria(session, application), team, given, settled)


def rows_of(
    criteria: Iterable[Criterion], team: Sequence[Review], given: reviews.Marks, settled: Mapping[str, AgreedScore]
) -> list[Row]:
    """The same, for scores already read."""
    return [
        Row(
            criterion,
            tuple((review, given[review.id][criterion.code]) for review in team if criterion.code in given[review.id]),
            settled.get(criterion.code),
        )
        for criterion in criteria
    ]


def claimed_not_applicable(session: Session, application: Application) -> frozenset[str]:
    """The criteria of which the vendor claims, in what was handed in, that they do not apply."""
    submission = latest(session, application.id)
    answers = submission.content.get("answers", {}) if submission else {}
    return frozenset(code for code, answer in answers.items() if answer.get("not_applicable"))


def agreed_marks(session: Session, application: Application) -> dict[str, verdicts.Score]:
    """The agreed scores as the verdict takes them; what is not agreed yet counts as not shown."""
    settled = agreed(session, application.id)
    return {
        criterion.code: _mark(settled.get(criterion.code)) for criterion in applicable_criteria(session, application)
    }


def verdict_of(session: Session, application: Application) -> verdicts.Verdict:
    """The verdict on the agreed scores by the rules of the application's edition.

    A surveillance scores a part only: of the rest the last scores stand.
    """
    found = marks_before(session, application) | agreed_marks(session, application)
    return verdicts.verdict(store.load(application.edition_id), found)


def verdict_on(
    edition: Edition, found: Iterable[Row], before: Mapping[str, verdicts.Score] | None = None
) -> verdicts.Verdict:
    """The same, for rows already read; `before`: the last scores of what was not looked at again."""
    return verdicts.verdict(edition, {**(before or {}), **{row.criterion.code: _mark(row.agreed) for row in found}})


def _mark(score: AgreedScore | None) -> verdicts.Score:
    if score is None or score.not_shown or score.value is None:
        return verdicts.NOT_APPLICABLE if score and score.not_applicable else verdicts.NOT_SHOWN
    return score.value
