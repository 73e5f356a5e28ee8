"""Questions about a vendor's answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from assessments.models import Answer, AnswerEvidence, AnswerText, Evidence, Replacement, StoredFile
from assessments.states import ScanState


@dataclass(frozen=True)
class AnswerSummary:
    """How far one answer has come: whether a claim stands, and how many pieces of evidence back it."""

    claim: bool
    not_applicable: bool
    evidence: int
    saved_at: datetime | None = None


def summary(session: Session, application_id: UUID) -> dict[str, AnswerSummary]:
    """Every answer of an application by criterion code, in one statement."""
    question = (
        select(Answer, func.count(col(Evidence.id)))
        .outerjoin(AnswerEvidence, col(AnswerEvidence.answer_id) == col(Answer.id))
        .outerjoin(
            Evidence,
            (col(Evidence.id) == col(AnswerEvidence.evidence_id)) & col(Evidence.removed_at).is_(None),
        )
        .where(Answer.application_id == application_id)
        .group_by(col(Answer.id))
    )
    return {
        answer.criterion: AnswerSummary(bool(answer.claim.strip()), answer.not_applicable, count, answer.saved_at)
        for answer, count in session.exec(question).all()
    }


def answer_to(session: Session, application_id: UUID, criterion: str) -> Answer | None:
    """The answer to one criterion, if anything was saved."""
    question = select(Answer).where(Answer.application_id == application_id, Answer.criterion == criterion)
    return session.exec(question).one_or_none()


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as a page or a snapshot shows it; `file` is empty for a link."""

    evidence: Evidence
    file: StoredFile | None


def evidence_for(session: Session, answer_id: UUID) -> list[Piece]:
    """The evidence attached to one answer, first attached first."""
    question = (
        select(Evidence, StoredFile)
        .join(AnswerEvidence, col(AnswerEvidence.evidence_id) == col(Evidence.id))
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(AnswerEvidence.answer_id == answer_id, col(Evidence.removed_at).is_(None))
        .order_by(col(AnswerEvidence.added_at), col(Evidence.title))
    )
    return [Piece(evidence, file) for evidence, file in session.exec(question).all()]


def evidence_by_criterion(session: Session, application_id: UUID) -> dict[str, list[Piece]]:
    """Criterion code -> the evidence attached to its answer, in one statement."""
    question = (
        select(Answer.criterion, Evidence, StoredFile)
        .join(AnswerEvidence, col(AnswerEvidence.answer_id) == col(Answer.id))
        .join(Evidence, col(Evidence.id) == col(AnswerEvidence.evidence_id))
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Answer.application_id == application_id, col(Evidence.removed_at).is_(None))
        .order_by(col(AnswerEvidence.added_at), col(Evidence.title))
    )
    found: dict[str, list[Piece]] = {}
    for code, evidence, file in session.exec(question).all():
        found.setdefault(code, []).append(Piece(evidence, file))
    return found


def library_of(session: Session, vendor_id: UUID) -> list[Piece]:
    """What a company has in its library and may use, newest first: not what was found harmful."""
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id))
        .where(
            Evidence.vendor_id == vendor_id,
            col(Evidence.removed_at).is_(None),
            col(Replacement.old_id).is_(None),  # earlier versions are not offered any more
            or_(col(StoredFile.id).is_(None), col(StoredFile.scan) != ScanState.QUARANTINED),
        )
        .order_by(col(Evidence.attested_at).desc())
    )
    return [Piece(evidence, file) for evidence, file in session.exec(question).all()]


def answers_of(session: Session, application_id: UUID) -> dict[str, Answer]:
    """Every answer of an application by criterion code."""
    question = select(Answer).where(Answer.application_id == application_id)
    return {answer.criterion: answer for answer in session.exec(question).all()}


def earlier_texts(session: Session, answer: Answer) -> list[AnswerText]:
    """What stood there before the present text, newest first."""
    question = (
        select(AnswerText)
        .where(AnswerText.answer_id == answer.id, AnswerText.version < answer.version)
        .order_by(col(AnswerText.version).desc())
    )
    return list(session.exec(question).all())
