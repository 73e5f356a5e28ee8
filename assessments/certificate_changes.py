"""A change of a certificate: why, said in both languages and with days that make sense; and how it is written down."""

import calendar
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, func, select

from assessments import catalogue, history, publications
from assessments.clock import now, today
from assessments.errors import N_, Invalid
from assessments.models import Certificate, CertificateEvent
from assessments.people import Actor
from assessments.queries import certificates as queries
from assessments.reductions import Reduction
from assessments.states import CertificateAction, CertificateState, CertificateStep
from criteria import store


@dataclass(frozen=True)
class Change:
    """Why a certificate changes, in both languages; a suspension also says what restores it and by when, and a
    reduction what remains."""

    reason_vi: str
    reason_en: str
    condition_vi: str = ""
    condition_en: str = ""
    restore_by: date | None = None
    reduction: Reduction | None = None


def check(change: Change) -> None:
    """Refuse (Invalid) a change whose reason is missing in one language."""
    if not (change.reason_vi.strip() and change.reason_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))


def check_suspension(certificate: Certificate, change: Change) -> None:
    """Refuse (Invalid) a suspension that does not say what restores it, or by a day beyond the edition's longest."""
    if not (change.condition_vi.strip() and change.condition_en.strip()) or change.restore_by is None:
        raise Invalid(N_("Ghi điều kiện khôi phục bằng tiếng Việt và tiếng Anh, và hạn khôi phục."))
    longest = months_after(today(), store.load(certificate.edition_id).periods.suspension_max_months)
    if not today() < change.restore_by <= longest:
        raise Invalid(N_("Hạn khôi phục phải sau hôm nay và muộn nhất là %(day)s."), day=longest.strftime("%d/%m/%Y"))


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def new_event(
    session: Session, decided_by: UUID, certificate: Certificate, action: CertificateAction, change: Change
) -> CertificateEvent:
    """The row of a change that somebody has decided on, numbered after the last one; nothing is written yet."""
    last = session.exec(
        select(func.max(CertificateEvent.number)).where(CertificateEvent.certificate_id == certificate.id)
    ).one()
    return CertificateEvent(
        certificate_id=certificate.id,
        number=(last or 0) + 1,
        action=action,
        reason_vi=change.reason_vi.strip(),
        reason_en=change.reason_en.strip(),
        condition_vi=change.condition_vi.strip(),
        condition_en=change.condition_en.strip(),
        restore_by=change.restore_by,
        reduction=change.reduction.stored() if change.reduction else {},
        decided_by=decided_by,
    )


def enter(certificate: Certificate, state: CertificateState) -> None:
    """Give a certificate another state from today on."""
    certificate.state, certificate.state_since = state, today()


def write(
    session: Session,
    actor: Actor | None,
    certificate: Certificate,
    event: CertificateEvent,
    step: CertificateStep,
    note: str = "",
) -> None:
    """Save the change, write it down, let the catalogue show it at once, and what took effect go out to the public."""
    certificate.version += 1
    session.add_all([certificate, event])
    session.flush()
    history.record(session, actor, history.Step(step, note=note or event.reason_vi), certificate=certificate)
    publications.note(session, certificate)
    unheard = certificate.published_at is None  # until then the catalogue knows nothing of it
    if not unheard or step is CertificateStep.WITHDRAW:  # what it was to follow goes on
        catalogue.refresh(session, certificate.product_id)


def close_waiting(session: Session, certificate: Certificate) -> None:
    """Close what waits for a second person, for it has become pointless."""
    _close(session, queries.waiting(queries.events_of(session, certificate.id)))


def close_proposal(session: Session, certificate: Certificate) -> None:
    """The same for what has no effect yet; an emergency suspension goes on waiting."""
    waiting = queries.waiting(queries.events_of(session, certificate.id))
    _close(session, waiting if waiting is not None and waiting.effective_on is None else None)


def _close(session: Session, waiting: CertificateEvent | None) -> None:
    if waiting is not None:
        waiting.dismissed_at = now()
        session.add(waiting)
        session.flush()
