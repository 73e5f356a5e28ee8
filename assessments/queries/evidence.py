"""Questions about a company's evidence."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import String, cast, func, or_, type_coerce
from sqlmodel import Session, col, select

from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    CertificatePaper,
    Evidence,
    EvidenceAccess,
    Minutes,
    Receipt,
    RenderedPage,
    Replacement,
    SituationReport,
    StoredFile,
    Submission,
)
from assessments.queries.uploads import bytes_announced
from assessments.states import State

REPORT_FILES = (col(SituationReport.vi_sha256), col(SituationReport.en_sha256))
EXPIRING_DAYS = 30  # so long before its end evidence is called expiring


def validity(until: date | None, day: date) -> str:
    """How something dated stands on a legal day: "expired", "expiring" or ""."""
    if until is None or (until - day).days > EXPIRING_DAYS:
        return ""
    return "expired" if until < day else "expiring"


@dataclass(frozen=True)
class Use:
    """One answer that evidence backs, and whether its vendor is still writing there."""

    ref: str
    criterion: str
    drafting: bool = True


@dataclass(frozen=True)
class HandedIn:
    """One submission that holds a piece, and for which criteria."""

    ref: str
    number: int
    at: datetime
    criteria: list[str]


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
        return validity(self.evidence.valid_until, day)


def library(session: Session, vendor_id: UUID, *, removed: bool = False) -> list[Item]:
    """A company's evidence, newest first, each with its uses: two statements, however much there is.

    Earlier versions stand behind the piece that took their place. `removed` adds them, and what was taken out of the
    library and is kept for a submission.
    """
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.vendor_id == vendor_id)
        .order_by(col(Evidence.attested_at).desc(), col(Evidence.id))
    )
    current = question.outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id)).where(
        col(Evidence.removed_at).is_(None), col(Replacement.old_id).is_(None)
    )
    rows = session.exec(question if removed else current).all()
    uses = uses_of(session, vendor_id)
    return [Item(evidence, file, uses.get(evidence.id, [])) for evidence, file in rows]


def uses_of(session: Session, vendor_id: UUID, ids: Collection[UUID] | None = None) -> dict[UUID, list[Use]]:
    """Which answers use which pieces of a company: all of them, or those named."""
    question = (
        select(AnswerEvidence.evidence_id, Application.ref, Answer.criterion, Application.state)
        .join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
        .join(Application, col(Application.id) == col(Answer.application_id))
        .where(Application.vendor_id == vendor_id)
        .order_by(col(Application.ref), col(Answer.criterion))
    )
    if ids is not None:
        question = question.where(col(AnswerEvidence.evidence_id).in_(ids))
    uses: dict[UUID, list[Use]] = {}
    for evidence_id, ref, criterion, state in session.exec(question).all():
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


@dataclass(frozen=True)
class Attached:
    """One answer that uses a piece, with the row that says so."""

    link: AnswerEvidence
    answer: Answer
    application: Application


def attached_to(session: Session, evidence_id: UUID) -> list[Attached]:
    """Every answer that uses a piece; the applications are held until the transaction ends."""
    rows = session.exec(
        select(AnswerEvidence, Answer, Application)
        .join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
        .join(Application, col(Application.id) == col(Answer.application_id))
        .where(AnswerEvidence.evidence_id == evidence_id)
        .order_by(col(Application.ref))
        .with_for_update()
    ).all()
    return [Attached(*row) for row in rows]


def replacement_of(session: Session, evidence_id: UUID) -> UUID | None:
    """The piece that took the place of another; None while nothing did."""
    return session.exec(select(Replacement.new_id).where(Replacement.old_id == evidence_id)).one_or_none()


def newest_of(session: Session, vendor_id: UUID) -> dict[UUID, UUID]:
    """For every piece of a company that another has replaced: the one that stands in its place now."""
    question = (
        select(Replacement.old_id, Replacement.new_id)
        .join(Evidence, col(Evidence.id) == col(Replacement.old_id))
        .where(Evidence.vendor_id == vendor_id)
    )
    following = dict(session.exec(question).all())
    found = {}
    for old in following:
        at, passed = old, {old}
        while (newer := following.get(at)) is not None and newer not in passed:
            passed.add(newer)
            at = newer
        found[old] = at
    return found


def versions(session: Session, vendor_id: UUID, evidence_id: UUID) -> list[Item]:
    """A piece and what stood in its place before, newest first; of the company's evidence only."""
    before = dict(
        session.exec(
            select(Replacement.new_id, Replacement.old_id)
            .join(Evidence, col(Evidence.id) == col(Replacement.old_id))
            .where(Evidence.vendor_id == vendor_id)
        ).all()
    )
    ids, at = [], evidence_id
    while at is not None and at not in ids:
        ids.append(at)
        at = before.get(at)  # type: ignore[assignment]  # None ends the chain
    rows = session.exec(
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.vendor_id == vendor_id, col(Evidence.id).in_(ids))
    ).all()
    found = {evidence.id: Item(evidence, file) for evidence, file in rows}
    return [found[one] for one in ids if one in found]


