"""What the site map lists: the addresses of products, certificates and companies, a part at a time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Listing
from assessments.queries.catalogue import changed, visible


@dataclass(frozen=True)
class Place:
    """One product of the catalogue: its address, its certificate, and the day on which either last changed."""

    slug: str
    number: str
    changed_on: date


def count(session: Session, today: date) -> int:
    """How many products the catalogue shows."""
    return session.exec(select(func.count()).select_from(Listing).where(visible(today))).one()


def products(session: Session, today: date, part: int, size: int) -> list[Place]:
    """The products of one part, in the order of their addresses; parts are counted from 0."""
    question = select(Listing.slug, Listing.number, changed(today)).where(visible(today)).order_by(col(Listing.slug))
    rows = session.execute(question.offset(part * size).limit(size)).all()
    return [Place(slug, number, _day(on)) for slug, number, on in rows]


def vendors(session: Session, today: date) -> list[tuple[str, date]]:
    """Companies with published products, and the day on which one of them last changed."""
    newest = func.max(col(Listing.changed_on))
    question = select(Listing.vendor_slug, newest).where(visible(today)).group_by(col(Listing.vendor_slug))
    rows = session.execute(question.order_by(col(Listing.vendor_slug))).all()
    return [(slug, _day(on)) for slug, on in rows]


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
