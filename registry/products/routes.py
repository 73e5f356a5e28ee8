"""Routes under /products: the public catalogue."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from assessments import measured
from assessments.clock import today
from assessments.errors import NotFound
from assessments.queries import catalogue as queries
from assessments.queries import past
from registry import access, as_of, catalogue, db, identity
from registry.i18n import lang
from registry.links import absolute
from registry.previews import preview_of
from registry.products import filters, guides, metadata
from registry.products.page import data_rows, measured_rows, page_of, permission_rows

bp = Blueprint("products", __name__, url_prefix="/products")


@bp.get("")
@access.public
def index() -> Any:
    """Search and filter; the whole state stands in the address, a day gone by too."""
    session = db.session()
    if request.args.get(as_of.NAME, "").strip():
        return _past()
    counts = catalogue.counts(session)
    wanted = filters.read(request.args, counts)
    found = queries.search(session, wanted, counts.day)
    chips = filters.chips(wanted)
    looser = queries.loosened(session, wanted, counts.day) if not found.total else {}
    return render_template(
        "products/index.html",
        wanted=wanted,
        found=found,
        counts=counts,
        edition=catalogue.current_edition(),
        filters=filters.offered(wanted, counts, found),
        chips=chips,
        sorts=filters.sorts(wanted),
        loosened=filters.loosened(looser, wanted, chips),
        why=filters.why(found),
        read_as=filters.read_as(wanted, found),
        clear_url=filters.cleared(wanted),
        first_url=filters.address(wanted),
        next_url=filters.address(wanted, found.after) if found.after else None,
        before_url=filters.address(wanted, found.before) if found.before is not None else None,
    )


def _past() -> Any:
    """The catalogue as it was at the end of a day; what was typed is kept where the day has no answer."""
    session = db.session()
    asked = as_of.read(request.args, past.beginning(session))
    assert asked is not None  # noqa: S101  the caller has looked
    counts = catalogue.counts(session)
    wanted = filters.read(request.args, counts)
    found = None if asked.fault else past.search_on(session, wanted, asked.asked)
    page = render_template(
        "products/_past.html",
        asked=asked,
        wanted=wanted,
        found=found,
        filters=filters.offered(wanted, counts),
        chips=filters.chips(wanted),
        sorts=filters.sorts(wanted),
        next_url=filters.address(wanted, found.after) if found and found.after else None,
        first_url=filters.address(wanted),
        today_url=filters.address(filters.today(wanted)),
        address=filters.address,
    )
    return page, (422 if asked.fault else 200)


def _then(slug: str, number: str) -> str:
    """The page of the certificate that stood for a product on the day asked for; it says when that has no answer."""
    asked = as_of.read(request.args, past.beginning(db.session()))
    day = asked.day if asked is not None and not asked.fault else None
    stood = past.number_on(db.session(), slug, day) if day else ""
    typed = day.isoformat() if day else request.args[as_of.NAME]
    return url_for("certificates.show", number=stood or number, as_of=typed)


@bp.get("/<slug>")
@access.public
def show(slug: str) -> Any:
    """One product: what its certificate says, and what it does not; of a day gone by, the certificate of that day."""
    session = db.session()
    listing = queries.listing_by_slug(session, slug, today())
    if listing is None:
        raise NotFound
    if request.args.get(as_of.NAME, "").strip():
        return redirect(_then(slug, listing.number))
    page = page_of(listing, today())
    preview = preview_of(listing.number, page.status, page.name)
    edition = catalogue.edition_of(listing.content)
    return render_template(
        "products/show.html",
        page=page,
        preview=preview,
        described=metadata.described(page, preview),
        short_url=absolute("certificates.show", lang(), number=listing.number),
        helped=guides.helping(session, lang(), page.profile.platforms, page.profile.categories),
        expects_figures=edition is not None and measured.expected(edition, page.profile.categories),
        data=data_rows(page.profile),
        permissions=permission_rows(page.profile),
        measured=measured_rows(listing.content),
        edition=edition,
        office_email=identity.on().email,
    )
