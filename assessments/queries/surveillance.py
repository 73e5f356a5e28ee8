"""Questions about surveillance: what is due, late, running and done, and which criteria one looks at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from assessments.clock import legal_day
from assessments.lifecycle import Measure, Trigger
from assessments.models import (
    Application,
    Basis,
    Certificate,
    Product,
    Proposal,
    ProposedMeasure,
    Surveillance,
    Vendor,
)
from assessments.queries.certificates import status_is
from assessments.queries.renewals import TOUCHES, sample
from assessments.states import CertificateStatus, ChangeKind, Kind, State
from criteria import store
from criteria.model import Level

MOST = 200  # in one list of the office
SHOWN = 30  # of those that are over
LEAD = timedelta(days=60)  # before its day a planned one is due
UNANSWERED = (State.WITHDRAWN, State.LAPSED, State.REFUSED)  # ways in which an application ends without a decision


class Standing(StrEnum):
    """How far a surveillance has come."""

    LATER = "later"  # planned, and not due yet
    DUE = "due"
    OVERDUE = "overdue"  # has not begun in time
    RUNNING = "running"
    STUCK = "stuck"  # its application ended without a decision
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Draw:
    """Which criteria a surveillance looks at, and the seed by which anybody draws the same ones again."""

    seed: str
    critical: tuple[str, ...]
    touched: tuple[str, ...]  # by what the vendor says has changed
    sampled: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.critical, *self.touched, *self.sampled)


def draw(
    certificate: Certificate,
    number: int,
    nonce: str,
    year: int,
    changes: tuple[str, ...] = (),
    pool: Collection[str] = (),
) -> Draw:
    """The criteria of a surveillance: the critical ones, those a change touches, and a sample of the rest.

    Of those that count today (`pool`, kept in its row; without it those the certificate was granted on); one that did
    not apply when it was granted is looked at as touched. The sample is renewals.sample() with the seed
    "<certificate>/<year>/<number>/<nonce>": ordered by sha256("<seed>:<code>"), a quarter, at least three. The nonce
    is made when the surveillance begins and kept in its row, so that nobody knows before and everybody can check
    after. Source: ISO/IEC 17065, 7.9.
    """
    edition = store.load(certificate.edition_id)
    found = certificate.content["criteria"]
    counted = list(pool) or [code for code in found["applied"] if code not in found["not_applicable"]]
    groups = {code: edition.criterion(code).group for code in counted}
    critical = [code for code in counted if edition.criterion(code).critical]
    everywhere = frozenset(groups.values())
    meant = frozenset().union(*(TOUCHES.get(ChangeKind(kind), everywhere) for kind in changes))
    fresh = set(counted) - set(found["applied"])
    touched = [code for code in counted if code not in critical and (groups[code] in meant or code in fresh)]
    seed = f"{certificate.number}/{year}/{number}/{nonce}"
    drawn = sample(seed, (code for code in counted if code not in {*critical, *touched}))
    return Draw(seed, tuple(critical), tuple(touched), tuple(code for code in counted if code in drawn))


def draw_of(certificate: Certificate, one: Surveillance, changes: tuple[str, ...] = ()) -> Draw | None:
    """The same for one that has begun; None before."""
    if one.begun_at is None:
        return None
    return draw(certificate, one.number, one.nonce, legal_day(one.begun_at).year, changes, one.pool)


def drawn_for(session: Session, application: Application) -> Draw | None:
    """The draw behind an application; None for other kinds, without a question."""
    found = of_application(session, application)
    if found is None:
        return None
    basis = session.get(Basis, application.id)
    return draw_of(found[1], found[0], tuple(basis.changes) if basis else ())


@dataclass(frozen=True)
class Line:
    """One surveillance in the office's list."""

    surveillance: Surveillance
    certificate: Certificate
    product: Product
    vendor: Vendor
    application: Application | None
    day: date

    @property
    def standing(self) -> Standing:
        """How far it has come, on the day the list is read."""
        return standing(self.surveillance, self.application, self.day)


def standing(one: Surveillance, application: Application | None, day: date) -> Standing:
    """How far a surveillance has come on a legal day."""
    if one.ended_at is not None:
        return Standing.DONE if one.measure is not None else Standing.DROPPED
    if application is not None:
        return Standing.STUCK if application.state in UNANSWERED else Standing.RUNNING
    if one.due_on < day:
        return Standing.OVERDUE
    return Standing.DUE if one.due_on <= day + LEAD else Standing.LATER


def open_lines(session: Session, day: date) -> list[Line]:
    """What is planned or runs about certificates in force, the nearest day first, in one statement."""
    question = _lines().where(col(Surveillance.ended_at).is_(None), in_force(day)).order_by(col(Surveillance.due_on))
    return [_line(row, day) for row in session.execute(question.limit(MOST)).all()]


def ended_lines(session: Session, day: date) -> list[Line]:
    """The last that are over, newest first."""
    question = _lines().where(col(Surveillance.ended_at).is_not(None)).order_by(col(Surveillance.ended_at).desc())
    return [_line(row, day) for row in session.execute(question.limit(SHOWN)).all()]


