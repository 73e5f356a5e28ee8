"""Questions about certificates: what one is worth on a day, and which there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, func, select

from assessments import numbers
from assessments.models import (
    Application,
    Certificate,
    CertificateEvent,
    CertificateRevision,
    Decision,
    HistoryEntry,
    HistoryText,
)
from assessments.queries.announcements import held_back
from assessments.queries.history import TimelineRow
from assessments.queries.people import people
from assessments.states import UNCONFIRMED, CertificateState, CertificateStatus, CertificateStep

PAGE = 50
STANDING = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
_FINAL = (CertificateState.WITHDRAWN, CertificateState.TERMINATED, CertificateState.SUPERSEDED)


class Dated(Protocol):
    """A row that says when and whether something is valid: a certificate or a listing."""

    state: CertificateState
    valid_from: date
    valid_until: date

    @property
    def superseded_on(self) -> date | None:
        """The first day on which another certificate stands in its place."""
        ...


def status(row: Dated, day: date) -> CertificateStatus:
    """What a certificate is worth on a legal day (see assessments.clock); no job has to run for it to change.

    What the committee ended stays ended; otherwise the dates decide, and then the suspension. A certificate that
    another one follows is superseded from the other's first day on, which can lie ahead.
    """
    if row.state in _FINAL:
        return CertificateStatus(row.state.value)
    if day < row.valid_from:
        return CertificateStatus.SCHEDULED
    if row.superseded_on is not None and day >= row.superseded_on:
        return CertificateStatus.SUPERSEDED
    if day > row.valid_until:
        return CertificateStatus.EXPIRED
    return CertificateStatus(row.state.value)


def is_public(certificate: Certificate, day: date) -> bool:
    """Whether the public may know of it: signed, in the log, and announced, unless it ended before that day."""
    begun = certificate.published_at is not None and day >= certificate.valid_from
    return begun and not ended_unheard(certificate)


def ended_unheard(certificate: Certificate) -> bool:
    """Whether it ended before its first day, so that nobody outside has heard of it."""
    return certificate.state in _FINAL and certificate.state_since < certificate.valid_from


def ended_unheard_of() -> ColumnElement[bool]:
    """SQL: the same."""
    return and_(col(Certificate.state).in_(_FINAL), col(Certificate.state_since) < col(Certificate.valid_from))


def certificate_by_number(session: Session, number: str, *, lock: bool = False) -> Certificate | None:
    """The certificate of that canonical number; `lock` holds its row until the transaction ends."""
    question = select(Certificate).where(Certificate.number == number)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def announced_among(session: Session, wanted: Collection[str], day: date, limit: int) -> list[Certificate]:
    """The first `limit` of these numbers, in their order, whose certificates the public knows of on a day."""
    if not wanted:
        return []
    question = select(Certificate).where(col(Certificate.number).in_(wanted))
    found = {one.number: one for one in session.exec(question).all() if is_public(one, day)}
    return [found[number] for number in wanted if number in found][:limit]


def of_product(session: Session, product_id: UUID, day: date) -> list[Certificate]:
    """Every certificate of a product that the public knows of on a day, the newest first."""
    question = select(Certificate).where(Certificate.product_id == product_id)
    question = question.order_by(col(Certificate.year).desc(), col(Certificate.serial).desc())
    return [one for one in session.exec(question).all() if is_public(one, day)]


def certificate_of(session: Session, application_id: UUID) -> Certificate | None:
    """The certificate that came out of an application; the newest, where an appeal has led to another."""
    question = select(Certificate).where(Certificate.application_id == application_id)
    return session.exec(question.order_by(col(Certificate.issued_at).desc(), col(Certificate.serial).desc())).first()


def newer_than(session: Session, certificate: Certificate, day: date) -> str:
    """The number of a later public certificate of the same product; "" when there is none."""
    question = (
        select(Certificate.number)
        .where(
            Certificate.product_id == certificate.product_id,
            col(Certificate.id) != certificate.id,
            Certificate.valid_from <= day,
            Certificate.issued_at > certificate.issued_at,
            col(Certificate.published_at).is_not(None),
            col(Certificate.state).in_((CertificateState.ACTIVE, CertificateState.SUSPENDED)),
        )
        .order_by(col(Certificate.issued_at).desc())
    )
    return session.exec(question).first() or ""


def current_of(session: Session, vendor_id: UUID, day: date) -> dict[UUID, Certificate]:
    """Product id -> the certificate of a company that stands today: active, suspended or waiting for its first day.

    Where one waits to take over from another, it is the one that stands now. What a held-back decision granted is
    left out: this is what the company knows.
    """
    question = (
        select(Certificate)
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(Certificate.vendor_id == vendor_id, not_(held_back()))
        .order_by(col(Certificate.valid_from).desc(), col(Certificate.serial).desc())
    )
    standing = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED, CertificateStatus.SCHEDULED)
    rows = [one for one in session.exec(question).all() if status(one, day) in standing]
    return {one.product_id: one for one in rows}


def events_of(session: Session, certificate_id: UUID) -> list[CertificateEvent]:
    """Every decision about a certificate, newest first, the proposed and the dismissed ones too."""
    question = (
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(col(CertificateEvent.number).desc())
    )
    return list(session.exec(question).all())


def revisions_of(session: Session, certificate_id: UUID) -> list[CertificateRevision]:
    """The reductions of a certificate, newest first."""
    question = select(CertificateRevision).where(CertificateRevision.certificate_id == certificate_id)
    return list(session.exec(question.order_by(col(CertificateRevision.number).desc())).all())


def granting_step(session: Session, certificate_id: UUID) -> HistoryEntry | None:
    """The step of the history by which a certificate was granted."""
    question = select(HistoryEntry).where(
        HistoryEntry.certificate_id == certificate_id, HistoryEntry.action == CertificateStep.GRANT
    )
    return session.exec(question.order_by(col(HistoryEntry.seq)).limit(1)).first()


def waits(event: CertificateEvent) -> bool:
    """Whether a second person still has to say yes or no."""
    return event.action not in UNCONFIRMED and event.confirmed_by is None and event.dismissed_at is None


def waiting(events: Iterable[CertificateEvent]) -> CertificateEvent | None:
    """The change that waits for a second person."""
    return next((event for event in events if waits(event)), None)


def is_overdue(event: CertificateEvent, day: date) -> bool:
    """Whether an emergency suspension has waited too long for its second person; it stays in force."""
    return waits(event) and event.confirm_by is not None and day > event.confirm_by


@dataclass(frozen=True)
class Listed:
    """One line of the office's list; `waits` when a second person is asked for, `overdue` when for too long."""

    certificate: Certificate
    status: CertificateStatus
    waits: bool
    overdue: bool


