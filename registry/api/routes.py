"""Routes under /api: the read API of the register, its description for programs, and its page for people."""

from flask import Response, current_app
from flask.blueprints import BlueprintSetupState

from assessments import numbers
from assessments.clock import today
from assessments.errors import NotFound
from assessments.queries import open_data as queries
from registry import access, db, errors, identity
from registry.api import answers, bearer, cursors, documentation, edition_routes, limits, own_routes, problems, shapes
from registry.api.addresses import address
from registry.api.answers import Asked, Body, after, answering, page
from registry.api.blueprint import bp
from registry.api.operations import BASE, CERTIFICATE, CERTIFICATES, EVENTS, PRODUCT, PRODUCTS, START, VENDOR, VENDORS
from registry.api.parameters import USUAL, BadParameter

__all__ = ["bp", "documentation", "edition_routes", "own_routes"]

FACETS = ("age", "worry", "platform", "category", "price", "language", "made_in", "level")


@bp.get(BASE)
@access.public
@answering(START)
def start(_asked: Asked) -> Body:
    """Where everything is."""
    settings = current_app.config["SETTINGS"]
    lists = ("products", "certificates", "vendors", "editions", "criteria", "events")
    return {
        "name": {one: identity.on(language=one).site_name for one in ("vi", "en")},
        "version": documentation.VERSION,
        "licence": settings.licence_url,
        "demonstration": settings.demonstration,
        "links": {
            **{name: address(f"api.{name}") for name in lists},
            "description": address("api.description"),
            "documentation": address("api.docs"),
            "bulk": address("data.index"),
        },
    }


@bp.get(f"{BASE}/products")
@access.public
@answering(PRODUCTS, by="register")
def products(asked: Asked) -> Body:
    """Products, filtered as in the catalogue."""
    wanted = queries.Products(
        text=asked.get("q", ""),
        facets={name: asked[name] for name in FACETS if name in asked},
        statuses=asked.get("status", ()),
        vendor=asked.get("vendor", ""),
        changed_since=asked.get("changed_since"),
    )
    (slug,), limit = after(PRODUCTS, asked, ""), asked.get("limit", USUAL)
    rows = queries.products(db.session(), wanted, slug, today(), limit + 1)
    following = cursors.written(PRODUCTS.name, rows[limit - 1].slug) if len(rows) > limit else ""
    return page(PRODUCTS, [shapes.product(one, today()) for one in rows[:limit]], following)


@bp.get(f"{BASE}/products/<slug>")
@access.public
@answering(PRODUCT, by="register")
def product(_asked: Asked, slug: str) -> Body:
    """One product."""
    row = queries.product(db.session(), slug, today())
    if row is None:
        raise NotFound
    return shapes.product(row, today())


@bp.get(f"{BASE}/certificates")
@access.public
@answering(CERTIFICATES, by="register")
def certificates(asked: Asked) -> Body:
    """Every certificate that was ever published."""
    wanted = queries.Certificates(
        statuses=asked.get("status", ()),
        **{name: asked[name] for name in ("product", "vendor", "edition", "level") if name in asked},
    )
    (year, serial), limit = after(CERTIFICATES, asked, 0, 0), asked.get("limit", USUAL)
    rows = queries.certificates(db.session(), wanted, (year, serial), today(), limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    following = cursors.written(CERTIFICATES.name, last.year, last.serial) if last else ""
    return page(CERTIFICATES, [shapes.certificate(one, today()) for one in rows[:limit]], following)


@bp.get(f"{BASE}/certificates/<number>")
@access.public
@answering(CERTIFICATE, by="register")
def certificate(_asked: Asked, number: str) -> Body:
    """One certificate, however its number is written."""
    wanted = numbers.parse(number).number
    row = queries.certificate(db.session(), wanted, today()) if wanted else None
    if row is None:
        raise NotFound
    return shapes.certificate(row, today())


@bp.get(f"{BASE}/vendors")
@access.public
@answering(VENDORS, by="register")
def vendors(asked: Asked) -> Body:
    """Companies with published products."""
    (slug,), limit = after(VENDORS, asked, ""), asked.get("limit", USUAL)
    rows = queries.vendors(db.session(), slug, today(), limit + 1)
    following = cursors.written(VENDORS.name, rows[limit - 1].slug) if len(rows) > limit else ""
    return page(VENDORS, [shapes.vendor(one) for one in rows[:limit]], following)


@bp.get(f"{BASE}/vendors/<slug>")
@access.public
@answering(VENDOR, by="register")
def vendor(_asked: Asked, slug: str) -> Body:
    """One company."""
    rows = queries.vendors(db.session(), "", today(), 1, slug=slug)
    if not rows:
        raise NotFound
    return shapes.vendor(rows[0])


@bp.get(f"{BASE}/events")
@access.public
@answering(EVENTS, by="log")
def events(asked: Asked) -> Body:
    """Everything the public log tells, from a cursor on."""
    if asked.get("cursor") == cursors.END:
        return {**page(EVENTS, []), "cursor": cursors.written(EVENTS.name, queries.standing(db.session()).log)}
    number = asked.get("certificate", "")
    wanted = queries.Events(asked.get("kind", ()), numbers.parse(number).number or number)
    (first,), limit = after(EVENTS, asked, 0), asked.get("limit", USUAL)
    rows = queries.events(db.session(), wanted, first, limit + 1, today())
    shown = rows[:limit]
    cursor = cursors.written(EVENTS.name, shown[-1].index + 1 if shown else first)
    return {**page(EVENTS, [shapes.event(one) for one in shown], cursor if len(rows) > limit else ""), "cursor": cursor}


@bp.before_request
def count() -> None:
    """Nobody asks more often than the settings allow."""
    limits.take()


@bp.errorhandler(BadParameter)
def refuse(error: BadParameter) -> Response:
    """Say which parameter it is."""
    return problems.of_parameter(error)


@bp.after_request
def open_to_all(response: Response) -> Response:
    """Any site may read what is public; what asks for a token is for no browser."""
    if bearer.is_own():
        response.headers.pop("Access-Control-Allow-Origin", None)
        return response
    return answers.open_to_all(response)


@bp.record
def written_as_problems(state: BlueprintSetupState) -> None:
    """Refusals under the API are problems."""
    errors.write_own(state.app, problems.UNDER, problems.write)