def line_of(session: Session, number: str, place: int, day: date) -> Line | None:
    """One, by the certificate's number and its own."""
    question = _lines().where(Certificate.number == number, Surveillance.number == place)
    row = session.execute(question).one_or_none()
    return _line(row, day) if row else None


def of_application(session: Session, application: Application) -> tuple[Surveillance, Certificate] | None:
    """The surveillance an application is about; None for other kinds, without a question."""
    if application.kind is not Kind.SURVEILLANCE:
        return None
    question = (
        select(Surveillance, Certificate)
        .join(Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
        .where(Surveillance.application_id == application.id)
    )
    return session.exec(question).one_or_none()


def of_certificate(session: Session, certificate_id: UUID) -> list[Surveillance]:
    """Every surveillance of a certificate, newest first."""
    question = select(Surveillance).where(Surveillance.certificate_id == certificate_id)
    return list(session.exec(question.order_by(col(Surveillance.number).desc())).all())


def last_number(session: Session, certificate_id: UUID) -> int:
    """The number of the last one of a certificate; 0 before the first."""
    question = select(func.max(Surveillance.number)).where(Surveillance.certificate_id == certificate_id)
    return session.exec(question).one() or 0


@dataclass(frozen=True)
class Surveyed:
    """What a decider needs besides the file: the certificate, the measures proposed, and what the scores lead to."""

    surveillance: Surveillance
    certificate: Certificate
    measures: dict[UUID, ProposedMeasure]
    computed: Measure

    def measure(self, made: Any) -> ProposedMeasure | None:
        """What a proposal or decision says of the certificate."""
        return self.measures.get(getattr(made, "proposal_id", made.id))


def surveyed_by(session: Session, application: Application, reached: Level | None) -> Surveyed | None:
    """The surveillance of an application before the committee; `reached` is the level by the last scores."""
    found = of_application(session, application)
    if found is None:
        return None
    return Surveyed(*found, measures_of(session, application), leads_to(found[1], reached))


def leads_to(certificate: Certificate, reached: Level | None) -> Measure:
    """What the last scores lead to: keep at the level of the certificate or above, reduce to a lower, or suspend."""
    if reached is None:
        return Measure.SUSPEND
    return Measure.KEEP if reached.number >= int(certificate.content["level"]["rank"]) else Measure.REDUCE


def measures_of(session: Session, application: Application) -> dict[UUID, ProposedMeasure]:
    """proposal id -> what it says of a certificate; nothing for other kinds, without a question."""
    if application.kind is not Kind.SURVEILLANCE:
        return {}
    question = (
        select(ProposedMeasure)
        .join(Proposal, col(Proposal.id) == col(ProposedMeasure.proposal_id))
        .where(Proposal.application_id == application.id)
    )
    return {one.proposal_id: one for one in session.exec(question).all()}


def to_plan(session: Session, day: date) -> list[UUID]:
    """Certificates that have begun and of which nothing was planned by the calendar yet, in one statement."""
    planned = select(Surveillance.certificate_id).where(Surveillance.trigger == Trigger.SCHEDULE)
    question = select(Certificate.id).where(in_force(day), col(Certificate.id).not_in(planned))
    return list(session.exec(question.limit(MOST)).all())


def told(session: Session, certificate: Certificate) -> list[dict[str, Any]]:
    """Every finished surveillance as the public may read it, newest first, JSON-ready, with the seed of its sample."""
    question = (
        select(Surveillance, Basis.changes)
        .join(Basis, col(Basis.application_id) == col(Surveillance.application_id))
        .where(Surveillance.certificate_id == certificate.id, col(Surveillance.measure).is_not(None))
        .order_by(col(Surveillance.number).desc())
    )
    return [_told(certificate, one, tuple(changes)) for one, changes in session.exec(question).all()]


def _told(certificate: Certificate, one: Surveillance, changes: tuple[str, ...]) -> dict[str, Any]:
    found = draw_of(certificate, one, changes)
    return {
        "number": one.number,
        "on": legal_day(one.ended_at).isoformat() if one.ended_at else "",
        "measure": one.measure.value if one.measure else "",
        "seed": found.seed if found else "",
        "critical": list(found.critical) if found else [],
        "touched": list(found.touched) if found else [],
        "sampled": list(found.sampled) if found else [],
    }


def in_force(day: date) -> ColumnElement[bool]:
    """SQL: a certificate stands on a day, suspended or not."""
    return status_is(CertificateStatus.ACTIVE, day) | status_is(CertificateStatus.SUSPENDED, day)


def _line(row: Any, day: date) -> Line:
    one, certificate, product, vendor, application = row
    return Line(one, certificate, product, vendor, application, day)


def _lines() -> Any:
    columns: list[Any] = [Surveillance, Certificate, Product, Vendor, Application]
    return (
        select(*columns)
        .join(Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
        .join(Product, col(Product.id) == col(Certificate.product_id))
        .join(Vendor, col(Vendor.id) == col(Certificate.vendor_id))
        .outerjoin(Application, col(Application.id) == col(Surveillance.application_id))
    )
