"""Deadlines of concerns: a child may be in danger, nobody has acknowledged it, it waits for an answer."""

from typing import Any

from sqlmodel import col

from assessments.models import Concern, Product
from assessments.queries.concerns import ALARM, OPEN
from assessments.queries.deadline_columns import Acts, Kind, Source
from assessments.recourse import ConcernState


def concerns() -> list[Any]:
    """Open concerns, each once; with the company of the product, so that whoever has an interest there sees nothing."""
    alarming, received = col(Concern.danger).in_(ALARM), col(Concern.state) == ConcernState.RECEIVED
    wanted = {
        Kind.CONCERN_DANGER: (alarming,),
        Kind.CONCERN_RECEIPT: (~alarming, received),
        Kind.CONCERN_ANSWER: (~alarming, ~received),
    }
    return [
        Source(
            kind,
            col(Concern.due_at),
            col(Concern.number),
            Acts.OFFICE.value,
            col(Concern.number),
            vendor_id=col(Product.vendor_id),
        )
        .select(col(Concern.state).in_(OPEN), col(Concern.due_at).is_not(None), *conditions)
        .select_from(Concern)
        .outerjoin(Product, col(Product.id) == col(Concern.product_id))
        for kind, conditions in wanted.items()
    ]
