"""Questions about the reports behind a score: what the register says of them, and what each reviewer does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Laboratory, ReportJudgement, Review
from assessments.queries.laboratories import REPORTS, standing_of
from assessments.queries.reviews import Marks
from assessments.queries.submissions import latest
from assessments.states import Basis, LaboratoryStanding

JUDGED = (*REPORTS, "CERT")  # kinds from outside the company: what a reviewer may take for independent


@dataclass(frozen=True)
class Report:
    """One piece of a submission that a 4 may rest on: what was handed in, and what the register says of it now."""

    evidence_id: UUID
    title: str
    laboratory: str  # its name as handed in, "" where none was named
    number: str
    made_on: date | None
    standing: LaboratoryStanding
    is_file: bool
    judgement: ReportJudgement | None = None


def judged_pieces(content: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """The pieces of a submission that a 4 of a criterion may rest on."""
    answer = content.get("answers", {}).get(code, {})
    return [piece for piece in answer.get("evidence", ()) if piece["kind"] in JUDGED]


def reports_for(session: Session, review: Review, content: Mapping[str, Any], code: str) -> list[Report]:
    """The reports behind one criterion as one reviewer sees them; two statements, none where there are no reports."""
    pieces = judged_pieces(content, code)
    if not pieces:
        return []
    named = {_laboratory_id(piece) for piece in pieces} - {None}
    listed = {one.id: one for one in session.exec(select(Laboratory).where(col(Laboratory.id).in_(named))).all()}
    said = {one.evidence_id: one for one in _judgements(session, review, code)}
    categories = content["profile"].get("categories", ())
    return [_report(piece, listed, said, (code, categories)) for piece in pieces]


def _report(
    piece: Mapping[str, Any],
    listed: Mapping[UUID, Laboratory],
    said: Mapping[UUID, ReportJudgement],
    about: tuple[str, Collection[str]],
) -> Report:
    told, laboratory_id = piece.get("report", {}), _laboratory_id(piece)
    made_on = date.fromisoformat(piece["issued_on"]) if piece.get("issued_on") else None
    found = listed.get(laboratory_id) if laboratory_id else None
    evidence_id = UUID(piece["id"])
    return Report(
        evidence_id=evidence_id,
        title=piece["title"],
        laboratory=told.get("laboratory", {}).get("name", ""),
        number=told.get("number", ""),
        made_on=made_on,
        standing=standing_of(found, made_on, *about) if told else LaboratoryStanding.NOT_TOLD,
        is_file="file" in piece,
        judgement=said.get(evidence_id),
    )


def _laboratory_id(piece: Mapping[str, Any]) -> UUID | None:
    found = piece.get("report", {}).get("laboratory", {}).get("id")
    return UUID(found) if found else None


def _judgements(session: Session, review: Review, code: str) -> list[ReportJudgement]:
    question = select(ReportJudgement).where(ReportJudgement.review_id == review.id, ReportJudgement.criterion == code)
    return list(session.exec(question).all())


def accepted_by(session: Session, review: Review) -> set[str]:
    """The criteria for which a reviewer has accepted a report that the newest submission holds for them."""
    question = select(ReportJudgement).where(
        ReportJudgement.review_id == review.id, col(ReportJudgement.accepted).is_(True)
    )
    submission = latest(session, review.application_id)
    content = submission.content if submission else {}
    return {
        one.criterion
        for one in session.exec(question).all()
        if str(one.evidence_id) in {piece["id"] for piece in judged_pieces(content, one.criterion)}
    }


def accepted_elsewhere(session: Session, scores: Marks) -> list[ReportJudgement]:
    """Reports that reviewers have accepted although the register did not: what the committee should know of.

    Asked only of those who rest a score on a report; one statement, or none.
    """
    resting = [
        review_id
        for review_id, given in scores.items()
        if any(score.basis is Basis.INDEPENDENT_REPORT for score in given.values())
    ]
    if not resting:
        return []
    question = select(ReportJudgement).where(
        col(ReportJudgement.review_id).in_(resting),
        col(ReportJudgement.accepted).is_(True),
        ReportJudgement.standing != LaboratoryStanding.ACCEPTED.value,
    )
    return list(session.exec(question.order_by(ReportJudgement.criterion)).all())
