"""Everything a company has here, as plain values for its eyes: no name of the club's, no score, no panel's word.

Its library stands in exported_evidence.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import not_
from sqlmodel import Session, col
from sqlmodel import select as choose

from assessments.models import (
    AgreementAcceptance,
    Answer,
    AnswerEvidence,
    AnswerText,
    Application,
    Basis,
    Certificate,
    CertificateEvent,
    Confirmation,
    EvidenceChange,
    Finding,
    FindingReply,
    Member,
    Notice,
    Product,
    ProfileText,
    Receipt,
    Recommendation,
    Submission,
    Vendor,
)
from assessments.queries import questions
from assessments.queries.announcements import DECIDED, held_back, is_held_back, seen_by_vendor
from assessments.queries.certificates import is_public, status
from assessments.queries.conditions import in_force, told
from assessments.queries.decisions import decision_of
from assessments.queries.people import colleagues_of

Names = Mapping[UUID, str]  # of the company's own people, present and past

VENDOR = (
    *("slug", "name", "name_en", "registration_number", "country", "address", "website", "representative"),
    *("contact_email", "contact_phone", "club_member", "club_member_since", "created_at"),
)


def company(vendor: Vendor) -> dict[str, Any]:
    """The facts of the company."""
    return {name: getattr(vendor, name) for name in VENDOR}


def members(session: Session, vendor_id: UUID) -> list[dict[str, Any]]:
    """Everybody who belongs or belonged to it."""
    rows = {one.user_id: one for one in session.exec(choose(Member).where(Member.vendor_id == vendor_id)).all()}
    return [
        {
            "name": one.person.name,
            "email": one.person.email,
            "role": one.role.value,
            "joined_at": rows[one.person.id].joined_at,
            "left_at": rows[one.person.id].left_at,
        }
        for one in colleagues_of(session, vendor_id)
    ]


def names_of(session: Session, vendor_id: UUID) -> dict[UUID, str]:
    """The names that may be told: those of the company's own people."""
    return {one.person.id: one.person.name for one in colleagues_of(session, vendor_id)}


def products(session: Session, vendor_id: UUID) -> list[dict[str, Any]]:
    """Its products, by address."""
    question = choose(Product).where(Product.vendor_id == vendor_id).order_by(Product.slug)
    return [
        {"slug": one.slug, "name": one.name, "name_en": one.name_en, "created_at": one.created_at}
        for one in session.exec(question).all()
    ]


def applications(session: Session, vendor_id: UUID) -> list[Application]:
    """Its applications, by reference."""
    return list(session.exec(choose(Application).where(Application.vendor_id == vendor_id).order_by(Application.ref)))


def application(session: Session, one: Application, names: Names) -> dict[str, Any]:
    """One application as the vendor may see it; the timeline and the letters are told apart."""
    product = session.get_one(Product, one.product_id)
    return {
        "ref": one.ref,
        "kind": one.kind.value,
        "state": seen_by_vendor(one).value,
        "product": product.slug,
        "edition": {"id": one.edition_id, "digest": one.edition_digest},
        "created_by": names.get(one.created_by, ""),
        "created_at": one.created_at,
        "moved_at": one.moved_at,
        "due_at": one.due_at,
        "profile": one.profile,
        "profile_saved_by": names.get(one.profile_saved_by, "") if one.profile_saved_by else "",
        "profile_saved_at": one.profile_saved_at,
        "profile_texts": _profile_texts(session, one.id, names),
        "agreements": _agreements(session, one.id),
        "basis": _basis(session, one.id, names),
        "answers": _answers(session, one.id, names),
        "evidence_changes": _evidence_changes(session, one.id, names),
        "questions": one.intake_notes.get("questions", ""),
        "asked": _asked(session, one.id, names),
        "refusal_reason": one.intake_notes.get("reason", ""),
        "findings": _findings(session, one.id, names),
        "notices": _notices(session, one.id, names),
        "public_summary": _summary(session, one.id),
        "decision": _decision(session, one) if one.state in DECIDED and not is_held_back(one) else None,
    }


def submissions(session: Session, application_id: UUID) -> Iterator[Submission]:
    """The snapshots of an application, one at a time, in their order."""
    question = choose(Submission).where(Submission.application_id == application_id).order_by(col(Submission.number))
    yield from session.exec(question.execution_options(yield_per=1))


def submission(one: Submission, names: Names) -> dict[str, Any]:
    """One snapshot, exactly as it was handed in."""
    return {
        "number": one.number,
        "digest": one.digest,
        "submitted_by": names.get(one.submitted_by, ""),
        "submitted_at": one.submitted_at,
        "content": one.content,
    }


