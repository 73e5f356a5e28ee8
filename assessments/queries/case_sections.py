"""Sections of a case file that are more than the rows of one table, from questions to the ruling on an appeal."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import col, select

from assessments.models import (
    Appeal,
    AppealRuling,
    AppealStep,
    Condition,
    ConditionReminder,
    ConsensusRemark,
    Decision,
    Hearing,
    HistoryEntry,
    Laboratory,
    LaboratoryReport,
    Minutes,
    Note,
    Proposal,
    ProposedMeasure,
    Question,
    ReportJudgement,
    Review,
    Score,
    ScoreVersion,
    StoredFile,
    TestRecord,
    TestRecordFile,
    Vote,
)

if TYPE_CHECKING:
    from assessments.queries.cases import Case

SCANNER = frozenset({"signature"})  # what the scanner calls a file: for the office only


def questions(case: "Case") -> Any:
    """What reviewers asked the company by letter, and its answers: the company has read both."""
    found = select(Question, Review.letter).join(Review, col(Review.id) == col(Question.review_id))
    ordered = found.where(Question.application_id == case.application.id).order_by(col(Question.asked_at))
    return _lettered(case, ordered)


def test_records(case: "Case") -> Any:
    """What reviewers tried themselves; the files of each test lie beside."""
    found = select(TestRecord, Review.letter).join(Review, col(Review.id) == col(TestRecord.review_id))
    mine = found.where(Review.application_id == case.application.id)
    files = (
        select(TestRecordFile.record_id, TestRecordFile.number, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(TestRecordFile.file_id))
        .join(TestRecord, col(TestRecord.id) == col(TestRecordFile.record_id))
        .join(Review, col(Review.id) == col(TestRecord.review_id))
        .where(Review.application_id == case.application.id)
        .order_by(col(TestRecordFile.number))
    )
    kept: dict[UUID, list[tuple[int, StoredFile]]] = {}
    for record_id, number, file in case.session.exec(files).all():
        kept.setdefault(record_id, []).append((number, file))
    return [
        {
            **case.row(one),
            "letter": letter,
            "files": [_file(case, f"{letter}-{one.number}-{number}", file) for number, file in kept.get(one.id, ())],
        }
        for one, letter in case.session.exec(mine.order_by(col(Review.letter), col(TestRecord.number))).all()
    ]


def _file(case: "Case", name: str, file: StoredFile) -> dict[str, Any]:
    entry = f"tests/{name}/{file.name.replace('/', '_')}"
    if file.readable:
        case.files[entry] = file.sha256
    else:
        case.missing.append(entry)
    return {**case.row(file, SCANNER), "entry": entry}


def notes(case: "Case") -> Any:
    """What reviewers noted on pages of evidence, by letter."""
    found = select(Note, Review.letter).join(Review, col(Review.id) == col(Note.review_id))
    mine = found.where(Review.application_id == case.application.id)
    return _lettered(case, mine.order_by(col(Note.criterion), col(Review.letter), col(Note.saved_at)))


def score_versions(case: "Case") -> Any:
    """The earlier texts of scores, by letter."""
    found = (
        select(ScoreVersion, Review.letter)
        .join(Score, col(Score.id) == col(ScoreVersion.score_id))
        .join(Review, col(Review.id) == col(Score.review_id))
        .where(Review.application_id == case.application.id)
        .order_by(col(Review.letter), col(Score.criterion), col(ScoreVersion.version))
    )
    return _lettered(case, found)


def laboratory_reports(case: "Case") -> Any:
    """Which laboratory made the reports among the evidence of the submissions, as the company says."""
    found = (
        select(LaboratoryReport, Laboratory)
        .outerjoin(Laboratory, col(Laboratory.id) == col(LaboratoryReport.laboratory_id))
        .where(col(LaboratoryReport.evidence_id).in_(case.pieces()))
        .order_by(col(LaboratoryReport.evidence_id))
    )
    return [
        {**case.row(report), "laboratory": case.row(laboratory) if laboratory else None}
        for report, laboratory in case.session.exec(found).all()
    ]


def report_judgements(case: "Case") -> Any:
    """What reviewers say of those reports, by letter."""
    found = select(ReportJudgement, Review.letter).join(Review, col(Review.id) == col(ReportJudgement.review_id))
    mine = found.where(Review.application_id == case.application.id)
    return _lettered(case, mine.order_by(col(ReportJudgement.criterion), col(Review.letter)))


def votes(case: "Case") -> Any:
    """Every answer to a proposal, in the order they came."""
    found = select(Vote, Proposal.number).join(Proposal, col(Proposal.id) == col(Vote.proposal_id))
    mine = found.where(Proposal.application_id == case.application.id)
    return [{**case.row(vote), "proposal": number} for vote, number in case.session.exec(mine.order_by(col(Vote.at)))]


def measures(case: "Case") -> Any:
    """What each proposal about a surveillance said besides yes or no."""
    found = select(ProposedMeasure, Proposal.number).join(
        Proposal, col(Proposal.id) == col(ProposedMeasure.proposal_id)
    )
    mine = found.where(Proposal.application_id == case.application.id).order_by(col(Proposal.number))
    return [{**case.row(measure), "proposal": number} for measure, number in case.session.exec(mine)]


def conditions(case: "Case") -> Any:
    """The conditions of every proposal, with the reminders that were sent."""
    sent = (
        select(ConditionReminder)
        .join(Condition, col(Condition.id) == col(ConditionReminder.condition_id))
        .where(Condition.application_id == case.application.id)
        .order_by(col(ConditionReminder.sent_at))
    )
    reminders = case.session.exec(sent).all()
    found = (
        select(Condition, Proposal.number)
        .join(Proposal, col(Proposal.id) == col(Condition.proposal_id))
        .where(Condition.application_id == case.application.id)
        .order_by(col(Proposal.number), col(Condition.number))
    )
    return [
        {
            **case.row(one),
            "proposal": number,
            "reminders": [case.row(other) for other in reminders if other.condition_id == one.id],
        }
        for one, number in case.session.exec(found).all()
    ]


def minutes(case: "Case") -> Any:
    """The minutes, whose document lies beside, without names, as an auditor reads it."""
    found = (
        select(Minutes, Decision.number)
        .join(Decision, col(Decision.id) == col(Minutes.decision_id))
        .where(Decision.application_id == case.application.id)
        .order_by(col(Decision.number))
    )
    told = []
    for one, number in case.session.exec(found).all():
        entry = f"minutes/{case.application.ref}-{number}.pdf"
        kept = one.masked_sha256
        if kept is not None:
            case.files[entry] = kept
        people = [{name: value for name, value in person.items() if name != "name"} for person in one.people]
        told.append({**case.row(one), "number": number, "people": people, "entry": entry if kept else ""})
    return told


def appeals(case: "Case") -> Any:
    """Every appeal with its steps, who heard it, and what they ruled or proposed to."""
    mine = Appeal.application_id == case.application.id
    found = case.session.exec(select(Appeal).where(mine).order_by(col(Appeal.lodged_at))).all()
    return [
        {
            **case.row(one),
            "steps": _steps(case, one),
            "hearers": case.rows(select(Hearing).where(Hearing.appeal_id == one.id).order_by(col(Hearing.letter))),
            "rulings": case.rows(
                select(AppealRuling).where(AppealRuling.appeal_id == one.id).order_by(col(AppealRuling.number))
            ),
        }
        for one in found
    ]


def _steps(case: "Case", appeal: Appeal) -> list[dict[str, Any]]:
    found = (
        select(AppealStep, HistoryEntry.action, HistoryEntry.at)
        .join(HistoryEntry, col(HistoryEntry.seq) == col(AppealStep.seq))
        .where(AppealStep.appeal_id == appeal.id)
        .order_by(col(AppealStep.seq))
    )
    return [{**case.row(step), "action": action, "at": case.plain(at)} for step, action, at in case.session.exec(found)]


def remarks(case: "Case") -> Any:
    """What reviewers said to each other while they agreed, by letter."""
    found = select(ConsensusRemark, Review.letter).join(Review, col(Review.id) == col(ConsensusRemark.review_id))
    mine = found.where(ConsensusRemark.application_id == case.application.id)
    return _lettered(case, mine.order_by(col(ConsensusRemark.criterion), col(ConsensusRemark.written_at)))


def _lettered(case: "Case", question: Any) -> list[dict[str, Any]]:
    """Rows of which each belongs to a review: with its letter."""
    return [{**case.row(one), "letter": letter} for one, letter in case.session.exec(question).all()]
