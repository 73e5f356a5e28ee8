"""Routes that machines look for by name: /sitemap.xml and its parts, /robots.txt, /.well-known/security.txt."""

from datetime import timedelta
from itertools import islice

from flask import Blueprint, Response, current_app

from assessments.clock import start_of_day, today
from assessments.errors import NotFound
from registry import access, db, identity
from registry.links import absolute
from registry.register import stamp
from registry.sitemaps import pages, writing

bp = Blueprint("sitemaps", __name__)

XML = "application/xml"
TEXT = "text/plain; charset=utf-8"


@bp.get("/sitemap.xml")
@access.public
def index() -> Response:
    """Every public page, in one document while there is room, else the list of its parts."""
    session = db.session()
    more = pages.parts(session)
    if more <= 1:
        found = [*islice(pages.staying(session), pages.MOST), *pages.of_products(session, 0)]
        if 2 * len(found) <= pages.MOST:
            return Response(writing.urlset(found), mimetype=XML)
    names = ["pages", *(f"products-{number}" for number in range(1, more + 1))]
    return Response(writing.index(absolute("sitemaps.part", name=one) for one in names), mimetype=XML)


@bp.get("/sitemaps/<name>.xml")
@access.public
def part(name: str) -> Response:
    """One part: the pages that stay, or some thousand products."""
    session = db.session()
    if name == "pages":
        return Response(writing.urlset(islice(pages.staying(session), pages.MOST // 2)), mimetype=XML)
    kind, _dash, number = name.partition("-")
    if kind != "products" or not (number.isascii() and number.isdigit() and len(number) <= len(str(pages.PART))):
        raise NotFound
    found = list(pages.of_products(session, int(number) - 1)) if int(number) else []
    if not found:
        raise NotFound
    return Response(writing.urlset(found), mimetype=XML)


@bp.get("/robots.txt")
@access.public
def robots() -> Response:
    """Everything public may be read; a demonstration is made up and should be found by nobody."""
    if current_app.config["SETTINGS"].demonstration:
        return Response("User-agent: *\nDisallow: /\n", content_type=TEXT)
    return Response(f"User-agent: *\nAllow: /\n\nSitemap: {absolute('sitemaps.index')}\n", content_type=TEXT)


@bp.get("/.well-known/security.txt")
@access.public
def security() -> Response:
    """Whom to tell of a hole (RFC 9116). The end is as many days ahead as the settings say, from today on."""
    settings = current_app.config["SETTINGS"]
    lines = (
        ("Contact", settings.security_contact or f"mailto:{identity.on().email}"),
        ("Expires", stamp(start_of_day(today() + timedelta(days=settings.security_txt_days)))),
        ("Preferred-Languages", "vi, en"),
        ("Canonical", absolute("sitemaps.security")),
    )
    return Response("".join(f"{name}: {value}\n" for name, value in lines), content_type=TEXT)
