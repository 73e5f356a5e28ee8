"""Routes of the register of changes: the page, the same for machines, and the feeds."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _

from assessments.clock import today
from assessments.errors import NotFound
from assessments.models import Change
from assessments.publishing import RegisterKind
from assessments.queries import register as queries
from assessments.queries.register import Wanted
from criteria.model import Bilingual
from registry import access, db, register
from registry.changes import feed, filters
from registry.i18n import lang
from registry.links import absolute
from registry.templating import bi

bp = Blueprint("changes", __name__)


@bp.get("/changes")
@access.public
def index() -> Any:
    """Every event of every certificate, newest first; the whole state stands in the address."""
    asked = filters.read(request.args)
    if asked.faults:
        return _page(asked, queries.Lines([], ""), {}), 422
    session, day = db.session(), today()
    return _page(asked, queries.page(session, asked.wanted, day), queries.counts(session, asked.wanted, day))


@bp.get("/changes.json")
@access.public
def data() -> Response:
    """The same for machines; the keys are described in registry/register.py. Any site may read it."""
    asked = filters.read(request.args)
    if asked.faults:
        return _open(jsonify({"format": 1, "faults": dict(asked.faults)}), 422)
    found = queries.page(db.session(), asked.wanted, today())
    following = absolute("changes.data", **filters.query(asked.wanted, found.after)) if found.after else ""
    return _open(jsonify({"format": 1, "changes": [register.described(one) for one in found.lines], "next": following}))


@bp.get("/feed.atom")
@access.public
def atom() -> Response:
    """The newest lines of the register for feed readers."""
    found = queries.page(db.session(), Wanted(after=request.args.get("after", "")), today())
    following = absolute("changes.atom", lang(), after=found.after) if found.after else ""
    about = feed.Feed(
        title=_("Sổ cấp và thu hồi"),
        id=register.tag(f"feed/{lang()}"),
        url=absolute("changes.atom", lang()),
        page=absolute("changes.index", lang()),
        next=following,
    )
    return _feed(about, found.lines)


@bp.get("/products/<slug>/feed.atom")
@access.public
def product_atom(slug: str) -> Response:
    """The same of one product; nobody has heard of one without a published certificate."""
    wanted = Wanted(slug=slug, after=request.args.get("after", ""))
    found = queries.page(db.session(), wanted, today())
    if not found.lines:
        raise NotFound
    following = absolute("changes.product_atom", lang(), slug=slug, after=found.after) if found.after else ""
    about = feed.Feed(
        title=_("%(product)s: sổ cấp và thu hồi", product=_name(found.lines[0])),
        id=register.tag(f"feed/{lang()}/products/{slug}"),
        url=absolute("changes.product_atom", lang(), slug=slug),
        page=absolute("products.show", lang(), slug=slug),
        next=following,
    )
    return _feed(about, found.lines)


@bp.get("/vendors/<slug>/feed.atom")
@access.public
def vendor_atom(slug: str) -> Response:
    """The same of the published products of one company."""
    wanted = Wanted(vendor=slug, after=request.args.get("after", ""))
    found = queries.page(db.session(), wanted, today())
    if not found.lines:
        raise NotFound
    following = absolute("changes.vendor_atom", lang(), slug=slug, after=found.after) if found.after else ""
    about = feed.Feed(
        title=_("%(vendor)s: sổ cấp và thu hồi", vendor=bi(Bilingual(**found.lines[0].text["vendor"]))),
        id=register.tag(f"feed/{lang()}/vendors/{slug}"),
        url=absolute("changes.vendor_atom", lang(), slug=slug),
        page=absolute("vendors.show", lang(), slug=slug),
        next=following,
    )
    return _feed(about, found.lines)


def _page(asked: filters.Asked, found: queries.Lines, counts: dict[RegisterKind, int]) -> str:
    wanted = asked.wanted
    product = _name(found.lines[0]) if found.lines and wanted.slug else wanted.slug
    chosen = wanted.kinds or tuple(RegisterKind)
    return render_template(
        "changes/index.html",
        asked=asked,
        wanted=wanted,
        lines=found.lines,
        counts=counts,
        total=sum(counts.get(kind, 0) for kind in chosen),
        kinds=[kind for kind in RegisterKind if counts.get(kind) or kind in wanted.kinds],
        chips=filters.chips(wanted, product),
        editions=filters.editions(),
        edition_name=filters.edition_name,
        next_url=filters.address(wanted, found.after) if found.after else None,
        first_url=filters.address(wanted) if wanted.after else None,
        json_url=filters.address(wanted, endpoint="changes.data"),
        register=register,
    )


def _name(line: Change) -> str:
    return bi(Bilingual(**line.text["name"])) if "name" in line.text else line.edition_id


def _feed(about: feed.Feed, lines: list[Change]) -> Response:
    return _open(Response(feed.written(about, lines), mimetype=feed.MIMETYPE))


def _open(response: Response, code: int = 200) -> Response:
    response.status_code = code
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
