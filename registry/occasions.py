"""What happened, and everything a letter about it may say."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments import profile
from assessments.clock import legal_day, today
from assessments.models import Appeal, Application, Certificate, HistoryEntry, HistoryText, Vendor
from assessments.queries import (
    certificates,
    conditions,
    decisions,
    findings,
    people,
    submissions,
)
from assessments.queries.appeals import against_of, appeal_of_step
from assessments.queries.people import Person
from assessments.recourse import AppealAction
from assessments.states import Severity
from criteria import store


@dataclass(frozen=True)
class Occasion:
    """What happened, and to which application or certificate."""

    entry: HistoryEntry
    application: Application
    vendor: Vendor
    certificate: Certificate | None = None


def values_of(session: Session, occasion: Occasion, person: Person) -> dict[str, Any]:
    """Everything a letter may say; the templates take what they need."""
    application = occasion.application
    facts = profile.from_dict(application.profile)
    text = session.get(HistoryText, occasion.entry.seq)
    is_vendor = any(one.id == person.id for one in people.members_of(session, application.vendor_id))
    return {
        "name": person.name,
        "vendor": occasion.vendor.name if is_vendor else "",
        "ref": application.ref,
        "product": facts.name(person.language),
        "version": facts.version,
        "at": occasion.entry.at,
        "date": legal_day(application.due_at) if application.due_at else None,
        "days_left": (legal_day(application.due_at) - today()).days if application.due_at else 0,
        "state": application.state.value,
        "note": text.note if text else "",
        "edition": store.load(application.edition_id),
        "categories": facts.categories,
        "intake": application.intake_notes,
        "round": application.correction_round,
        **_outcome(session, occasion),
        **_appealed(session, occasion),
    }


def _outcome(session: Session, occasion: Occasion) -> dict[str, Any]:
    """Submission, findings, notice, decision and certificate, as far as the occasion has come."""
    application = occasion.application
    certificate = occasion.certificate or certificates.certificate_of(session, application.id)
    asked = findings.of_round(session, application.id, application.correction_round)
    return {
        "submission": submissions.latest(session, application.id),
        "findings": {severity.value: sum(f.severity is severity for f in asked) for severity in Severity},
        "unanswered": sum(not one.answer.strip() for one in asked),
        "notice": decisions.latest_notice(session, application.id),
        "decision": decisions.decision_of(session, application.id),
        "conditions": conditions.in_force(session, application.id),
        "certificate": certificate,
        "change": next(iter(certificates.events_of(session, certificate.id)), None) if certificate else None,
    }


def _appealed(session: Session, occasion: Occasion) -> dict[str, Any]:
    """The appeal an occasion belongs to, with what it is against."""
    appeal = appeal_of(session, occasion)
    if appeal is None:
        return {}
    return {
        "appeal": appeal,
        "against": against_of(session, appeal, occasion.application),
        "by": legal_day(appeal.due_at) if appeal.due_at else None,
        "late": appeal.due_at is not None and appeal.due_at < occasion.entry.at,
    }


def appeal_of(session: Session, occasion: Occasion) -> Appeal | None:
    """The appeal an occasion is a step of."""
    return appeal_of_step(session, occasion.entry.seq) if occasion.entry.action in set(AppealAction) else None
