"""Questions about the conditions of decisions: which count, which are near, and which are overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, not_
from sqlmodel import Session, col, func, select

from assessments.clock import legal_day
from assessments.models import Application, Certificate, Condition, ConditionReminder, Decision, Product, Vendor
from assessments.models.conditions import OVERDUE
from assessments.queries.announcements import held_back
from assessments.queries.certificates import status_is
from assessments.states import CertificateStatus
from criteria import store

MOST = 200  # in one list of the office


def is_overdue(condition: Condition, day: date) -> bool:
    """Whether its day has passed and nobody has found it fulfilled."""
    return condition.fulfilled_at is None and condition.due_on < day


def of_proposal(session: Session, proposal_id: UUID) -> list[Condition]:
    """What goes with a proposal, in its order."""
    question = select(Condition).where(Condition.proposal_id == proposal_id).order_by(col(Condition.number))
    return list(session.exec(question).all())


def of_application(session: Session, application_id: UUID) -> dict[UUID, list[Condition]]:
    """proposal id -> its conditions, in their order."""
    question = select(Condition).where(Condition.application_id == application_id).order_by(col(Condition.number))
    found: dict[UUID, list[Condition]] = {}
    for condition in session.exec(question).all():
        found.setdefault(condition.proposal_id, []).append(condition)
    return found


def of_certificate(session: Session, certificate: Certificate) -> list[Condition]:
    """What a certificate was granted on, in its order."""
    question = (
        select(Condition)
        .join(Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .where(Decision.id == certificate.decision_id)
        .order_by(col(Condition.number))
    )
    return list(session.exec(question).all())


def told(condition: Condition) -> dict[str, Any]:
    """A condition as the public may read it, JSON-ready; whether it is overdue depends on the day it is read."""
    done = condition.fulfilled_at
    return {
        "number": condition.number,
        "criterion": condition.criterion,
        "text": {"vi": condition.text_vi, "en": condition.text_en},
        "due_on": condition.due_on.isoformat(),
        "fulfilled_on": legal_day(done).isoformat() if done else "",
    }


def in_force(session: Session, application_id: UUID) -> list[Condition]:
    """The conditions of the decision in force, in their order."""
    newest = select(func.max(Decision.number)).where(Decision.application_id == application_id).scalar_subquery()
    question = (
        select(Condition)
        .join(Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .where(Condition.application_id == application_id, Decision.number == newest)
        .order_by(col(Condition.number))
    )
    return list(session.exec(question).all())


def numbered(session: Session, application_id: UUID, number: int) -> Condition | None:
    """One condition of the decision in force."""
    return next((one for one in in_force(session, application_id) if one.number == number), None)


@dataclass(frozen=True)
class Waiting:
    """A condition that still has to be fulfilled, and the nearest reminder sent of it."""

    condition: Condition
    edition_id: str
    decided_on: date
    sent: int | None

    def due_days(self, day: date) -> int | None:
        """The reminder to send on a legal day, in days before the condition's; OVERDUE once it has passed, None: none.

        One whose time came before the decision has no news: the letter of the decision said the same.
        """
        due = self.condition.due_on
        if day > due:
            come = [OVERDUE]
        else:
            before = store.load(self.edition_id).reminder_days
            come = [one for one in before if self.decided_on < due - timedelta(days=one) <= day]
        if not come or (self.sent is not None and self.sent <= min(come)):
            return None
        return min(come)


def waiting(session: Session, day: date, condition_id: UUID | None = None) -> list[Waiting]:
    """The conditions of certificates in force that nobody has found fulfilled, in one statement; of all or of one.

    Results that wait for their announcement are left out: until then nobody outside knows of them.
    """
    sent = (
        select(func.min(ConditionReminder.days)).where(ConditionReminder.condition_id == Condition.id).scalar_subquery()
    )
    columns: list[Any] = [Condition, Application.edition_id, Certificate.decided_on, sent]
    question = _open(select(*columns), day).where(not_(held_back()))
    if condition_id is not None:
        question = question.where(col(Condition.id) == condition_id)
    return [Waiting(*row) for row in session.execute(question.order_by(col(Condition.due_on))).all()]


def to_remind(session: Session, day: date) -> list[UUID]:
    """The conditions of which a reminder is due on a legal day."""
    return [one.condition.id for one in waiting(session, day) if one.due_days(day) is not None]


@dataclass(frozen=True)
class Line:
    """One condition in the office's list."""

    condition: Condition
    certificate: Certificate
    product: Product
    vendor: Vendor
    ref: str
    day: date

    @property
    def overdue(self) -> bool:
        """Whether its day has passed."""
        return is_overdue(self.condition, self.day)


def open_lines(session: Session, day: date) -> list[Line]:
    """Every condition of a certificate in force that is not fulfilled, the nearest day first."""
    columns: list[Any] = [Condition, Certificate, Product, Vendor, Application.ref]
    question = (
        _open(select(*columns), day)
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .order_by(col(Condition.due_on), col(Certificate.number), col(Condition.number))
        .limit(MOST)
    )
    rows = session.execute(question).all()
    return [
        Line(condition, certificate, product, vendor, ref, day) for condition, certificate, product, vendor, ref in rows
    ]


def overdue_count(session: Session, day: date) -> int:
    """How many conditions of certificates in force are overdue."""
    question = _open(select(func.count()).select_from(Condition), day).where(col(Condition.due_on) < day)
    return int(session.execute(question).scalar_one())


def _open(question: Any, day: date) -> Any:
    return (
        question.join(Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .join(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .join(Application, col(Application.id) == col(Condition.application_id))
        .where(col(Condition.fulfilled_at).is_(None), _in_force(day))
    )


def _in_force(day: date) -> ColumnElement[bool]:
    return status_is(CertificateStatus.ACTIVE, day) | status_is(CertificateStatus.SUSPENDED, day)