def handed_in_with(session: Session, vendor_id: UUID, ids: Iterable[UUID]) -> dict[UUID, list[HandedIn]]:
    """Where pieces of a company were handed in: application, number of the submission, criteria; oldest first."""
    wanted = {str(one): one for one in ids}
    text = cast(type_coerce(Submission.content, String), String)
    rows = session.exec(
        select(Application.ref, Submission.number, Submission.submitted_at, Submission.content)
        .join(Submission, col(Submission.application_id) == col(Application.id))
        .where(Application.vendor_id == vendor_id, or_(*(text.contains(one) for one in wanted)))
        .order_by(col(Submission.submitted_at))
    ).all()
    found: dict[UUID, list[HandedIn]] = {}
    for ref, number, at, content in rows:
        for piece_id, codes in _codes_by_piece(content).items():
            if piece_id in wanted:
                found.setdefault(wanted[piece_id], []).append(HandedIn(ref, number, at, codes))
    return found


def _codes_by_piece(content: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, answer in content.get("answers", {}).items():
        for one in answer.get("evidence", ()):
            found.setdefault(one["id"], []).append(code)
    return found


def criteria_with(content: Mapping[str, Any], evidence_id: UUID) -> list[str]:
    """The codes of the criteria that a piece was handed in for, by the content of a submission."""
    return _codes_by_piece(content).get(str(evidence_id), [])


def same_bytes(session: Session, vendor_id: UUID, sha256: str) -> Evidence | None:
    """The piece of a company's library that has these very bytes; the newest, if there are several."""
    question = (
        select(Evidence)
        .join(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id))
        .where(
            Evidence.vendor_id == vendor_id,
            StoredFile.sha256 == sha256,
            col(Evidence.removed_at).is_(None),
            col(Replacement.old_id).is_(None),
        )
        .order_by(col(Evidence.attested_at).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


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
    return set(_codes_by_piece(content))


def stored_elsewhere(session: Session, names: Iterable[str]) -> set[str]:
    """Which of these sha256 some row still needs: an upload that is not erased, a document or a picture."""
    wanted = list(names)
    uploads = select(StoredFile.sha256).where(col(StoredFile.sha256).in_(wanted), col(StoredFile.erased_at).is_(None))
    receipts = select(Receipt.sha256).where(col(Receipt.sha256).in_(wanted))
    minutes = select(col(Minutes.sha256)).where(col(Minutes.sha256).in_(wanted))
    unnamed = select(col(Minutes.masked_sha256)).where(col(Minutes.masked_sha256).in_(wanted))
    papers = select(CertificatePaper.sha256).where(col(CertificatePaper.sha256).in_(wanted))
    pictures = select(RenderedPage.image_sha256).where(col(RenderedPage.image_sha256).in_(wanted))
    reports = [select(sha256).where(sha256.in_(wanted)) for sha256 in REPORT_FILES]
    questions: tuple[Any, ...] = (uploads, receipts, minutes, unnamed, papers, pictures, *reports)
    found = (name for question in questions for name in session.exec(question.distinct()))
    return {name for name in found if name is not None}


def has_read(session: Session, person_id: UUID, evidence_id: UUID, window: int) -> bool:
    """Whether the reading is already written down for this ten-minute window."""
    question = select(EvidenceAccess.id).where(
        EvidenceAccess.evidence_id == evidence_id,
        EvidenceAccess.person_id == person_id,
        EvidenceAccess.window == window,
    )
    return session.exec(question).first() is not None


def bytes_of(session: Session, vendor_id: UUID) -> int:
    """How many bytes a company's files take, and will take when what is under way has arrived."""
    kept = col(StoredFile.erased_at).is_(None)
    total = session.exec(select(func.sum(StoredFile.size)).where(StoredFile.vendor_id == vendor_id, kept)).one()
    return int(total or 0) + bytes_announced(session, vendor_id)
