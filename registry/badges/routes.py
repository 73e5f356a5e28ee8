"""Routes of badges: the picture for anybody's page, what may be said with it, and the kit of a company."""

import base64
import hashlib
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug import Response

from assessments.clock import today
from assessments.errors import NotFound
from assessments.models import Vendor
from assessments.numbers import parse
from assessments.queries import certificates as queries
from registry import access, db
from registry.badges import badge_of, drawing, kit, words
from registry.i18n import LANGUAGES, lang
from registry.links import absolute
from registry.security import public_seconds

bp = Blueprint("badges", __name__)

SECONDS = 300  # so long a changed status may stay unseen on somebody's page
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@bp.get("/c/<number>.svg")
@access.public
def picture(number: str) -> Response:
    """The badge as it stands now: ?theme=light, dark or auto, ?lang=vi or en. Any site may show it."""
    wanted = parse(number).number
    if wanted and wanted != number:
        return redirect(
            url_for("badges.picture", number=wanted, theme=request.args.get("theme"), lang=request.args.get("lang"))
        )
    badge = badge_of(wanted or number[:24], queries.certificate_by_number(db.session(), wanted), today())
    with force_locale(_chosen("lang", LANGUAGES, lang())):
        drawn = drawing.draw(badge, _chosen("theme", drawing.THEMES, "light"), demonstration=_demonstration())
    response = Response(drawn, 200 if badge.status else 404, content_type="image/svg+xml; charset=utf-8")
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = _policy(drawn)
    seconds = public_seconds(SECONDS) if badge.status else 0
    response.headers["Cache-Control"] = f"public, max-age={seconds}, must-revalidate"
    return response


@bp.get("/badges")
@access.public
def index() -> str:
    """What may be said with the mark and the certificate, and what not."""
    return render_template("badges/index.html")


@bp.get("/badges/<number>")
@access.on_vendor()
def show(vendor: Vendor, number: str) -> str:
    """The kit of one certificate of the company: pictures, code to copy, papers."""
    certificate = queries.certificate_by_number(db.session(), number)
    if certificate is None or certificate.vendor_id != vendor.id:
        raise NotFound
    badge = badge_of(number, certificate, today())
    if badge.status is None:
        raise NotFound
    return render_template(
        "badges/show.html",
        badge=badge,
        paper=lambda language: absolute("certificates.papers.pdf", language, number=number),
        twin=lambda language: absolute("certificates.papers.show", language, number=number),
        pieces=list(kit.pieces(badge)),
        told=words.sentence(badge, demonstration=_demonstration()),
    )


def _policy(drawn: str) -> str:
    """Nothing may be loaded or run, and of styles only the one that stands in this very picture counts."""
    style = drawn.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"sandbox; default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"


def _chosen(name: str, known: tuple[str, ...], otherwise: str) -> str:
    """A value of the address, where it is one we know."""
    given = request.args.get(name, "")
    return given if given in known else otherwise


def _demonstration() -> bool:
    settings: Any = current_app.config["SETTINGS"]
    return bool(settings.demonstration)