def receipts(session: Session, application_id: UUID) -> list[tuple[int, str]]:
    """The number of each submission that has a receipt, and the sha256 of its document."""
    question = (
        choose(Submission.number, Receipt.sha256)
        .join(Receipt, col(Receipt.submission_id) == col(Submission.id))
        .where(Submission.application_id == application_id)
        .order_by(col(Submission.number))
    )
    return [(number, sha256) for number, sha256 in session.exec(question).all()]


def certificates(session: Session, vendor_id: UUID, day: date) -> list[dict[str, Any]]:
    """Its certificates, but for those of a decision that is held back; one withdrawn before its day has no content."""
    question = (
        choose(Certificate)
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(Certificate.vendor_id == vendor_id, not_(held_back()))
        .order_by(col(Certificate.year), col(Certificate.serial))
    )
    return [_certificate(session, one, day) for one in session.exec(question).all()]


def _agreements(session: Session, application_id: UUID) -> list[dict[str, Any]]:
    question = choose(AgreementAcceptance).where(AgreementAcceptance.application_id == application_id)
    return [
        {
            "version": one.agreement_version,
            "digest": one.text_digest,
            "accepted_name": one.accepted_name,
            "accepted_at": one.accepted_at,
        }
        for one in session.exec(question.order_by(AgreementAcceptance.agreement_version)).all()
    ]


def _basis(session: Session, application_id: UUID, names: Names) -> dict[str, Any] | None:
    found = session.get(Basis, application_id)
    if found is None:
        return None
    said = choose(Confirmation).where(Confirmation.application_id == application_id).order_by(Confirmation.criterion)
    return {
        "certificate": session.get_one(Certificate, found.certificate_id).number,
        "changes": found.changes,
        "note": found.note,
        "confirmed": [
            {"criterion": one.criterion, "by": names.get(one.confirmed_by, ""), "at": one.confirmed_at}
            for one in session.exec(said).all()
        ],
    }


def _answers(session: Session, application_id: UUID, names: Names) -> dict[str, Any]:
    """Each answer with every text it ever had, in three statements."""
    answers = session.exec(choose(Answer).where(Answer.application_id == application_id)).all()
    texts: dict[UUID, list[dict[str, Any]]] = {}
    mine = choose(AnswerText).join(Answer, col(Answer.id) == col(AnswerText.answer_id))
    for one in session.exec(mine.where(Answer.application_id == application_id).order_by(col(AnswerText.version))):
        texts.setdefault(one.answer_id, []).append(_text(one, names))
    used: dict[UUID, list[str]] = {}
    pieces = choose(AnswerEvidence).join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
    for link in session.exec(pieces.where(Answer.application_id == application_id)):
        used.setdefault(link.answer_id, []).append(str(link.evidence_id))
    return {
        one.criterion: {
            "claim": one.claim,
            "not_applicable": one.not_applicable,
            "not_applicable_reason": one.not_applicable_reason,
            "version": one.version,
            "evidence": sorted(used.get(one.id, [])),
            "texts": texts.get(one.id, []),
        }
        for one in answers
    }


