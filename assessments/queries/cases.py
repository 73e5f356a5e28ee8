"""A case file: every row about an application, section by section, without the names of the club's people.

A later table is one line in SECTIONS. Who did something is told by what they are in this file (see audit.masks_of).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from assessments.models import (
    AgreedScore,
    AgreementAcceptance,
    Application,
    AuditNote,
    Basis,
    CaseExport,
    Certificate,
    CertificateEvent,
    Confirmation,
    Conflict,
    Decision,
    Declaration,
    EditionPublication,
    Evidence,
    EvidenceAccess,
    Finding,
    FindingReply,
    Notice,
    Participation,
    Product,
    Proposal,
    Receipt,
    Recommendation,
    Reliability,
    Reminder,
    Round,
    StoredFile,
    Submission,
    Surveillance,
    TestAccess,
    TestAccessReading,
    Vendor,
)
from assessments.queries import case_sections as more
from assessments.queries import reviews
from assessments.queries.audit import CLUB, Masks, masks_of
from assessments.states import CaseState

DRAFT = {"profile", "profile_version", "profile_saved_by", "profile_saved_at"}  # of a draft: the club never sees it
RUNNING = (CaseState.WAITING, CaseState.MAKING)
USER = "user"

Section = Callable[["Case"], Any]


@dataclass
class Case:
    """One application while its file is written: `final` when every review that counts is final."""

    session: Session
    application: Application
    masks: Masks
    final: bool
    files: dict[str, str] = field(default_factory=dict)  # entry in the archive -> sha256 in the storage
    missing: list[str] = field(default_factory=list)  # entries whose bytes may not leave the storage

    def row(self, one: SQLModel, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
        """A row as plain values; people are told by what they are in this file."""
        table: Any = one.__table__  # type: ignore[attr-defined]  # every table class has it
        people = {key.parent.name for key in table.foreign_keys if key.column.table.name == USER}
        return {
            column.name: self.person(value) if column.name in people else self.plain(value)
            for column in table.columns
            if column.name not in leave_out
            for value in [getattr(one, column.name)]
        }

    def person(self, person_id: UUID | None) -> str | None:
        """What somebody is in this file; None for nobody."""
        return self.masks.get(person_id, CLUB) if person_id else None

    def plain(self, value: Any) -> Any:
        """A value as JSON has it; the id of a person of this file becomes what they are."""
        if isinstance(value, UUID):
            return self.masks.get(value, str(value))
        if isinstance(value, Enum):
            return value.value
        return value.isoformat() if isinstance(value, date | datetime) else value

    def pieces(self) -> set[UUID]:
        """The ids of the evidence that the submissions hold."""
        contents = self.session.exec(
            select(Submission.content).where(Submission.application_id == self.application.id)
        ).all()
        return {
            UUID(piece["id"])
            for content in contents
            for answer in content.get("answers", {}).values()
            for piece in answer.get("evidence", ())
        }

    def rows(self, question: Any, leave_out: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Every row of a question about one table."""
        return [self.row(one, leave_out) for one in self.session.exec(question)]


def case_of(session: Session, application: Application) -> Case:
    """Begin a case file."""
    final = reviews.all_final(reviews.active(session, application.id))
    return Case(session, application, masks_of(session, application), final)


def running(session: Session, application_id: UUID) -> CaseExport | None:
    """The case file of an application that is on its way."""
    question = select(CaseExport).where(CaseExport.application_id == application_id, col(CaseExport.state).in_(RUNNING))
    return session.exec(question).one_or_none()


def exports_of(session: Session, application_id: UUID) -> list[CaseExport]:
    """Every case file that was asked for, newest first, those that are over too."""
    question = select(CaseExport).where(CaseExport.application_id == application_id)
    return list(session.exec(question.order_by(col(CaseExport.requested_at).desc())).all())


# --- how sections are made ---


def every(table: Any, *order: str, leave_out: frozenset[str] = frozenset()) -> Section:
    """A section of all rows of a table that name the application, in the order of some columns."""

    def read(case: Case) -> Any:
        columns = [col(getattr(table, name)) for name in order]
        question = select(table).where(table.application_id == case.application.id).order_by(*columns)
        return case.rows(question, leave_out)

    return read


