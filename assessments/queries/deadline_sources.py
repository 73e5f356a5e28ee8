"""Where deadlines come from: a later kind is one function that gives SELECTs, and one line in SOURCES."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, select
from sqlmodel import col

from assessments.clock import now, today
from assessments.models import (
    Application,
    AuditNote,
    Certificate,
    CertificateEvent,
    Finding,
    Review,
    Round,
    Vendor,
)
from assessments.queries.deadline_columns import SOON, Acts, Kind, Source, days_after, end_of_legal_day
from assessments.queries.deadline_concerns import concerns
from assessments.queries.deadline_editions import proposals, transitions
from assessments.queries.deadline_judging import (
    appeals,
    competences,
    conditions,
    conflicts,
    findings,
    laboratories,
    paused_until,
    questions,
)
from assessments.queries.deadline_lifecycle import changes, surveillances
from assessments.states import CertificateAction, CertificateState, State

CLAIM_DAYS = 7  # in which the office answers a claim of membership


# --- the sources ---


def applications() -> list[Any]:
    """The deadline of an application's state; of a correction with the number of findings that wait."""
    state = col(Application.state)
    kinds = {
        State.SUBMITTED: (Kind.INTAKE, Acts.OFFICE),
        State.RETURNED: (Kind.RETURNED, Acts.VENDOR),
        State.CORRECTION: (Kind.CORRECTION, Acts.VENDOR),
        State.MINDED_TO: (Kind.NOTICE, Acts.VENDOR),
    }
    unanswered = (
        select(func.count())
        .where(
            col(Finding.application_id) == col(Application.id),
            col(Finding.correction_round) == col(Application.correction_round),
            col(Finding.correction_round) > 0,
            col(Finding.answered_at).is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )
    return [
        Source(
            kind,
            col(Application.due_at),
            col(Application.ref),
            acts.value,
            col(Application.ref),
            col(Application.id),
            col(Application.vendor_id),
            detail=unanswered if kind is Kind.CORRECTION else "",
        ).select(state == wanted, col(Application.due_at).is_not(None))
        for wanted, (kind, acts) in kinds.items()
    ]


def reviews() -> list[Any]:
    """Reviews that count and are not final; while a question waits, the clock stands still."""
    found = (
        Source(
            Kind.REVIEW,
            paused_until(col(Review.due_at)),
            col(Application.ref),
            Acts.PERSON.value,
            func.coalesce(col(Application.ref) + "-" + col(Review.letter), ""),
            col(Application.id),
            col(Application.vendor_id),
            col(Review.reviewer_id),
            col(Review.letter),
        )
        .select(
            col(Review.voided_at).is_(None),
            col(Review.final_at).is_(None),
            col(Application.state) == State.IN_REVIEW,
        )
        .join_from(Review, Application, col(Application.id) == col(Review.application_id))
    )
    return [found]


def suspensions() -> list[Any]:
    """Emergency suspensions that wait for their second person, and conditions of suspended certificates: once the day
    of a condition has passed, the committee says whether the certificate is withdrawn."""
    number = col(Certificate.number)
    about = {"application_id": col(Certificate.application_id), "vendor_id": col(Certificate.vendor_id)}
    event = and_(
        col(CertificateEvent.certificate_id) == col(Certificate.id),
        col(CertificateEvent.action) == CertificateAction.SUSPEND,
        col(CertificateEvent.dismissed_at).is_(None),
    )
    running = col(Certificate.state) == CertificateState.SUSPENDED
    newest = (
        select(func.max(col(CertificateEvent.number)))
        .where(col(CertificateEvent.certificate_id) == col(Certificate.id))
        .correlate(Certificate)
        .scalar_subquery()
    )
    confirm = Source(
        Kind.SUSPENSION,
        end_of_legal_day(col(CertificateEvent.confirm_by)),
        number,
        Acts.COMMITTEE.value,
        number,
        **about,
    ).select(running, col(CertificateEvent.confirm_by).is_not(None), col(CertificateEvent.confirmed_by).is_(None))
    restore = Source(
        Kind.RESTORING,
        end_of_legal_day(col(CertificateEvent.restore_by)),
        number,
        case((col(CertificateEvent.restore_by) < today(), Acts.COMMITTEE.value), else_=Acts.VENDOR.value),
        number,
        **about,
    ).select(running, col(CertificateEvent.restore_by).is_not(None), col(CertificateEvent.number) == newest)
    return [one.join_from(Certificate, CertificateEvent, event) for one in (confirm, restore)]


def expiries() -> list[Any]:
    """Certificates in force that end soon and that no other one follows."""
    number = col(Certificate.number)
    found = Source(
        Kind.EXPIRY,
        end_of_legal_day(col(Certificate.valid_until)),
        number,
        Acts.VENDOR.value,
        number,
        col(Certificate.application_id),
        col(Certificate.vendor_id),
    ).select(
        col(Certificate.state).in_((CertificateState.ACTIVE, CertificateState.SUSPENDED)),
        col(Certificate.superseded_on).is_(None),
        col(Certificate.valid_until).between(today(), today() + timedelta(days=SOON)),
    )
    return [found]


def memberships() -> list[Any]:
    """Companies that say they are members and wait for the office's word."""
    due_at = days_after(col(Vendor.membership_claimed_at), literal(CLAIM_DAYS))
    found = Source(
        Kind.MEMBERSHIP, due_at, col(Vendor.slug), Acts.OFFICE.value, col(Vendor.slug), vendor_id=col(Vendor.id)
    ).select(col(Vendor.membership_claimed_at).is_not(None), col(Vendor.closed_at).is_(None))
    return [found]


def rounds() -> list[Any]:
    """Rounds that close, and results that are announced, from now on."""
    code = col(Round.code)
    closing = Source(Kind.CLOSING, col(Round.closes_at), code, Acts.CLOCK.value, code)
    announcing = Source(Kind.ANNOUNCEMENT, end_of_legal_day(col(Round.announce_on)), code, Acts.CLOCK.value, code)
    return [
        closing.select(col(Round.closes_at) > now(), col(Round.opens_at) <= now()),
        announcing.select(col(Round.announce_on) >= today()),
    ]


def audit_notes() -> list[Any]:
    """Follow-ups of audits that nobody has answered."""
    found = (
        Source(
            Kind.AUDIT_NOTE,
            end_of_legal_day(col(AuditNote.due_on)),
            col(Application.ref),
            Acts.PERSON.value,
            col(AuditNote.id),
            col(Application.id),
            col(Application.vendor_id),
            col(AuditNote.owner_id),
        )
        .select(
            col(AuditNote.due_on).is_not(None), col(AuditNote.closed_at).is_(None), col(AuditNote.answered_at).is_(None)
        )
        .join_from(AuditNote, Application, col(Application.id) == col(AuditNote.application_id))
    )
    return [found]


SOURCES: tuple[Callable[[], list[Any]], ...] = (
    applications,
    reviews,
    suspensions,
    expiries,
    memberships,
    rounds,
    audit_notes,
    questions,
    findings,
    conditions,
    appeals,
    competences,
    laboratories,
    conflicts,
    surveillances,
    changes,
    transitions,
    concerns,
    proposals,
)