def _profile_texts(session: Session, application_id: UUID, names: Names) -> dict[str, list[dict[str, Any]]]:
    """Each section of the profile with every text it ever had."""
    question = choose(ProfileText).where(ProfileText.application_id == application_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in session.exec(question.order_by(col(ProfileText.number))):
        said = {"number": one.number, "content": one.content}
        found.setdefault(one.section, []).append(
            {**said, "saved_by": names.get(one.saved_by, ""), "saved_at": one.saved_at}
        )
    return found


def _evidence_changes(session: Session, application_id: UUID, names: Names) -> list[dict[str, Any]]:
    """Which evidence was taken for a criterion or off it, by whom, the oldest first."""
    question = choose(EvidenceChange).where(EvidenceChange.application_id == application_id)
    return [
        {
            "criterion": one.criterion,
            "evidence": one.evidence_id,
            "title": one.title,
            "attached": one.attached,
            "by": names.get(one.changed_by, ""),
            "at": one.changed_at,
        }
        for one in session.exec(question.order_by(col(EvidenceChange.changed_at), col(EvidenceChange.id))).all()
    ]


def _text(one: AnswerText, names: Names) -> dict[str, Any]:
    return {
        "version": one.version,
        "claim": one.claim,
        "not_applicable": one.not_applicable,
        "not_applicable_reason": one.not_applicable_reason,
        "saved_by": names.get(one.saved_by, ""),
        "saved_at": one.saved_at,
    }


def _asked(session: Session, application_id: UUID, names: Names) -> list[dict[str, Any]]:
    """What reviewers asked by letter, and what the company answered."""
    return [
        {
            "criterion": one.criterion,
            "reviewer": letter,
            "text": one.text,
            "asked_at": one.asked_at,
            "answer": one.answer,
            "answered_by": names.get(one.answered_by, "") if one.answered_by else "",
            "answered_at": one.answered_at,
            "closed_at": one.closed_at,
        }
        for one, letter in questions.of_application(session, application_id)
    ]


def _findings(session: Session, application_id: UUID, names: Names) -> list[dict[str, Any]]:
    """What the vendor was asked; findings that were never put to it are the reviewers' own."""
    question = choose(Finding).where(Finding.application_id == application_id, Finding.correction_round > 0)
    replies = _replies(session, application_id, names)
    return [
        {
            "criterion": one.criterion,
            "severity": one.severity.value,
            "text": one.text,
            "round": one.correction_round,
            "due_at": one.due_at,
            "owner": names.get(one.owner_id, "") if one.owner_id else "",
            "answer": one.answer,
            "answered_by": names.get(one.answered_by, "") if one.answered_by else "",
            "answered_at": one.answered_at,
            "sent": replies.get(one.id, []),
        }
        for one in session.exec(question.order_by(col(Finding.raised_at), Finding.criterion)).all()
    ]


def _replies(session: Session, application_id: UUID, names: Names) -> dict[UUID, list[dict[str, Any]]]:
    """What was sent to each finding, round by round."""
    question = choose(FindingReply).join(Finding, col(Finding.id) == col(FindingReply.finding_id))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for one in session.exec(
        question.where(Finding.application_id == application_id).order_by(col(FindingReply.correction_round))
    ):
        said = {"round": one.correction_round, "text": one.text, "sent_at": one.sent_at}
        by = names.get(one.written_by, "") if one.written_by else ""
        found.setdefault(one.finding_id, []).append({**said, "written_by": by})
    return found


def _notices(session: Session, application_id: UUID, names: Names) -> list[dict[str, Any]]:
    question = choose(Notice).where(Notice.application_id == application_id).order_by(col(Notice.given_at))
    return [
        {
            "reasons": {"vi": one.reasons_vi, "en": one.reasons_en},
            "given_at": one.given_at,
            "due_at": one.due_at,
            "comment": one.comment,
            "commented_by": names.get(one.commented_by, "") if one.commented_by else "",
        }
        for one in session.exec(question).all()
    ]


def _summary(session: Session, application_id: UUID) -> dict[str, Any] | None:
    found = session.get(Recommendation, application_id)
    if found is None or found.sent_to_vendor_at is None:
        return None
    return {
        "vi": found.summary_vi,
        "en": found.summary_en,
        "limits": found.limits,
        "remarks": found.vendor_remarks,
        "checked_at": found.vendor_checked_at,
    }


def _decision(session: Session, one: Application) -> dict[str, Any] | None:
    found = decision_of(session, one.id)
    if found is None:
        return None
    return {
        "outcome": found.outcome.value,
        "level": found.level,
        "reasons": {"vi": found.reasons_vi, "en": found.reasons_en},
        "decided_at": found.decided_at,
        "conditions": [{**told(each), "note": each.fulfilled_note} for each in in_force(session, one.id)],
    }


def _certificate(session: Session, one: Certificate, day: date) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": one.number,
        "application": session.get_one(Application, one.application_id).ref,
        "level": one.level,
        "decided_on": one.decided_on,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "status": status(one, day).value,
        "superseded_on": one.superseded_on if _is_past(one.superseded_on, day) else None,
    }
    if is_public(one, day):
        told |= {"content": one.content, "events": _events(session, one)}
    return told


def _is_past(superseded_on: date | None, day: date) -> bool:
    """A day ahead would give away what waits for its announcement: the certificate that follows."""
    return superseded_on is not None and superseded_on <= day


def _events(session: Session, one: Certificate) -> list[dict[str, Any]]:
    """What took effect, with its reasons; who decided it is the committee."""
    question = choose(CertificateEvent).where(
        CertificateEvent.certificate_id == one.id, col(CertificateEvent.effective_on).is_not(None)
    )
    return [
        {
            "action": event.action.value,
            "effective_on": event.effective_on,
            "reason": {"vi": event.reason_vi, "en": event.reason_en},
            "condition": {"vi": event.condition_vi, "en": event.condition_en},
            "restore_by": event.restore_by,
            "remaining": event.reduction or None,
        }
        for event in session.exec(question.order_by(col(CertificateEvent.number))).all()
    ]
