"""Questions about the directory: who stands in it, and whose products are certified here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.folding import sort_key
from assessments.models import Affiliate, Listing
from assessments.people import Affiliation
from assessments.states import CertificateState

MEMBERS = (Affiliation.FULL, Affiliation.ASSOCIATE)


@dataclass(frozen=True)
class Line:
    """One line of the directory, with how many of its products have a certificate here that is valid today."""

    affiliate: Affiliate
    products: int = 0


def directory(session: Session, affiliations: Collection[Affiliation] = tuple(Affiliation)) -> list[Affiliate]:
    """The directory in Vietnamese order, in one statement."""
    question = select(Affiliate).where(col(Affiliate.affiliation).in_(affiliations))
    return sorted(session.exec(question).all(), key=lambda one: sort_key(one.name_vi))


def with_products(session: Session, affiliates: Collection[Affiliate], day: date) -> list[Line]:
    """The same with how many products of each are certified on a day, read from the catalogue: one statement."""
    slugs = [one.slug for one in affiliates if one.slug]
    valid = (
        col(Listing.first_day) <= day,
        col(Listing.last_day) >= day,
        col(Listing.valid_from) <= day,
        col(Listing.valid_until) >= day,
        col(Listing.state) == CertificateState.ACTIVE,
    )
    question = select(Listing.vendor_slug, func.count()).where(col(Listing.vendor_slug).in_(slugs), *valid)
    rows = session.exec(question.group_by(col(Listing.vendor_slug))).all() if slugs else []
    counts = {row[0]: row[1] for row in rows}
    return [Line(one, counts.get(one.slug, 0)) for one in affiliates]


def affiliate(session: Session, affiliate_id: UUID) -> Affiliate | None:
    """One line, held until the transaction ends."""
    return session.get(Affiliate, affiliate_id, with_for_update=True)


def of_vendor(session: Session, vendor_id: UUID) -> Affiliate | None:
    """The line of a company that applies here."""
    return session.exec(select(Affiliate).where(Affiliate.vendor_id == vendor_id)).one_or_none()


def by_hand(session: Session, name: str) -> Affiliate | None:
    """A member the office has written down by hand under a company's name, before the company came here itself."""
    question = select(Affiliate).where(col(Affiliate.vendor_id).is_(None), Affiliate.name_vi == name)
    return next((one for one in session.exec(question).all() if one.affiliation in MEMBERS), None)
