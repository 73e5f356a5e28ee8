"""Questions about what was handed in, and the content of the next snapshot."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import profile
from assessments.models import AgreementAcceptance, Answer, Application, Receipt, Submission, Vendor
from assessments.queries.answers import Piece, answers_of, evidence_by_criterion
from assessments.queries.laboratories import reports_in
from assessments.queries.progress import scope_of
from assessments.queries.renewals import Carried, later_of
from assessments.states import FOLLOWING
from criteria import store

Reports = Mapping[UUID, Mapping[str, Any]]  # evidence id -> the laboratory that made a report, and its number

VENDOR_FACTS = {
    *("name", "name_en", "address", "country", "registration_number", "representative", "website", "club_member"),
}


def has_accepted(session: Session, application_id: UUID, agreement_version: str) -> bool:
    """Whether a named person accepted this version of the agreement for this application."""
    question = select(AgreementAcceptance.id).where(
        AgreementAcceptance.application_id == application_id,
        AgreementAcceptance.agreement_version == agreement_version,
    )
    return session.exec(question).first() is not None


def acceptance_of(session: Session, application_id: UUID) -> AgreementAcceptance | None:
    """The newest acceptance of the agreement for an application."""
    question = (
        select(AgreementAcceptance)
        .where(AgreementAcceptance.application_id == application_id)
        .order_by(col(AgreementAcceptance.agreement_version).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


def all_of(session: Session, application_id: UUID) -> list[Submission]:
    """Every snapshot of an application, newest first."""
    question = (
        select(Submission).where(Submission.application_id == application_id).order_by(col(Submission.number).desc())
    )
    return list(session.exec(question).all())


def latest(session: Session, application_id: UUID) -> Submission | None:
    """The newest snapshot: what reviewers and deciders read."""
    question = (
        select(Submission)
        .where(Submission.application_id == application_id)
        .order_by(col(Submission.number).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


def evidence_ids(session: Session, application_id: UUID, code: str) -> set[str]:
    """The ids of the pieces that the newest snapshot holds for a criterion."""
    found = latest(session, application_id)
    answer = found.content.get("answers", {}).get(code, {}) if found else {}
    return {str(piece["id"]) for piece in answer.get("evidence", ())}


def until(session: Session, application_id: UUID, moment: datetime) -> Submission | None:
    """The newest snapshot handed in by a moment: what was scored then."""
    question = (
        select(Submission)
        .where(Submission.application_id == application_id, Submission.submitted_at <= moment)
        .order_by(col(Submission.number).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


def numbered(session: Session, application_id: UUID, number: int) -> Submission | None:
    """The snapshot of that number."""
    question = select(Submission).where(Submission.application_id == application_id, Submission.number == number)
    return session.exec(question).one_or_none()


def receipt_of(session: Session, submission_id: UUID) -> Receipt | None:
    """Where the receipt of a submission is kept; None until it was made."""
    return session.get(Receipt, submission_id)


def without_receipt(session: Session, limit: int, leave_out: Collection[UUID] = ()) -> list[UUID]:
    """Submissions whose receipt is still to be made, the newest first."""
    question = (
        select(Submission.id)
        .outerjoin(Receipt, col(Receipt.submission_id) == col(Submission.id))
        .where(col(Receipt.submission_id).is_(None), col(Submission.id).not_in(list(leave_out)))
        .order_by(col(Submission.submitted_at).desc())
        .limit(limit)
    )
    return list(session.exec(question).all())


def content_now(session: Session, application: Application, number: int, edition_digest: str) -> dict[str, Any]:
    """What a snapshot taken now would hold: profile, vendor, edition, agreement and the answers that count.

    Answers to criteria that do not apply stay in the draft. JSON-ready; see digest_of for its hash.
    """
    facts = profile.from_dict(application.profile)
    scope = scope_of(store.load(application.edition_id), facts, application.asked)
    given = answers_of(session, application.id)
    pieces = evidence_by_criterion(session, application.id)
    reports = reports_in(session, (piece.evidence.id for found in pieces.values() for piece in found))
    return {
        "number": number,
        "profile": json.loads(json.dumps(facts.to_dict())),
        "vendor": session.get_one(Vendor, application.vendor_id).model_dump(include=VENDOR_FACTS),
        "edition": {"id": application.edition_id, "digest": edition_digest},
        "agreement": _agreement(session, application.id),
        "answers": {code: _answer(given[code], pieces.get(code, ()), reports) for code in scope.codes if code in given},
        **_basis(session, application),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON: keys in order, no blanks, UTF-8 (the idea of RFC 8785, without floats)."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def parts(content: Mapping[str, Any]) -> dict[str, str]:
    """A short fingerprint of each part of a content: what a person has read, to be told later what has changed.

    The parts are "number", "vendor", "agreement", "profile:<field>" and "answer:<code>".
    """
    found = {"number": content["number"], "vendor": content["vendor"], "agreement": content["agreement"]}
    found |= {f"profile:{name}": value for name, value in content["profile"].items()}
    found |= {f"answer:{code}": answer for code, answer in content["answers"].items()}
    return {place: digest_of({"": value}).removeprefix("sha256:")[:10] for place, value in found.items()}


def _agreement(session: Session, application_id: UUID) -> dict[str, Any]:
    accepted = acceptance_of(session, application_id)
    if accepted is None:
        return {}
    return {
        "version": accepted.agreement_version,
        "digest": accepted.text_digest,
        "accepted_name": accepted.accepted_name,
        "accepted_at": accepted.accepted_at.isoformat(),
    }


def _basis(session: Session, application: Application) -> dict[str, Any]:
    """Of a renewal or change: the certificate, what changed, and what became of each answer of the last time."""
    later = later_of(session, application) if application.kind in FOLLOWING else None
    if later is None:
        return {}
    return {
        "basis": {
            "kind": application.kind.value,
            "certificate": later.certificate.number,
            "before": {"application": later.before.ref, "edition": later.before.edition_id},
            "changes": list(later.basis.changes),
            "note": later.basis.note,
            "carried": {row.code: _carried(row) for row in later.rows},
        }
    }


def _carried(row: Carried) -> dict[str, Any]:
    """What became of one answer, and the code it had the last time, where that was another."""
    renumbered = {"origin": row.origin} if row.origin not in {"", row.code} else {}
    return {"settled": row.settled.value, "why": [why.value for why in row.why], **renumbered}


def _answer(answer: Answer, pieces: Sequence[Piece], reports: Reports) -> dict[str, Any]:
    return {
        "claim": answer.claim,
        "not_applicable": answer.not_applicable,
        "not_applicable_reason": answer.not_applicable_reason,
        "evidence": [_piece(piece, reports.get(piece.evidence.id)) for piece in pieces],
    }


def _piece(piece: Piece, report: Mapping[str, Any] | None) -> dict[str, Any]:
    evidence, file = piece.evidence, piece.file
    described: dict[str, Any] = {
        "id": str(evidence.id),
        "kind": evidence.kind,
        "title": evidence.title,
        "issued_on": evidence.issued_on.isoformat() if evidence.issued_on else None,
        "valid_until": evidence.valid_until.isoformat() if evidence.valid_until else None,
        **({"report": report} if report else {}),
    }
    if file is None:
        return described | {"url": evidence.url}
    facts = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type, "name": file.name}
    flagged = {"flags": list(file.flags)} if file.flags else {}
    return described | {"file": {"id": str(file.id), **facts, **flagged}}
