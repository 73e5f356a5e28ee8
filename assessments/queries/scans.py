"""Questions about files that the scanner has not passed: which are due, which hold a submission up, which must go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.columns import is_reached
from assessments.models import Answer, AnswerEvidence, Evidence, StoredFile
from assessments.states import ScanState, ScanTrouble

UNREADABLE = (ScanState.WAITING, ScanState.QUARANTINED)
UNDECIDED = (ScanState.WAITING, ScanState.UNSCANNED)


@dataclass(frozen=True)
class Held:
    """A file that an answer uses and nobody may read."""

    criterion: str
    title: str
    scan: ScanState
    trouble: ScanTrouble | None


def due(session: Session, moment: datetime, limit: int) -> list[StoredFile]:
    """The files to scan now: those somebody waits for first, then those that came while there was no scanner."""
    question = (
        select(StoredFile)
        .where(col(StoredFile.scan).in_(UNDECIDED), is_reached(col(StoredFile.scan_due_at), moment))
        .order_by(col(StoredFile.scan).desc(), col(StoredFile.scan_due_at), col(StoredFile.id))
        .limit(limit)
    )
    return list(session.exec(question).all())


def with_bytes(session: Session, sha256: str) -> list[StoredFile]:
    """Every row that stands for the same bytes and is not in quarantine yet, held until the transaction ends."""
    question = (
        select(StoredFile)
        .where(StoredFile.sha256 == sha256, StoredFile.scan != ScanState.QUARANTINED)
        .order_by(col(StoredFile.id))
        .with_for_update()
    )
    return list(session.exec(question).all())


def are_shut_away(session: Session, sha256: str) -> bool:
    """Whether these very bytes were found harmful, in whichever library."""
    question = select(StoredFile.id).where(StoredFile.sha256 == sha256, StoredFile.scan == ScanState.QUARANTINED)
    return session.exec(question.limit(1)).first() is not None


def held(session: Session, application_id: UUID) -> list[Held]:
    """The files of an application's present answers that nobody may read, by criterion."""
    question = (
        select(Answer.criterion, Evidence.title, StoredFile.scan, StoredFile.scan_trouble)
        .join(AnswerEvidence, col(AnswerEvidence.answer_id) == col(Answer.id))
        .join(Evidence, col(Evidence.id) == col(AnswerEvidence.evidence_id))
        .join(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(
            Answer.application_id == application_id,
            col(Evidence.removed_at).is_(None),
            col(StoredFile.scan).in_(UNREADABLE),
        )
        .order_by(col(Answer.criterion), col(Evidence.title))
    )
    return [Held(*row) for row in session.exec(question).all()]


def quarantined_before(session: Session, moment: datetime) -> list[StoredFile]:
    """The files in quarantine since before a moment whose bytes are still there."""
    question = (
        select(StoredFile)
        .where(
            StoredFile.scan == ScanState.QUARANTINED,
            col(StoredFile.erased_at).is_(None),
            col(StoredFile.scanned_at) < moment,
        )
        .order_by(col(StoredFile.id))
    )
    return list(session.exec(question).all())
