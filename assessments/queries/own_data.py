"""What a company's programs read of the company's own: what its pages show, without what waits for its day.

Every list is asked page by page behind a key, in a fixed number of statements. The rules of what a company may know
are those of announcements and exports; nothing is asked here that a page of the company does not show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_
from sqlmodel import Session, col, select

from assessments.clock import legal_day, today
from assessments.models import (
    Application,
    Certificate,
    Condition,
    Decision,
    Evidence,
    Product,
    Replacement,
    StoredFile,
)
from assessments.queries.announcements import held_back
from assessments.queries.certificates import status_is
from assessments.queries.evidence import Item, uses_of
from assessments.queries.questions import waits_until
from assessments.queries.reminders import REMINDED
from assessments.states import CertificateStatus

IN_FORCE = (CertificateStatus.SCHEDULED, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)
AHEAD = timedelta(days=180)  # so far ahead deadlines of certificates and evidence are told


def products(session: Session, vendor_id: UUID, after: str, limit: int) -> list[Product]:
    """A company's products behind a slug."""
    question = select(Product).where(Product.vendor_id == vendor_id, Product.slug > after)
    return list(session.exec(question.order_by(Product.slug).limit(limit)).all())


@dataclass(frozen=True)
class Granted:
    """One certificate, and which application and product it is of."""

    certificate: Certificate
    ref: str
    product: str


def certificates(session: Session, vendor_id: UUID, after: tuple[int, int], limit: int) -> list[Granted]:
    """A company's certificates behind a number, but for those of a decision that is held back."""
    year, serial = after
    question = (
        select(Certificate, Application.ref, Product.slug)
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .join(Product, col(Product.id) == col(Application.product_id))
        .where(
            Certificate.vendor_id == vendor_id,
            not_(held_back()),
            or_(col(Certificate.year) > year, and_(col(Certificate.year) == year, col(Certificate.serial) > serial)),
        )
        .order_by(col(Certificate.year), col(Certificate.serial))
        .limit(limit)
    )
    return [Granted(*row) for row in session.exec(question).all()]


def applications(
    session: Session, vendor_id: UUID, after: str, limit: int, ref: str = ""
) -> list[tuple[Application, str]]:
    """A company's applications with the slugs of their products, behind a reference, or the one named."""
    question = (
        select(Application, Product.slug)
        .join(Product, col(Product.id) == col(Application.product_id))
        .where(Application.vendor_id == vendor_id, Application.ref > after)
        .order_by(Application.ref)
        .limit(limit)
    )
    if ref:
        question = question.where(Application.ref == ref)
    return list(session.exec(question).all())


def answer_by(application: Application) -> date | None:
    """Until when something is waited for from the company; None where nothing is, or as long as it likes."""
    if application.state in REMINDED and application.due_at is not None:
        return legal_day(application.due_at)
    until = waits_until(application)
    return legal_day(until) if until is not None else None


def library(session: Session, vendor_id: UUID, after: UUID, limit: int) -> list[Item]:
    """The pieces of a company's library behind one, with what each is used for: two statements."""
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id))
        .where(
            Evidence.vendor_id == vendor_id,
            col(Evidence.removed_at).is_(None),
            col(Replacement.old_id).is_(None),
            Evidence.id > after,
        )
        .order_by(col(Evidence.id))
        .limit(limit)
    )
    rows = session.exec(question).all()
    uses = uses_of(session, vendor_id, [evidence.id for evidence, _file in rows])
    return [Item(evidence, file, uses.get(evidence.id, [])) for evidence, file in rows]


# --- deadlines ---


class DueKind(StrEnum):
    """What a company has a date for."""

    APPLICATION = "application"  # an answer, a correction, a comment that is waited for
    CONDITION = "condition"  # something a certificate was granted on
    CERTIFICATE = "certificate"  # its last day


@dataclass(frozen=True)
class Due:
    """One date: of what, by its reference or number."""

    kind: DueKind
    due_on: date
    place: str
    detail: str = ""  # the criterion of a condition


def deadlines(session: Session, vendor_id: UUID) -> list[Due]:
    """Every date that a company has to keep in mind, the nearest first, in three statements."""
    found = [*_of_applications(session, vendor_id), *_of_conditions(session, vendor_id)]
    found += _of_certificates(session, vendor_id)
    return sorted(found, key=lambda one: (one.due_on, one.kind, one.place, one.detail))


def _of_applications(session: Session, vendor_id: UUID) -> Iterable[Due]:
    waiting = or_(
        and_(col(Application.state).in_(REMINDED), col(Application.due_at).is_not(None)),
        col(Application.paused_at).is_not(None),
    )
    for one in session.exec(select(Application).where(Application.vendor_id == vendor_id, waiting)).all():
        day = answer_by(one)
        if day is not None:
            yield Due(DueKind.APPLICATION, day, one.ref)


def _of_conditions(session: Session, vendor_id: UUID) -> Iterable[Due]:
    newest = (
        select(func.max(Decision.number))
        .where(Decision.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    question = (
        select(col(Condition.due_on), col(Certificate.number), col(Condition.criterion))
        .join(Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .join(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .where(
            Certificate.vendor_id == vendor_id,
            col(Condition.fulfilled_at).is_(None),
            Decision.number == newest,
            not_(held_back()),
            _in_force(),
        )
    )
    return (Due(DueKind.CONDITION, *row) for row in session.exec(question).all())


def _of_certificates(session: Session, vendor_id: UUID) -> Iterable[Due]:
    question = (
        select(col(Certificate.valid_until), col(Certificate.number))
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(
            Certificate.vendor_id == vendor_id,
            Certificate.valid_until <= today() + AHEAD,
            not_(held_back()),
            _in_force(),
        )
    )
    rows: Sequence[tuple[date, str]] = session.exec(question).all()
    return (Due(DueKind.CERTIFICATE, *row) for row in rows)


def _in_force() -> ColumnElement[bool]:
    return or_(*(status_is(one, today()) for one in IN_FORCE))
