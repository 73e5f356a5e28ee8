"""Questions the club office asks: what waits for the completeness check, and what waits for a team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, not_, select
from sqlmodel import Session, col

from assessments.clock import now
from assessments.models import Application, Declaration, Participation, Product, Submission, Vendor
from assessments.people import Actor, Part
from assessments.queries.standings import has_interest_in, interest_window_start
from assessments.states import State
from criteria import store


@dataclass(frozen=True)
class Waiting:
    """One application in a queue of the office; `handed_in_at` is the day that counts for the order."""

    application: Application
    product: Product
    vendor: Vendor
    handed_in_at: datetime | None
    submissions: int

    @property
    def late(self) -> bool:
        """Whether the deadline of its state has passed."""
        due = self.application.due_at
        return due is not None and due < now()


def queue(session: Session, actor: Actor, states: Iterable[State]) -> list[Waiting]:
    """The applications in some states, first handed in first (ISO/IEC 17065, 4.4), in one statement.

    Those in which the person has an interest or another part are left out: for them they are not there.
    """
    question = (
        select(Application, Product, Vendor, func.min(col(Submission.submitted_at)), func.count(col(Submission.id)))
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .outerjoin(Submission, col(Submission.application_id) == col(Application.id))
        .where(col(Application.state).in_(list(states)), *open_to(actor))
        .group_by(col(Application.id), col(Product.id), col(Vendor.id))
        .order_by(func.min(col(Submission.submitted_at)), col(Application.moved_at), col(Application.ref))
    )
    return [Waiting(*row) for row in session.execute(question)]


def open_to(actor: Actor) -> tuple[Any, ...]:
    """SQL: nothing in the registers stands between the person and the application."""
    mine = col(Participation.person_id) == actor.id, col(Participation.application_id) == col(Application.id)
    said = col(Declaration.person_id) == actor.id, col(Declaration.application_id) == col(Application.id)
    return (
        not_(has_interest_in(actor.id, col(Application.vendor_id), _longest_window())),
        not_(exists().where(*mine, col(Participation.part) != Part.COORDINATOR)),
        not_(exists().where(*said, col(Declaration.has_interest))),
    )


def _longest_window() -> date:
    """The earliest first day of the interest windows of all editions: the careful side for a list."""
    return min(interest_window_start(edition.id) for edition in store.editions())
