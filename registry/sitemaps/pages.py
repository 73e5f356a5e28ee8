"""Which pages the site map names: those that stay, every product with its certificate, every company, the criteria."""

from collections.abc import Iterator

from flask import current_app
from sqlmodel import Session

from assessments.clock import today
from assessments.queries import editions, sitemaps
from registry import articles
from registry.links import absolute
from registry.sitemaps.writing import Page

PART = 2_500  # products in one part: two pages each, in two languages, some 4 MB
MOST = 50_000  # addresses in one document, by the rules of sitemaps.org
STAYING = (
    *("pages.home", "products.index", "find.index", "certificates.verify", "criteria.index", "changes.index"),
    *("pages.procedure", "pages.about", "pages.accessibility", "pages.privacy", "committee.index"),
    *("members.index", "members.partners", "members.join", "concerns.index"),
    *("guides.index", "transparency.index", "log.index", "apply.index", "apply.blank", "complaints.new"),
    *("concerns.new", "misuse.new", "subscriptions.new", "data.index", "api.docs"),
)


def staying(session: Session) -> Iterator[Page]:
    """Pages that are there whatever is certified, the editions with their criteria, and companies."""
    for endpoint in STAYING:
        if endpoint in current_app.view_functions:
            yield _page(endpoint)
    yield from (_guide(one) for one in articles.listed(session, "vi"))
    published = editions.publications(session)
    for edition in editions.public(published):
        yield _page("criteria.edition", edition_id=edition.id)
        yield from (_page("criteria.criterion", edition_id=edition.id, code=one.code) for one in edition.criteria)
    for slug, changed in sitemaps.vendors(session, today()):
        page = _page("vendors.show", slug=slug)
        yield Page(page.vi, page.en, changed)


def of_products(session: Session, part: int) -> Iterator[Page]:
    """The products of one part, each with the page of its certificate."""
    for one in sitemaps.products(session, today(), part, PART):
        for page in (_page("products.show", slug=one.slug), _page("certificates.show", number=one.number)):
            yield Page(page.vi, page.en, one.changed_on)


def parts(session: Session) -> int:
    """How many parts the products take."""
    return -(-sitemaps.count(session, today()) // PART)


def _guide(one: articles.Listed) -> Page:
    page = _page("guides.show", slug=one.slug)
    return Page(page.vi, page.en, one.updated)


def _page(endpoint: str, **values: str) -> Page:
    return Page(absolute(endpoint, "vi", **values), absolute(endpoint, "en", **values))
