"""Questions about a vendor's answers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Answer, AnswerEvidence, Evidence


@dataclass(frozen=True)
class AnswerSummary:
    """How far one answer has come: whether a claim stands, and how many pieces of evidence back it."""

    claim: bool
    not_applicable: bool
    evidence: int


def summary(session: Session, application_id: UUID) -> dict[str, AnswerSummary]:
    """Every answer of an application by criterion code, in one statement."""
    question = (
        select(Answer.criterion, Answer.claim, Answer.not_applicable, func.count(col(Evidence.id)))
        .outerjoin(AnswerEvidence, col(AnswerEvidence.answer_id) == col(Answer.id))
        .outerjoin(
            Evidence,
            (col(Evidence.id) == col(AnswerEvidence.evidence_id)) & col(Evidence.removed_at).is_(None),
        )
        .where(Answer.application_id == application_id)
        .group_by(col(Answer.criterion), col(Answer.claim), col(Answer.not_applicable))
    )
    return {
        code: AnswerSummary(bool(claim.strip()), not_applicable, count)
        for code, claim, not_applicable, count in session.exec(question).all()
    }


def answer_to(session: Session, application_id: UUID, criterion: str) -> Answer | None:
    """The answer to one criterion, if anything was saved."""
    question = select(Answer).where(Answer.application_id == application_id, Answer.criterion == criterion)
    return session.exec(question).one_or_none()
