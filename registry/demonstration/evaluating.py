"""Scenes of office and reviewers: the completeness check, the team, scores, findings, the recommendation."""

from assessments import assignments, clock, consensus, declarations, findings, intake, measured, measurements, reviews
from assessments.assignments import Team
from assessments.consensus import Agreement, Texts
from assessments.findings import Wording
from assessments.intake import Question
from assessments.queries import consensus as agreements
from assessments.queries import findings as open_findings
from assessments.readiness import CHECKLIST
from assessments.states import Basis, RefusalReason, Severity
from assessments.workflow import on_deadline
from criteria.model import Criterion
from registry.accounts.models import User
from registry.demonstration import laboratories, marks, trying
from registry.demonstration.stage import Play

HALF = 2
UNTRIED = "Một người đang chấm thử dở; đã chấm đợt thí điểm cùng nhóm này. Trưởng nhóm xem lại từng điểm lệch."


def accept(play: Play) -> None:
    """Complete, and a team is possible."""
    intake.accept(play.session, play.office, play.file, CHECKLIST)


def return_(play: Play) -> None:
    """Give it back with questions."""
    questions = [Question(code, text) for code, text in play.fiction.questions]
    intake.return_(play.session, play.office, play.file, questions)


def refuse(play: Play) -> None:
    """Do not take it, for a coded reason."""
    reason, note = play.fiction.refusal
    intake.refuse(play.session, play.office, play.file, RefusalReason(reason), note)


def lapse(play: Play) -> None:
    """The clock closes what was not completed in time."""
    on_deadline(play.session, play.file)


def assign(play: Play) -> None:
    """Two reviewers, the first one leads."""
    team = tuple(play.person(login).id for login in play.fiction.team)
    due_on = clock.legal_day(clock.deadline(play.stage.edition.periods.review_days))
    assignments.assign(play.session, play.office, play.file, Team(team, team[0], due_on, UNTRIED))


def declare_lead(play: Play) -> None:
    """The lead has no interest in the company."""
    declarations.declare(play.session, _lead(play), play.file, False)  # noqa: FBT003  the answer, not a switch


def declare_other(play: Play) -> None:
    """Nor has the other reviewer."""
    declarations.declare(play.session, _other(play), play.file, False)  # noqa: FBT003  the answer, not a switch


def review_half(play: Play) -> None:
    """The lead is half through."""
    _score(play, _lead(play), play.criteria[: len(play.criteria) // HALF])
    trying.ask(play, _lead(play))


def review_lead(play: Play) -> None:
    """The lead scores everything and is final."""
    _score(play, _lead(play), play.criteria)
    reviews.finish(play.session, _lead(play), play.file)


def review_other(play: Play) -> None:
    """So does the other reviewer; whoever comes last opens the consensus."""
    _score(play, _other(play), play.criteria)
    reviews.finish(play.session, _other(play), play.file)


def ask_correction(play: Play) -> None:
    """Write the findings of the story and put them to the vendor."""
    for code, severity, text in play.fiction.findings:
        wording = Wording(Severity(severity), text)
        findings.raise_finding(play.session, _lead(play), play.file, code, wording)
    findings.ask_correction(play.session, _lead(play), play.file)


def close_findings(play: Play) -> None:
    """What was answered well is closed."""
    for finding in open_findings.still_open(play.session, play.file.id):
        findings.close(play.session, _lead(play), play.file, finding.id, "Đã kiểm lại trên bản mới, đạt.")


def settle_equal(play: Play) -> None:
    """Take over what both say alike; the rest is still to be talked about."""
    consensus.agree_where_equal(play.session, _lead(play), play.file)


def settle(play: Play) -> None:
    """Agree everywhere and write the public summary."""
    settle_equal(play)
    settled = agreements.agreed(play.session, play.file.id)
    for criterion in play.criteria:
        if criterion.code not in settled:
            reason = marks.RECONCILED if criterion.code == play.fiction.spread else ""
            agreement = Agreement(marks.agreed(play.fiction, criterion), reason)
            consensus.agree(play.session, _lead(play), play.file, criterion.code, agreement, 0)
    texts = Texts(*play.fiction.summary, play.fiction.limits)
    consensus.write_recommendation(play.session, _lead(play), play.file, texts, 0)
    _judge_figures(play)


def _judge_figures(play: Play) -> None:
    """What the club measured itself was repeated, the rest found in the evidence."""
    said = {"club": measured.REPEATED}
    figures = measurements.figures_of(play.session, play.file)
    found = {measured.key_of(one): said.get(one["measured_by"], measured.SHOWN) for one in figures}
    before = measurements.fingerprint(agreements.recommendation(play.session, play.file.id))
    measurements.judge(play.session, _lead(play), play.file, found, before)


def ask_facts(play: Play) -> None:
    """Let the vendor read the summary."""
    consensus.ask_facts_check(play.session, _lead(play), play.file)


def recommend(play: Play) -> None:
    """Put the file before the committee."""
    consensus.recommend(play.session, _lead(play), play.file)


def _score(play: Play, reviewer: User, criteria: list[Criterion]) -> None:
    choose = marks.agreed if reviewer is _lead(play) else marks.second
    for criterion in criteria:
        marking = marks.marking(play.fiction, criterion, choose(play.fiction, criterion))
        reviews.save_score(play.session, reviewer, play.file, criterion.code, marking, 0)
        if marking.basis is Basis.INDEPENDENT_REPORT:
            laboratories.judge(play, reviewer, criterion.code)
    trying.write_down(play, reviewer, criteria)


def _lead(play: Play) -> User:
    return play.person(play.fiction.team[0])


def _other(play: Play) -> User:
    return play.person(play.fiction.team[1])
