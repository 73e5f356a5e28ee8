"""Questions about what the clock has to say of certificates: renewals, expiry, second persons, conditions, changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import not_
from sqlmodel import Session, col, select

from assessments.lifecycle import Clocked
from assessments.models import Application, Certificate, CertificateEvent, CertificateReminder, ChangeNotice
from assessments.queries.announcements import held_back
from assessments.queries.change_notices import waiting_for_vendor
from assessments.queries.renewals import opens_on
from assessments.queries.standings import OVER
from assessments.queries.surveillance import in_force
from assessments.states import CertificateAction, CertificateState, Kind
from criteria import store

PASSED = -1
EXPIRY_LOOK = timedelta(days=60)  # so long after its end a certificate is still looked for


@dataclass(frozen=True)
class Saying:
    """One thing to say of a certificate now: about which deadline, and how many days before it (PASSED: after)."""

    certificate_id: UUID
    about: Clocked
    due_on: date
    days: int


def due(session: Session, day: date) -> list[Saying]:
    """Everything that the clock has to say on a legal day and has not said, in a few statements."""
    found = [*_renewals(session, day), *_expired(session, day), *_suspended(session, day), *_changes(session, day)]
    said = _said(session, {one.certificate_id for one in found})
    return [one for one in found if not any(_covers(row, one) for row in said)]


def _covers(row: CertificateReminder, one: Saying) -> bool:
    """Whether the same was said, or something nearer to the deadline."""
    same = (row.certificate_id, row.about, row.due_on) == (one.certificate_id, one.about, one.due_on)
    return same and row.days <= one.days


def _said(session: Session, ids: set[UUID]) -> list[CertificateReminder]:
    question = select(CertificateReminder).where(col(CertificateReminder.certificate_id).in_(ids))
    return list(session.exec(question).all()) if ids else []


def _renewals(session: Session, day: date) -> Iterator[Saying]:
    """When the window opens, and some days before the end, as long as nobody has begun; the nearest one counts."""
    longest = max((edition.periods.renewal_opens_days for edition in store.editions()), default=0)
    renewing = select(Application.product_id).where(
        Application.kind == Kind.RENEWAL, col(Application.state).not_in(OVER)
    )
    question = (
        select(Certificate)
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(in_force(day), not_(held_back()), col(Certificate.valid_until) <= day + timedelta(days=longest))
        .where(col(Certificate.superseded_on).is_(None), col(Certificate.product_id).not_in(renewing))
    )
    for one in session.exec(question).all():
        opens = (one.valid_until - opens_on(one)).days
        come = [days for days in (opens, *_before(one, opens)) if day >= one.valid_until - timedelta(days=days)]
        if come:
            yield Saying(one.id, Clocked.RENEWAL, one.valid_until, min(come))


def _before(certificate: Certificate, opens: int) -> Iterator[int]:
    return (days for days in store.load(certificate.edition_id).reminder_days if days < opens)


def _expired(session: Session, day: date) -> Iterator[Saying]:
    """Certificates that have run to their end, not long ago, and that none had followed by then."""
    running = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
    question = select(Certificate).where(
        col(Certificate.state).in_(running),
        col(Certificate.superseded_on).is_(None) | (col(Certificate.superseded_on) > col(Certificate.valid_until)),
        col(Certificate.valid_until) < day,
        col(Certificate.valid_until) >= day - EXPIRY_LOOK,
    )
    for one in session.exec(question).all():
        yield Saying(one.id, Clocked.EXPIRY, one.valid_until, PASSED)


def _suspended(session: Session, day: date) -> Iterator[Saying]:
    """Suspensions without a second person: the day before, and after; conditions whose day has passed."""
    question = (
        select(Certificate, CertificateEvent)
        .join(CertificateEvent, col(CertificateEvent.certificate_id) == col(Certificate.id))
        .where(in_force(day), Certificate.state == CertificateState.SUSPENDED)
        .where(CertificateEvent.action == CertificateAction.SUSPEND, col(CertificateEvent.dismissed_at).is_(None))
        .order_by(col(CertificateEvent.number))
    )
    newest = {certificate.id: event for certificate, event in session.exec(question).all()}
    for certificate_id, event in newest.items():
        if event.confirmed_by is None and event.confirm_by and day >= event.confirm_by - timedelta(days=1):
            days = PASSED if day > event.confirm_by else 1
            yield Saying(certificate_id, Clocked.SUSPENSION, event.confirm_by, days)
        if event.restore_by and day > event.restore_by:
            yield Saying(certificate_id, Clocked.RESTORING, event.restore_by, PASSED)


def _changes(session: Session, day: date) -> Iterator[Saying]:
    """Major changes that were not applied for in time."""
    question = (
        select(ChangeNotice)
        .join(Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
        .where(in_force(day), waiting_for_vendor(), col(ChangeNotice.apply_by) < day)
    )
    for one in session.exec(question).all():
        if one.apply_by is not None:
            yield Saying(one.certificate_id, Clocked.CHANGE, one.apply_by, PASSED)
