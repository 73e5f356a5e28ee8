"""Questions about a company's evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import String, cast, func, type_coerce
from sqlmodel import Session, col, select

from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    Evidence,
    EvidenceAccess,
    Receipt,
    StoredFile,
    Submission,
)
from assessments.states import State

EXPIRING_DAYS = 30  # so long before its end evidence is called expiring


@dataclass(frozen=True)
class Use:
    """One answer that evidence backs, and whether its vendor is still writing there."""

    ref: str
    criterion: str
    drafting: bool = True


@dataclass(frozen=True)
class Item:
    """One piece of a company's library, and what it is used for now."""

    evidence: Evidence
    file: StoredFile | None
    uses: list[Use] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The host of a link; "" for a file."""
        return urlsplit(self.evidence.url or "").hostname or ""

    def validity(self, day: date) -> str:
        """How the evidence stands on a legal day: "expired", "expiring" or ""."""
        until = self.evidence.valid_until
        if until is None or (until - day).days > EXPIRING_DAYS:
            return ""
        return "expired" if until < day else "expiring"


def library(session: Session, vendor_id: UUID, *, removed: bool = False) -> list[Item]:
    """A company's evidence, newest first, each with its uses: two statements, however much there is.

    `removed` adds what was taken out of the library and is kept for a submission.
    """
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.vendor_id == vendor_id)
        .order_by(col(Evidence.attested_at).desc(), col(Evidence.id))
    )
    rows = session.exec(question if removed else question.where(col(Evidence.removed_at).is_(None))).all()
    uses = _uses(session, vendor_id)
    return [Item(evidence, file, uses.get(evidence.id, [])) for evidence, file in rows]


def _uses(session: Session, vendor_id: UUID) -> dict[UUID, list[Use]]:
    rows = session.exec(
        select(AnswerEvidence.evidence_id, Application.ref, Answer.criterion, Application.state)
        .join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
        .join(Application, col(Application.id) == col(Answer.application_id))
        .where(Application.vendor_id == vendor_id)
        .order_by(col(Application.ref), col(Answer.criterion))
    ).all()
    uses: dict[UUID, list[Use]] = {}
    for evidence_id, ref, criterion, state in rows:
        uses.setdefault(evidence_id, []).append(Use(ref, criterion, state in (State.DRAFT, State.RETURNED)))
    return uses


def used_for(session: Session, evidence_id: UUID) -> list[Use]:
    """The answers, of any state, that one piece of evidence backs now."""
    rows = session.exec(
        select(Application.ref, Answer.criterion)
        .join(Answer, col(Answer.application_id) == col(Application.id))
        .join(AnswerEvidence, col(AnswerEvidence.answer_id) == col(Answer.id))
        .where(AnswerEvidence.evidence_id == evidence_id)
        .order_by(col(Application.ref), col(Answer.criterion))
    ).all()
    return [Use(ref, criterion) for ref, criterion in rows]


def piece(session: Session, vendor_id: UUID, evidence_id: UUID) -> Item | None:
    """One piece of a company's evidence with its file, removed or not; None when it is not theirs."""
    row = session.exec(
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.id == evidence_id, Evidence.vendor_id == vendor_id)
    ).one_or_none()
    return None if row is None else Item(row[0], row[1])


def is_attached(session: Session, application_id: UUID, evidence_id: UUID) -> bool:
    """Whether the vendor's present answers of an application use the evidence."""
    question = (
        select(AnswerEvidence.answer_id)
        .join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
        .where(Answer.application_id == application_id, AnswerEvidence.evidence_id == evidence_id)
    )
    return session.exec(question).first() is not None


def is_submitted(session: Session, evidence_id: UUID, application_id: UUID | None = None) -> bool:
    """Whether a snapshot (of one application, or any) holds the evidence: what the club has seen stays."""
    text = cast(type_coerce(Submission.content, String), String)
    question = select(Submission.content).where(text.contains(str(evidence_id)))
    if application_id is not None:
        question = question.where(Submission.application_id == application_id)
    return any(str(evidence_id) in _pieces(content) for content in session.exec(question))


def submitted_by(session: Session, vendor_id: UUID) -> set[str]:
    """The ids of every piece that a snapshot of the company's applications holds, one snapshot at a time."""
    question = (
        select(Submission.content)
        .join(Application, col(Application.id) == col(Submission.application_id))
        .where(Application.vendor_id == vendor_id)
        .execution_options(yield_per=1)
    )
    return {piece for content in session.exec(question) for piece in _pieces(content)}


def _pieces(content: Mapping[str, Any]) -> set[str]:
    answers = content.get("answers", {}).values()
    return {piece["id"] for answer in answers for piece in answer.get("evidence", ())}


def stored_elsewhere(session: Session, names: Iterable[str]) -> set[str]:
    """Which of these sha256 some row still needs: an upload that is not erased, or a receipt."""
    wanted = list(names)
    uploads = select(StoredFile.sha256).where(col(StoredFile.sha256).in_(wanted), col(StoredFile.erased_at).is_(None))
    receipts = select(Receipt.sha256).where(col(Receipt.sha256).in_(wanted))
    return {*session.exec(uploads.distinct()), *session.exec(receipts)}


def has_read(session: Session, person_id: UUID, evidence_id: UUID, window: int) -> bool:
    """Whether the reading is already written down for this ten-minute window."""
    question = select(EvidenceAccess.id).where(
        EvidenceAccess.evidence_id == evidence_id,
        EvidenceAccess.person_id == person_id,
        EvidenceAccess.window == window,
    )
    return session.exec(question).first() is not None


def bytes_of(session: Session, vendor_id: UUID) -> int:
    """How many bytes a company's files take."""
    kept = col(StoredFile.erased_at).is_(None)
    total = session.exec(select(func.sum(StoredFile.size)).where(StoredFile.vendor_id == vendor_id, kept)).one()
    return int(total or 0)
