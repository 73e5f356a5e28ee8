"""What somebody asks who is choosing a product: which fit best, how many without one wish, several side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from assessments.models import Listing, ListingFacet
from assessments.queries.catalogue import EXACT, Card, status_is, visible
from assessments.states import CertificateStatus

SHORT = 6  # products in a short list
COMPARED = 4  # and side by side
NOT_AT_HOME = ("AA", "CM", "HM")  # kinds that a service, a school or a platform installs, never a family
_CARD: Any = [getattr(Listing, "card" if one.name == "text" else one.name) for one in fields(Card)]
COUNTED = ("platform", "worry")  # of these any one will do, and the more the better


@dataclass(frozen=True)
class Wish:
    """What a product must have: facet -> values of which one must fit; a facet without values is no wish.

    `near` holds values that do as well, though they are less than what was asked for.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def all(self) -> dict[str, tuple[str, ...]]:
        """Facet -> every value that will do."""
        return {facet: (*values, *self.near.get(facet, ())) for facet, values in self.facets.items() if values}


@dataclass(frozen=True)
class Fitting:
    """The products that fit best, and how many fit (up to EXACT + 1)."""

    listings: list[Listing]
    total: int


def fitting(session: Session, wish: Wish, today: date) -> Fitting:
    """The SHORT products with a valid certificate that fit best, in two statements.

    First who covers most of the devices and worries asked for, then the higher level, then the newest check.
    """
    question = select(Listing).where(*_conditions(wish, today)).order_by(*_best_first(wish)).limit(SHORT)
    return Fitting(list(session.exec(question).all()), count(session, wish, today))


def count(session: Session, wish: Wish, today: date) -> int:
    """How many products fit, counted no further than EXACT + 1."""
    found: int = session.exec(select(_capped(_conditions(wish, today)))).one()
    return found


def counts(session: Session, wishes: Mapping[str, Wish], today: date) -> dict[str, int]:
    """Name of a wish -> how many products fit it, in one statement; only where there are any."""
    if not wishes:
        return {}
    row = session.execute(select(*[_capped(_conditions(wish, today)) for wish in wishes.values()])).one()
    return {name: number for name, number in zip(wishes, row, strict=True) if number}


def side_by_side(session: Session, slugs: Iterable[str], today: date) -> list[Listing]:
    """The published products of these names in the order asked for, whatever their state; unknown ones are left out."""
    wanted = list(dict.fromkeys(slugs))
    question = select(Listing).where(visible(today), col(Listing.slug).in_(wanted))
    found = {one.slug: one for one in session.exec(question).all()}
    return [found[slug] for slug in wanted if slug in found]


def newest(session: Session, today: date, limit: int = 4) -> list[Card]:
    """The products whose valid certificates are the youngest."""
    active = status_is(CertificateStatus.ACTIVE, today)
    return _cards(session, [visible(today), active], col(Listing.valid_from).desc(), limit)


def lately_stopped(session: Session, today: date, limit: int = 4) -> list[Card]:
    """The products whose certificates the club suspended or withdrew last, and still are."""
    stopped = [status_is(one, today) for one in (CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN)]
    return _cards(session, [visible(today), or_(*stopped)], col(Listing.changed_on).desc(), limit)


def _cards(session: Session, conditions: list[ColumnElement[bool]], first: Any, limit: int) -> list[Card]:
    question = select(*_CARD).where(*conditions).order_by(first, col(Listing.sort_key), col(Listing.certificate_id))
    return [Card(*row) for row in session.execute(question.limit(limit)).all()]


def _conditions(wish: Wish, today: date) -> list[ColumnElement[bool]]:
    at_home = _has("category", None, without=NOT_AT_HOME)
    wishes = [_has(facet, values) for facet, values in wish.all().items()]
    return [visible(today), status_is(CertificateStatus.ACTIVE, today), at_home, *wishes]


def _has(facet: str, values: tuple[str, ...] | None, without: tuple[str, ...] = ()) -> ColumnElement[bool]:
    """SQL: a listing has one of these values, or with None any but those in `without`."""
    value = col(ListingFacet.value)
    fits = value.not_in(without) if values is None else value.in_(values)
    having = select(ListingFacet.listing_id).where(ListingFacet.facet == facet, fits)
    return col(Listing.certificate_id).in_(having)


def _best_first(wish: Wish) -> list[Any]:
    """SQL: the order of a short list."""
    order: list[Any] = []
    if asked := [_asked(facet, values) for facet in COUNTED if (values := wish.facets.get(facet))]:
        covered = select(func.count()).where(ListingFacet.listing_id == Listing.certificate_id, or_(*asked))
        order.append(covered.scalar_subquery().desc())
    if prices := wish.facets.get("price"):
        order.append(case((_has("price", prices), 0), else_=1))
    order += [col(Listing.level_rank).desc(), col(Listing.checked_on).desc()]
    return [*order, col(Listing.sort_key), col(Listing.certificate_id)]


def _asked(facet: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(col(ListingFacet.facet) == facet, col(ListingFacet.value).in_(values))


def _capped(conditions: list[ColumnElement[bool]]) -> Any:
    """SQL: how many listings fit, counted no further than EXACT + 1."""
    fits = select(Listing.certificate_id).where(*conditions).limit(EXACT + 1).subquery()
    return select(func.count()).select_from(fits).scalar_subquery()
