"""Routes under /api/v1/own: what a company's programs read of its own, with a token."""

from uuid import UUID

from flask import Response

from assessments.errors import NotFound
from assessments.models import Application, TokenScope
from assessments.queries import messages, own_data
from registry import db
from registry.api import bearer, cursors, own_shapes
from registry.api import own_operations as operations
from registry.api.addresses import address
from registry.api.answers import Asked, Body, after, page
from registry.api.bearer import Bearer, reading
from registry.api.blueprint import bp
from registry.api.operations import BASE
from registry.api.parameters import CURSOR, USUAL, BadParameter

PLACES = {  # what a scope opens
    TokenScope.PRODUCTS: ("products", "certificates"),
    TokenScope.APPLICATIONS: ("applications", "deadlines"),
    TokenScope.EVIDENCE: ("evidence",),
    TokenScope.MESSAGES: (),
}


@bp.get(f"{BASE}/own")
@reading(operations.OWN)
def own(who: Bearer, _asked: Asked) -> Body:
    """What the token is."""
    opened = [name for scope, names in PLACES.items() if scope in who.scopes for name in names]
    return {
        "company": {"slug": who.slug, "name": who.company},
        "token": who.name,
        "scopes": [scope.value for scope in TokenScope if scope in who.scopes],
        "expires_at": who.expires_at.isoformat(),
        "links": {
            "self": address("api.own"),
            **{name: address(f"api.own_{name}") for name in opened},
            "documentation": address("api.docs"),
        },
    }


@bp.get(f"{BASE}/own/products")
@reading(operations.OWN_PRODUCTS)
def own_products(who: Bearer, asked: Asked) -> Body:
    """Products of the company."""
    (slug,), limit = after(operations.OWN_PRODUCTS, asked, ""), asked.get("limit", USUAL)
    rows = own_data.products(db.session(), who.vendor_id, slug, limit + 1)
    following = cursors.written("own_products", rows[limit - 1].slug) if len(rows) > limit else ""
    return page(operations.OWN_PRODUCTS, [own_shapes.product(one) for one in rows[:limit]], following)


@bp.get(f"{BASE}/own/certificates")
@reading(operations.OWN_CERTIFICATES)
def own_certificates(who: Bearer, asked: Asked) -> Body:
    """Certificates of the company, but for those that wait for their day."""
    (year, serial), limit = after(operations.OWN_CERTIFICATES, asked, 0, 0), asked.get("limit", USUAL)
    rows = own_data.certificates(db.session(), who.vendor_id, (year, serial), limit + 1)
    last = rows[limit - 1].certificate if len(rows) > limit else None
    following = cursors.written("own_certificates", last.year, last.serial) if last else ""
    return page(operations.OWN_CERTIFICATES, [own_shapes.certificate(one) for one in rows[:limit]], following)


@bp.get(f"{BASE}/own/applications")
@reading(operations.OWN_APPLICATIONS)
def own_applications(who: Bearer, asked: Asked) -> Body:
    """Applications of the company."""
    (ref,), limit = after(operations.OWN_APPLICATIONS, asked, ""), asked.get("limit", USUAL)
    rows = own_data.applications(db.session(), who.vendor_id, ref, limit + 1)
    following = cursors.written("own_applications", rows[limit - 1][0].ref) if len(rows) > limit else ""
    return page(operations.OWN_APPLICATIONS, [own_shapes.application(*row) for row in rows[:limit]], following)


@bp.get(f"{BASE}/own/applications/<ref>")
@reading(operations.OWN_APPLICATION)
def own_application(who: Bearer, _asked: Asked, ref: str) -> Body:
    """One application of the company."""
    return own_shapes.application(*_application(who, ref))


@bp.get(f"{BASE}/own/deadlines")
@reading(operations.OWN_DEADLINES)
def own_deadlines(who: Bearer, _asked: Asked) -> Body:
    """Every date to keep in mind."""
    return {"items": [own_shapes.deadline(one) for one in own_data.deadlines(db.session(), who.vendor_id)]}


@bp.get(f"{BASE}/own/evidence")
@reading(operations.OWN_EVIDENCE)
def own_evidence(who: Bearer, asked: Asked) -> Body:
    """The library of the company."""
    (last,), limit = after(operations.OWN_EVIDENCE, asked, UUID(int=0).hex), asked.get("limit", USUAL)
    rows = own_data.library(db.session(), who.vendor_id, _uuid(last), limit + 1)
    following = cursors.written("own_evidence", rows[limit - 1].evidence.id.hex) if len(rows) > limit else ""
    return page(operations.OWN_EVIDENCE, [own_shapes.evidence(one) for one in rows[:limit]], following)


@bp.get(f"{BASE}/own/applications/<ref>/messages")
@reading(operations.OWN_MESSAGES)
def own_messages(who: Bearer, _asked: Asked, ref: str) -> Body:
    """What was said about an application, as its page shows it."""
    application, _product = _application(who, ref)
    return {"items": [own_shapes.message(one) for one in messages.messages_of(db.session(), application)]}


@bp.before_app_request
def refuse_exposed() -> Response | None:
    """No key in any address."""
    return bearer.refuse_exposed()


@bp.errorhandler(bearer.BearerRefused)
def refuse(refusal: bearer.BearerRefused) -> Response:
    """Say what is wrong with the token."""
    return bearer.refused(refusal)


def _application(who: Bearer, ref: str) -> tuple[Application, str]:
    """One application; refuses (NotFound) those of others like those that are not there."""
    found = own_data.applications(db.session(), who.vendor_id, "", 1, ref=ref)
    if not found:
        raise NotFound
    return found[0]


def _uuid(text: str | int) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise BadParameter("cursor", CURSOR.wanted) from error
