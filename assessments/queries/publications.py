"""Questions about what is on its way to the public: what waits, and what should be on its way and is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, not_, or_
from sqlmodel import Session, col, func, select

from assessments.clock import legal_day, now, start_of_day
from assessments.models import Certificate, CertificateEvent, EditionPublication, Publication
from assessments.queries.certificates import ended_unheard, ended_unheard_of, events_of, status, status_is
from assessments.states import CertificateAction, CertificateStatus, PublicationKind

_BY_THE_CALENDAR = {
    CertificateStatus.EXPIRED: PublicationKind.EXPIRE,
    CertificateStatus.SUPERSEDED: PublicationKind.SUPERSEDE,
}


@dataclass(frozen=True)
class Told:
    """Something about a certificate that the public is told: `number` of the event, None for what the calendar does."""

    kind: PublicationKind
    number: int | None
    due_at: datetime

    def key(self, certificate: Certificate) -> str:
        """What keeps it from going out twice; expiry and replacement come once in a certificate's life."""
        once = self.kind in _BY_THE_CALENDAR.values() or self.number is None
        return f"{certificate.number}:{self.kind.value}" if once else f"{certificate.number}:{self.number}:{self.kind}"


def told_of(session: Session, certificate: Certificate, day: date) -> list[Told]:
    """Everything the public is told of a certificate up to a day, in order; nothing of one that ended unheard of."""
    if ended_unheard(certificate):
        return []
    events = reversed(events_of(session, certificate.id))
    told = [one for event in events for one in _of_event(event)]
    kind = _BY_THE_CALENDAR.get(status(certificate, day))
    if kind is not None and kind not in {one.kind for one in told}:
        told.append(Told(kind, None, now()))
    return told


def _of_event(event: CertificateEvent) -> Iterator[Told]:
    if event.effective_on is None:
        return
    grant = event.action is CertificateAction.GRANT
    yield Told(
        PublicationKind(event.action.value),
        event.number,
        start_of_day(event.effective_on) if grant else event.decided_at,
    )
    if event.action is CertificateAction.SUSPEND and event.dismissed_at is not None:
        yield Told(PublicationKind.LIFT, event.number, event.dismissed_at)


def event_of(session: Session, publication: Publication) -> CertificateEvent | None:
    """The event a publication tells of; None for what the calendar does."""
    question = select(CertificateEvent).where(
        CertificateEvent.certificate_id == publication.certificate_id,
        CertificateEvent.number == publication.event_number,
    )
    return session.exec(question).one_or_none()


def day_of(publication: Publication, certificate: Certificate, event: CertificateEvent | None) -> date:
    """The legal day from which holds what a publication tells."""
    if publication.kind is PublicationKind.EXPIRE:
        return date.fromordinal(certificate.valid_until.toordinal() + 1)
    if publication.kind is PublicationKind.SUPERSEDE and certificate.superseded_on is not None:
        return certificate.superseded_on
    if publication.kind is PublicationKind.LIFT and event is not None and event.dismissed_at is not None:
        return legal_day(event.dismissed_at)
    if event is not None and event.effective_on is not None:
        return event.effective_on
    return legal_day(publication.created_at)


def of_certificate(session: Session, certificate_id: UUID) -> list[Publication]:
    """Everything that went out or waits about a certificate, in order."""
    question = select(Publication).where(Publication.certificate_id == certificate_id)
    return list(session.exec(question.order_by(col(Publication.id))).all())


def with_key(session: Session, key: str) -> Publication | None:
    """The publication of what a key stands for."""
    return session.exec(select(Publication).where(Publication.key == key)).one_or_none()


def held(session: Session, publication_id: int) -> Publication:
    """A publication as it is now, its row held: of two processes one takes the step."""
    question = select(Publication).where(Publication.id == publication_id)
    return session.exec(question.with_for_update().execution_options(populate_existing=True)).one()


def due(session: Session, moment: datetime, limit: int = 500, *, after: int = 0) -> list[int]:
    """What may go out at a moment and has not, in the order in which it goes; `after` an id."""
    question = select(Publication.id).where(is_open(), Publication.due_at <= moment, col(Publication.id) > after)
    return [one for one in session.exec(question.order_by(col(Publication.id)).limit(limit)) if one is not None]


def comes_first(session: Session, publication: Publication) -> bool:
    """Whether nothing about the same certificate has to go out before."""
    if publication.certificate_id is None:
        return True
    earlier = select(Publication.id).where(
        is_open(),
        Publication.certificate_id == publication.certificate_id,
        col(Publication.id) < publication.id,
    )
    return session.exec(earlier.limit(1)).first() is None


def count_waiting(session: Session, *, of_certificates: bool = False) -> int:
    """How much is due and has not gone out; at will only about certificates."""
    question = select(func.count()).select_from(Publication).where(is_open(), Publication.due_at <= now())
    if of_certificates:
        question = question.where(col(Publication.certificate_id).is_not(None))
    return session.exec(question).one()


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest of it has been due."""
    return session.exec(select(func.min(Publication.due_at)).where(is_open(), Publication.due_at <= now())).one()


def is_open() -> ColumnElement[bool]:
    """SQL: has neither gone out nor become void."""
    return and_(col(Publication.published_at).is_(None), col(Publication.voided_at).is_(None))


def certificates_to_note(session: Session, day: date, limit: int = 500) -> list[UUID]:
    """Certificates of which something should be on its way and is not: granted before there were keys, or ended by
    the calendar.
    """
    new = not_(_noted(PublicationKind.GRANT))
    ended = or_(
        *(and_(status_is(status, day), not_(_noted(kind))) for status, kind in _BY_THE_CALENDAR.items()),
    )
    question = select(Certificate.id).where(not_(ended_unheard_of()), or_(new, ended))
    return list(session.exec(question.order_by(col(Certificate.year), col(Certificate.serial)).limit(limit)).all())


def editions_to_note(session: Session) -> list[str]:
    """Published editions that the log does not know of."""
    told = exists().where(
        col(Publication.kind) == PublicationKind.EDITION, col(Publication.subject) == EditionPublication.edition_id
    )
    question = select(EditionPublication.edition_id).where(not_(told))
    return list(session.exec(question.order_by(col(EditionPublication.published_at))).all())


def _noted(kind: PublicationKind) -> ColumnElement[bool]:
    return exists().where(col(Publication.certificate_id) == Certificate.id, col(Publication.kind) == kind)