def once_final(section: Section) -> Section:
    """A section that says nothing before every review that counts is final (procedure: blind until all are final)."""
    return lambda case: section(case) if case.final else None


def one_of(table: Any, key: str) -> Section:
    """A section of the one row that the application refers to."""

    def read(case: Case) -> Any:
        row_id = getattr(case.application, key)
        return case.row(case.session.get_one(table, row_id)) if row_id else None

    return read


# --- the sections that are more than the rows of one table ---


def application(case: Case) -> Any:
    """The application itself, without its draft: what was handed in stands in the submissions."""
    return case.row(case.application, frozenset(DRAFT))


def edition(case: Case) -> Any:
    """How the edition was published."""
    question = select(EditionPublication).where(EditionPublication.edition_id == case.application.edition_id)
    return case.rows(question)


def receipts(case: Case) -> Any:
    """The receipts, whose bytes lie beside."""
    question = (
        select(Receipt, Submission.number)
        .join(Submission, col(Submission.id) == col(Receipt.submission_id))
        .where(Submission.application_id == case.application.id)
        .order_by(col(Submission.number))
    )
    told = []
    for receipt, number in case.session.exec(question).all():
        entry = f"receipts/{case.application.ref}-{number}.pdf"
        case.files[entry] = receipt.sha256
        told.append({**case.row(receipt), "number": number, "entry": entry})
    return told


def reviews_of(case: Case) -> Any:
    """Every review by letter, the voided ones too; scores only once all are final."""
    found = reviews.ever(case.session, case.application.id)
    given: Mapping[UUID, Any] = reviews.scores_of(case.session, found) if case.final else {}
    return [
        {
            **case.row(one),
            "scores": [case.row(score) for _code, score in sorted(given[one.id].items())] if case.final else None,
        }
        for one in found
    ]


def findings(case: Case) -> Any:
    """The findings with what was sent to each; before all reviews are final only those put to the vendor."""
    question = select(Finding).where(Finding.application_id == case.application.id)
    if not case.final:
        question = question.where(col(Finding.correction_round) > 0)
    sent = select(FindingReply).join(Finding, col(Finding.id) == col(FindingReply.finding_id))
    replies = case.session.exec(
        sent.where(Finding.application_id == case.application.id).order_by(col(FindingReply.correction_round))
    ).all()
    found = case.session.exec(question.order_by(col(Finding.raised_at), Finding.criterion)).all()
    return [{**case.row(one), "sent": [case.row(r) for r in replies if r.finding_id == one.id]} for one in found]


def certificates(case: Case) -> Any:
    """What was granted, with every decision about it."""
    events = (
        select(CertificateEvent)
        .join(Certificate, col(Certificate.id) == col(CertificateEvent.certificate_id))
        .where(Certificate.application_id == case.application.id)
        .order_by(col(CertificateEvent.number))
    )
    said = case.session.exec(events).all()
    question = select(Certificate).where(Certificate.application_id == case.application.id)
    found = case.session.exec(question.order_by(col(Certificate.year), col(Certificate.serial))).all()
    return [{**case.row(one), "events": [case.row(e) for e in said if e.certificate_id == one.id]} for one in found]


def test_readings(case: Case) -> Any:
    """Who opened which of the vendor's test accounts."""
    question = (
        select(TestAccessReading)
        .join(TestAccess, col(TestAccess.id) == col(TestAccessReading.test_access_id))
        .where(TestAccess.application_id == case.application.id)
        .order_by(col(TestAccessReading.at))
    )
    return case.rows(question)


def evidence(case: Case) -> Any:
    """Every piece that a submission holds; its file lies beside, under the id of the piece."""
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(col(Evidence.id).in_(case.pieces()), Evidence.vendor_id == case.application.vendor_id)
        .order_by(col(Evidence.attested_at), col(Evidence.id))
    )
    return [_piece(case, piece, file) for piece, file in case.session.exec(question).all()]