def list_of(session: Session, day: date, wanted: CertificateStatus | None = None, after: str = "") -> list[Listed]:
    """Certificates for the office, newest first, one more than PAGE when there is a next page; `after` is a number."""
    question = (
        select(Certificate, CertificateEvent)
        .outerjoin(CertificateEvent, and_(col(CertificateEvent.certificate_id) == col(Certificate.id), _waits()))
        .order_by(col(Certificate.year).desc(), col(Certificate.serial).desc())
        .limit(PAGE + 1)
    )
    if wanted is not None:
        question = question.where(status_is(wanted, day))
    if place := numbers.place(after):
        year, serial = place
        same_year = and_(col(Certificate.year) == year, col(Certificate.serial) < serial)
        question = question.where(or_(col(Certificate.year) < year, same_year))
    return [
        Listed(certificate, status(certificate, day), event is not None, bool(event and is_overdue(event, day)))
        for certificate, event in session.exec(question).all()
    ]


def counts(session: Session, day: date) -> dict[CertificateStatus, int]:
    """How many certificates have each status on a day, in one statement."""
    sums = [func.count().filter(status_is(one, day)) for one in CertificateStatus]
    row = session.execute(select(*sums).select_from(Certificate)).one()
    return dict(zip(CertificateStatus, row, strict=True))


def status_is(wanted: CertificateStatus, day: date) -> ColumnElement[bool]:
    """SQL: a certificate has this status on a day; says the same as `status`."""
    state, starts, ends = col(Certificate.state), col(Certificate.valid_from), col(Certificate.valid_until)
    running = state.in_((CertificateState.ACTIVE, CertificateState.SUSPENDED))
    followed = col(Certificate.superseded_on) <= day
    standing = or_(col(Certificate.superseded_on).is_(None), col(Certificate.superseded_on) > day)
    if wanted is CertificateStatus.SCHEDULED:
        return and_(running, starts > day)
    if wanted is CertificateStatus.EXPIRED:
        return and_(running, starts <= day, ends < day, standing)
    same = state == CertificateState(wanted.value)
    if wanted is CertificateStatus.SUPERSEDED:
        return or_(same, and_(running, starts <= day, followed))
    return same if CertificateState(wanted.value) in _FINAL else and_(same, starts <= day, ends >= day, standing)


@dataclass(frozen=True)
class File:
    """A certificate with its events, newest first, and the names behind them."""

    certificate: Certificate
    application: Application
    decision: Decision
    events: list[CertificateEvent]
    names: dict[UUID, str]
    timeline: list[TimelineRow]


def file_of(session: Session, certificate: Certificate) -> File:
    """Everything the office's page of a certificate shows."""
    application, decision = session.exec(
        select(Application, Decision)
        .join(Decision, col(Decision.application_id) == col(Application.id))
        .where(Decision.id == certificate.decision_id)
    ).one()
    events = events_of(session, certificate.id)
    ids = {event.decided_by for event in events} | {event.confirmed_by for event in events if event.confirmed_by}
    ids |= {decision.proposer_id, decision.confirmer_id}
    names = {person.id: person.name for person in people(session, ids).values()}
    return File(certificate, application, decision, events, names, certificate_timeline(session, certificate.id))


def certificate_timeline(session: Session, certificate_id: UUID) -> list[TimelineRow]:
    """Every step of a certificate, newest first, for those who may read every note."""
    question = (
        select(HistoryEntry, HistoryText)
        .outerjoin(HistoryText, col(HistoryText.seq) == col(HistoryEntry.seq))
        .where(HistoryEntry.certificate_id == certificate_id)
        .order_by(col(HistoryEntry.seq).desc())
    )
    return [
        TimelineRow(
            entry.action, "", entry.at, entry.actor_id, text.actor_name if text else "", text.note if text else ""
        )
        for entry, text in session.exec(question).all()
    ]


def _waits() -> ColumnElement[bool]:
    return and_(
        col(CertificateEvent.action).not_in(UNCONFIRMED),
        col(CertificateEvent.confirmed_by).is_(None),
        col(CertificateEvent.dismissed_at).is_(None),
    )
