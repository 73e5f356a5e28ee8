"""What `fsck` asks of the register: it says what was decided, line by line and day by day, and nothing else."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import catalogue, changes
from assessments.models import Certificate, Change, Period


def register(session: Session, _asked: Any) -> Iterator[str]:
    """Every product's lines and days are those that its certificates and their decisions give."""
    ids = set(session.exec(select(Certificate.product_id).distinct()).all())
    ids |= {one for one in session.exec(select(Change.product_id).distinct()).all() if one is not None}
    for product_id in sorted(ids, key=str):
        yield from _of_product(session, product_id)
        session.expunge_all()


def _of_product(session: Session, product_id: UUID) -> Iterator[str]:
    lines, periods = changes.expected(session, product_id, catalogue.published_of(session, product_id))
    kept = session.exec(select(Change).where(col(Change.product_id) == product_id)).all()
    wanted, there = {_line(one) for one in lines}, {_line(one) for one in kept}
    yield from (f"Line {one[0]} is not in the register." for one in sorted(wanted - there))
    yield from (f"Line {one[0]} of the register is not what was decided." for one in sorted(there - wanted))
    days = session.exec(select(Period).where(col(Period.product_id) == product_id)).all()
    if {_days(one) for one in periods} != {_days(one) for one in days}:
        yield f"The past of product {product_id} is not what was decided."


def _line(one: Change) -> tuple[Any, ...]:
    return one.key, one.kind.value, one.day, one.at, one.number


def _days(one: Period) -> tuple[Any, ...]:
    return one.first_day, one.last_day, one.number, one.status.value, one.since
