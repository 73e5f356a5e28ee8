"""Where deadlines come from: a later kind is one function that gives SELECTs, and one line in SOURCES."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import String, Uuid, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from assessments.clock import now, today
from assessments.columns import UtcDateTime
from assessments.models import (
    Appeal,
    Application,
    AuditNote,
    Certificate,
    CertificateEvent,
    Condition,
    Decision,
    Finding,
    Review,
    Round,
    Vendor,
)
from assessments.queries.appeals import RUNNING
from assessments.queries.certificates import status_is
from assessments.recourse import AppealState
from assessments.states import CertificateAction, CertificateState, CertificateStatus, State

SOON = 90  # days before its end at which a certificate comes onto the board
CLAIM_DAYS = 7  # in which the office answers a claim of membership


class Kind(StrEnum):
    """What kind of deadline it is."""

    INTAKE = "intake"
    RETURNED = "returned"
    REVIEW = "review"
    CORRECTION = "correction"
    NOTICE = "notice"
    SUSPENSION = "suspension"  # the second person of an emergency suspension
    RESTORING = "restoring"  # the condition of a suspended certificate
    EXPIRY = "expiry"
    MEMBERSHIP = "membership"
    CLOSING = "closing"  # of a round
    ANNOUNCEMENT = "announcement"
    AUDIT_NOTE = "audit_note"
    CONDITION = "condition"  # of a decision, while its certificate is in force
    APPEAL = "appeal"


class Acts(StrEnum):
    """Who has to do something."""

    OFFICE = "office"
    VENDOR = "vendor"
    COMMITTEE = "committee"
    HEARERS = "hearers"  # of an appeal
    PERSON = "person"  # the one named
    CLOCK = "clock"  # the site does it by itself


class end_of_legal_day(FunctionElement[datetime]):  # noqa: N801  written like a function of SQL
    """SQL: the last moment of a day in Viet Nam, as our columns hold moments."""

    type = UtcDateTime()
    inherit_cache = True


class days_after(FunctionElement[datetime]):  # noqa: N801  the same
    """SQL: so many days after a moment; the number stands in the statement."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(end_of_legal_day, "sqlite")
def _sqlite_end(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} || ' 16:59:59.999999')"


@compiles(end_of_legal_day, "postgresql")
def _postgresql_end(element: Any, compiler: Any, **options: Any) -> str:
    return f"(({compiler.process(element.clauses, **options)} + TIME '16:59:59.999999') AT TIME ZONE 'UTC')"


@compiles(days_after, "sqlite")
def _sqlite_later(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"(strftime('%Y-%m-%d %H:%M:%f', {moment}, {days} || ' days') || '000')"


@compiles(days_after, "postgresql")
def _postgresql_later(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"({moment} + {days} * INTERVAL '1 day')"


@dataclass(frozen=True)
class Source:
    """The columns that every source gives, by name; what is left out is nothing."""

    kind: Kind
    due_at: Any
    place: Any
    acts: Any
    key: Any  # unique within the kind: the order of what falls on one moment
    application_id: Any = None
    vendor_id: Any = None
    person_id: Any = None
    detail: Any = ""

    def select(self, *conditions: Any) -> Any:
        """The source as a SELECT, to be joined with the others."""
        ids = {name: getattr(self, name) for name in ("application_id", "vendor_id", "person_id")}
        columns = [
            _text(self.kind.value).label("kind"),
            self.due_at.label("due_at"),
            _text(self.place).label("place"),
            _text(self.acts).label("acts"),
            _text(self.detail).label("detail"),
            _text(self.key).label("key"),
            *(cast(null() if value is None else value, Uuid()).label(name) for name, value in ids.items()),
        ]
        return select(*columns).where(*conditions)


def _text(value: Any) -> Any:
    return cast(value if hasattr(value, "label") else literal(str(value)), String)


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
    """Reviews that count and are not final."""
    found = (
        Source(
            Kind.REVIEW,
            col(Review.due_at),
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
    """Emergency suspensions that wait for their second person, and conditions of suspended certificates."""
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
        Acts.VENDOR.value,
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


def conditions() -> list[Any]:
    """What companies still have to do for a certificate in force; the detail is the number of the condition."""
    found = (
        Source(
            Kind.CONDITION,
            end_of_legal_day(col(Condition.due_on)),
            col(Application.ref),
            Acts.VENDOR.value,
            col(Condition.id),
            col(Application.id),
            col(Application.vendor_id),
            detail=col(Condition.number),
        )
        .select(
            col(Condition.fulfilled_at).is_(None),
            or_(*(status_is(one, today()) for one in (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED))),
        )
        .select_from(Condition)
        .join(Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .join(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .join(Application, col(Application.id) == col(Condition.application_id))
    )
    return [found]


def appeals() -> list[Any]:
    """Appeals that run: the office acknowledges and invites, then hearers rule; the detail is what it is against."""
    heard = col(Appeal.state) == AppealState.UNDER_HEARING
    found = (
        Source(
            Kind.APPEAL,
            col(Appeal.due_at),
            col(Appeal.number),
            case((heard, Acts.HEARERS.value), else_=Acts.OFFICE.value),
            col(Appeal.number),
            col(Application.id),
            col(Application.vendor_id),
            detail=col(Appeal.kind),
        )
        .select(col(Appeal.state).in_(RUNNING), col(Appeal.due_at).is_not(None))
        .join_from(Appeal, Application, col(Application.id) == col(Appeal.application_id))
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
    conditions,
    appeals,
)
