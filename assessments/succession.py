"""One certificate after another: of a product's certificates one stands at a time (ISO/IEC 17065, 7.11)."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from assessments import history
from assessments.clock import now
from assessments.models import Application, Certificate, Surveillance
from assessments.people import Actor
from assessments.queries.certificates import ended_unheard, status
from assessments.states import Action, CertificateStatus, CertificateStep, Kind, State
from assessments.workflow import TRANSITIONS, move

_STANDING = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED, CertificateStatus.SCHEDULED)


def standing_before(session: Session, application: Application, day: date) -> list[Certificate]:
    """The certificates of the product that stand on a legal day, their rows held: what a new one follows."""
    question = (
        select(Certificate)
        .where(Certificate.product_id == application.product_id)
        .order_by(col(Certificate.valid_from), col(Certificate.serial))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [one for one in session.exec(question).all() if status(one, day) in _STANDING and one.superseded_on is None]


def last_day(application: Application, formers: Iterable[Certificate], starts: date, usual: date) -> date:
    """The last day of a new certificate: a change or transition does not prolong what it follows, while that stands."""
    ends = [one.valid_until for one in formers if one.valid_until >= starts]
    return min([usual, *ends]) if application.kind in {Kind.CHANGE, Kind.TRANSITION} else usual


def follow(session: Session, actor: Actor, certificate: Certificate, formers: Iterable[Certificate]) -> None:
    """Let a new certificate take the place of those before it, from its first day on.

    One that ends by itself before that day is left to expire. The caller renews the catalogue.
    """
    for former in formers:
        if former.valid_until >= certificate.valid_from:
            former.superseded_on = certificate.valid_from
            _write_down(session, actor, former, CertificateStep.SUPERSEDE, certificate.number)
            stop_surveillance(session, former)


def stop_surveillance(session: Session, certificate: Certificate) -> None:
    """After the end of a certificate: a surveillance that runs stops, and one that is planned is none any more."""
    question = select(Surveillance).where(
        Surveillance.certificate_id == certificate.id, col(Surveillance.ended_at).is_(None)
    )
    for one in session.exec(question.with_for_update()).all():
        application = session.get_one(Application, one.application_id) if one.application_id else None
        if application is not None and application.state in TRANSITIONS[Action.STOP].sources:
            move(session, None, application, Action.STOP, certificate.number)
        if application is None or application.state is State.WITHDRAWN:
            one.ended_at = now()
            session.add(one)
    session.flush()


def take_back_place(certificate: Certificate, others: Iterable[Certificate]) -> None:
    """Of a certificate that comes back into force: where another stands by now, that one follows it."""
    begun = [one.valid_from for one in others if one.id != certificate.id]
    if begun:
        certificate.superseded_on = max(min(begun), certificate.valid_from)


def give_back(session: Session, actor: Actor | None, certificate: Certificate) -> None:
    """After a certificate ended before its first day: what it was to follow goes on as if it had never been.

    Nothing happens for one that has begun. The caller renews the catalogue.
    """
    if not ended_unheard(certificate):
        return
    question = select(Certificate).where(
        Certificate.product_id == certificate.product_id,
        Certificate.superseded_on == certificate.valid_from,
        Certificate.id != certificate.id,
    )
    for former in session.exec(question.with_for_update()).all():
        former.superseded_on = None
        _write_down(session, actor, former, CertificateStep.KEEP, certificate.number)


def _write_down(session: Session, actor: Actor | None, former: Certificate, step: CertificateStep, number: str) -> None:
    former.version += 1
    session.add(former)
    history.record(session, actor, history.Step(step, note=number), certificate=former)
