"""Routes under /vendors: companies with published products. Who has none is nobody's business."""

from flask import Blueprint, render_template

from assessments.clock import today
from assessments.errors import NotFound
from assessments.queries import catalogue as queries
from registry import access, db

bp = Blueprint("vendors", __name__, url_prefix="/vendors")


@bp.get("/<slug>")
@access.public
def show(slug: str) -> str:
    """A company: who it is, whether it is a member of the club, its products."""
    vendor = queries.vendor_by_slug(db.session(), slug, today())
    if vendor is None:
        raise NotFound
    return render_template(
        "vendors/show.html",
        vendor=vendor,
        cards=queries.cards_of_vendor(db.session(), slug, today()),
    )
