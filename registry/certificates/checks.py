"""What `fsck` asks of certificates that live on: surveillance, change notices, reductions, endings, editions."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.clock import legal_day, today
from assessments.lifecycle import ChangeSize, Measure
from assessments.models import (
    Application,
    Basis,
    Certificate,
    CertificateEvent,
    CertificateRevision,
    ChangeNotice,
    EditionProposal,
    EditionPublication,
    Member,
    Surveillance,
)
from assessments.queries import past
from assessments.queries.certificates import status
from assessments.queries.renewals import STANDING
from assessments.queries.surveillance import draw_of
from assessments.reductions import PARTS
from assessments.states import CertificateAction, CertificateState, CertificateStatus, Kind
from criteria import store
from criteria.digest import digest
from criteria.source import EditionError

SCOPED = (CertificateAction.REDUCE, CertificateAction.RESTORE)  # events that leave a revision


def lasting(session: Session, _asked: Any = None) -> Iterator[str]:
    """Whatever is wrong, as sentences."""
    yield from _certificates(session)
    yield from _surveillance(session)
    yield from _notices(session)
    yield from _editions(session)


# --- what was decided, and what the certificate says ---


def _certificates(session: Session) -> Iterator[str]:
    events = _by_certificate(session.exec(select(CertificateEvent).order_by(col(CertificateEvent.number))).all())
    rows = _by_certificate(session.exec(select(CertificateRevision).order_by(col(CertificateRevision.number))).all())
    owners = {(one.vendor_id, one.user_id) for one in session.exec(select(Member)).all()}
    for one in session.exec(select(Certificate).order_by(col(Certificate.number))):
        mine = events.get(one.id, [])
        yield from _state(one, mine)
        yield from _revisions(one, mine, rows.get(one.id, []))
        for event in mine:
            if event.action is CertificateAction.TERMINATE and (one.vendor_id, event.decided_by) not in owners:
                yield f"{one.number} was ended by somebody who never belonged to its company."


def _by_certificate(found: Sequence[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = {}
    for one in found:
        grouped.setdefault(one.certificate_id, []).append(one)
    return grouped


def _state(one: Certificate, events: list[CertificateEvent]) -> Iterator[str]:
    """Its state is what its decisions have made of it."""
    decided = past.state_on(events, today())
    if one.state is not decided and one.state is not CertificateState.SUPERSEDED:
        yield f"{one.number} is {one.state}, its decisions make it {decided}."


def _revisions(one: Certificate, events: list[CertificateEvent], rows: list[CertificateRevision]) -> Iterator[str]:
    """Every change of its scope left one revision, each begins where the one before ended, and none adds anything."""
    if [row.number for row in rows] != list(range(2, one.revision + 1)):
        yield f"{one.number} is at revision {one.revision} and has {len(rows)} changes of scope."
    wanted = {event.id for event in events if event.action in SCOPED and event.effective_on is not None}
    if wanted != {row.event_id for row in rows}:
        yield f"The changes of scope of {one.number} are not those that were decided."
    reduced = {event.id for event in events if event.action is CertificateAction.REDUCE}
    said = [*(row.before for row in rows[1:]), one.content]
    for row, following in zip(rows, said, strict=False):
        if row.after != following:
            yield f"Revision {row.number} of {one.number} does not say what came after it."
        if row.event_id in reduced and not _is_less(row.before, row.after):
            yield f"Revision {row.number} of {one.number} adds to what was certified."


def _is_less(before: dict[str, Any], after: dict[str, Any]) -> bool:
    kept = all(set(after["profile"][part]) <= set(before["profile"][part]) for part in PARTS)
    return kept and int(after["level"]["rank"]) <= int(before["level"]["rank"])


# --- surveillance ---


def _surveillance(session: Session) -> Iterator[str]:
    question = (
        select(Surveillance, Certificate, Application, Basis)
        .join(Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
        .outerjoin(Application, col(Application.id) == col(Surveillance.application_id))
        .outerjoin(Basis, col(Basis.application_id) == col(Surveillance.application_id))
        .order_by(col(Certificate.number), col(Surveillance.number))
    )
    decided = _decided(session)
    for one, certificate, application, basis in session.exec(question).all():
        name = f"Surveillance {one.number} of {certificate.number}"
        if application is None and one.ended_at is None and _is_cut_short(certificate):
            yield f"{name} is planned of a certificate that has ended."
        if application is not None:
            yield from _begun(name, (one, certificate, application), tuple(basis.changes) if basis else ())
        if one.measure not in {None, Measure.KEEP} and _effect(one) not in decided.get(certificate.id, set()):
            yield f"{name} led to {one.measure}, and nothing was decided so on that day."


def _is_cut_short(certificate: Certificate) -> bool:
    """Ended before its last day: one that has run to its end keeps its plan as it was."""
    return certificate.valid_until >= today() and status(certificate, today()) not in {
        *STANDING,
        CertificateStatus.SCHEDULED,
    }


def _decided(session: Session) -> dict[UUID, set[tuple[str, Any]]]:
    found: dict[UUID, set[tuple[str, Any]]] = {}
    for event in session.exec(select(CertificateEvent).where(col(CertificateEvent.effective_on).is_not(None))).all():
        found.setdefault(event.certificate_id, set()).add((event.action.value, event.effective_on))
    return found


def _effect(one: Surveillance) -> tuple[str, Any]:
    return (one.measure.value if one.measure else "", legal_day(one.ended_at) if one.ended_at else None)


def _begun(name: str, found: tuple[Surveillance, Certificate, Application], changes: tuple[str, ...]) -> Iterator[str]:
    """It is about the product of its certificate, and about the criteria that its seed draws."""
    one, certificate, application = found
    if (application.kind, application.product_id) != (Kind.SURVEILLANCE, certificate.product_id):
        yield f"{name} runs as {application.ref}, which is about something else."
    drawn = draw_of(certificate, one, changes)
    if drawn is not None and list(drawn.codes) != list(application.asked):
        yield f"{name} asks for other criteria than its seed draws."


# --- change notices ---


def _notices(session: Session) -> Iterator[str]:
    planned = set(session.exec(select(Surveillance.notice_id).where(col(Surveillance.notice_id).is_not(None))).all())
    question = (
        select(ChangeNotice, Certificate, Application)
        .join(Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
        .order_by(col(Certificate.number), col(ChangeNotice.number))
    )
    for one, certificate, application in session.exec(question).all():
        name = f"Change notice {one.number} about {certificate.number}"
        if one.vendor_id != certificate.vendor_id:
            yield f"{name} is another company's."
        if one.size is ChangeSize.MAJOR and one.id not in planned:
            yield f"{name} is about a major change, and no surveillance was planned because of it."
        if application is not None and (application.kind, application.product_id) != (
            Kind.CHANGE,
            certificate.product_id,
        ):
            yield f"{name} is answered by {application.ref}, which is about something else."


# --- editions ---


def _editions(session: Session) -> Iterator[str]:
    """The files of every published edition say what was published; of those that took two people, both are known."""
    confirmed = {
        (one.edition_id, one.digest, one.proposed_by, one.confirmed_by)
        for one in session.exec(select(EditionProposal).where(col(EditionProposal.confirmed_at).is_not(None))).all()
    }
    for one in session.exec(select(EditionPublication).order_by(col(EditionPublication.edition_id))):
        try:
            now = digest(store.load(one.edition_id))
        except EditionError as error:
            yield f"Edition {one.edition_id} cannot be read: {error}"
            continue
        if now != one.digest:
            yield f"The files of edition {one.edition_id} are not those that were published."
        two = (one.edition_id, one.digest, one.proposed_by, one.published_by)
        if one.proposed_by is not None and two not in confirmed:
            yield f"Edition {one.edition_id} was published without a proposal that two people agreed on."
