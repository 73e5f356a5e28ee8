"""The route of /compare: two to four products side by side, or the list to choose them from."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session

from assessments.clock import today
from assessments.queries import catalogue as queries
from assessments.queries import choosing
from assessments.queries.catalogue import Card, Search
from registry import access, catalogue, db
from registry.compare import asking
from registry.compare.asking import Asked, Chosen
from registry.compare.rows import Compared, compared, rows_of

bp = Blueprint("compare", __name__, url_prefix="/compare")


@bp.get("")
@access.public
def index() -> Any:
    """The comparison; with fewer than two products, or where somebody wants others, what can be chosen."""
    session = db.session()
    asked = asking.read(request.args)
    chosen = asking.chosen(asked, choosing.side_by_side(session, asked.slugs, today()) if asked.slugs else [])
    products = [compared(one) for one in chosen.listings]
    if len(products) < 2 or asked.choosing:
        return _choice(session, asked, chosen, products)
    slugs = [one.listing.slug for one in products]
    rows = rows_of(products)
    return render_template(
        "compare/index.html",
        products=products,
        warnings=chosen.warnings,
        differing=[row for row in rows if row.differs],
        same=[row for row in rows if not row.differs],
        without={slug: asking.address([one for one in slugs if one != slug]) for slug in slugs},
        change_url=asking.address(slugs, choose=1),
        edition=catalogue.current_edition(),
    )


def _choice(session: Session, asked: Asked, chosen: Chosen, products: list[Compared]) -> Any:
    """The products to choose from: those that were searched for, or others of the first one's kind."""
    page = render_template(
        "compare/_choose.html",
        asked=asked,
        products=products,
        warnings=chosen.warnings,
        offered=_offered(session, asked, products),
        most=choosing.COMPARED,
        edition=catalogue.current_edition(),
    )
    return page, (404 if chosen.unknown and len(products) < 2 else 200)


def _offered(session: Session, asked: Asked, products: list[Compared]) -> list[Card]:
    kinds = products[0].facts.categories if products and not asked.text else ()
    wanted = Search(text=asked.text, facets={"category": kinds} if kinds else {})
    taken = {one.listing.slug for one in products}
    return [card for card in queries.search(session, wanted, today()).cards if card.slug not in taken]