def _piece(case: Case, piece: Evidence, file: StoredFile | None) -> dict[str, Any]:
    if file is None:
        return case.row(piece)
    entry = f"files/{piece.id}/{file.name.replace('/', '_')}"
    if file.readable:
        case.files[entry] = file.sha256
    else:
        case.missing.append(entry)
    return {**case.row(piece), "file": {**case.row(file, more.SCANNER), "entry": entry}}


SECTIONS: dict[str, Section] = {
    "application": application,
    "vendor": one_of(Vendor, "vendor_id"),
    "product": one_of(Product, "product_id"),
    "round": one_of(Round, "round_id"),
    "edition": edition,
    "agreements": every(AgreementAcceptance, "accepted_at"),
    "submissions": every(Submission, "number"),
    "receipts": receipts,
    "basis": every(Basis),
    "confirmations": every(Confirmation, "criterion"),
    "evidence": evidence,
    "laboratory_reports": more.laboratory_reports,
    "evidence_readings": every(EvidenceAccess, "at"),
    "test_access": every(TestAccess, "added_at", leave_out=frozenset({"sealed"})),
    "test_access_readings": test_readings,
    "participations": every(Participation, "part", "since"),
    "declarations": every(Declaration, "declared_at"),
    "conflicts": every(Conflict, "found_at"),
    "questions": more.questions,
    "reviews": reviews_of,
    "score_versions": once_final(more.score_versions),
    "test_records": once_final(more.test_records),
    "notes": once_final(more.notes),
    "report_judgements": once_final(more.report_judgements),
    "reliability": once_final(every(Reliability, "measured_at")),
    "remarks": once_final(more.remarks),
    "agreed_scores": once_final(every(AgreedScore, "criterion")),
    "findings": findings,
    "recommendation": once_final(every(Recommendation)),
    "proposals": every(Proposal, "number"),
    "conditions": more.conditions,
    "votes": more.votes,
    "surveillance": every(Surveillance),
    "measures": more.measures,
    "notices": every(Notice, "given_at"),
    "decisions": every(Decision, "number"),
    "minutes": more.minutes,
    "certificates": certificates,
    "reminders": every(Reminder, "sent_at"),
    "appeals": more.appeals,
    "audit_notes": every(AuditNote, "written_at"),
}

LEFT_OUT: dict[str, str] = {  # tables that belong to an application and have no section, and why
    "answer": "the company's draft: what was handed in stands in the submissions",
    "answer_text": "the same, with its earlier texts",
    "answer_evidence": "the same: which evidence the draft names",
    "evidence_change": "the same, change by change",
    "profile_text": "the same: the earlier texts of the product's profile",
    "case_export": "the case files themselves",
    "case_reading": "who took a case file: in the history",
    "history_text": "the history stands in a file of its own, with its words",
    "listing": "the public page of the certificate, made from what stands here",
    "listing_facet": "the same, for search",
    "log_entry": "public, and proved by its own page; it says no more of the certificate than stands here",
    "credential": "the signed form of the certificate, made from what stands here and public",
    "publication": "how far an event of the certificate has come on its way to the public",
    "certificate_paper": "the printed form of the certificate, made from what stands here",
    "certificate_revision": "the content before and after a reduction; what it took stands with its decision",
    "certificate_reminder": "letters before a day of the certificate's calendar: in the history",
    "change_notice": "what the company told after the decision; what came of it is a file of its own",
    "concern": "concerns of strangers about the product, and how they went: for the office, and erased in time",
    "concern_message": "the same: what was written both ways",
    "concern_opening": "the same: who opened how to reach a reporter",
    "concern_step": "the same: its steps",
    "misuse_report": "reports of strangers about the mark, with how to reach them; never about a file",
    "period": "what the catalogue showed on a day, made from what stands here",
    "complaint_step": "complaints are about the club and never about a file; they go past those who work on it",
}


def sections(case: Case) -> dict[str, Any]:
    """Every section of the file, in the order of the table."""
    return {name: section(case) for name, section in SECTIONS.items()}
