"""Questions the club office asks: what waits for the completeness check, and what waits for a team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from assessments.clock import now
from assessments.models import Application, Product, Submission, Vendor
from assessments.people import Actor, Part
from assessments.queries.standings import open_to
from assessments.states import State


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
        .where(
            col(Application.state).in_(list(states)),
            *open_to(actor, col(Application.id), col(Application.vendor_id), Part.COORDINATOR),
        )
        .group_by(col(Application.id), col(Product.id), col(Vendor.id))
        .order_by(func.min(col(Submission.submitted_at)), col(Application.moved_at), col(Application.ref))
    )
    return [Waiting(*row) for row in session.execute(question)]
