"""The public page of figures: appeals, complaints and concerns year by year, read from the figures alone."""

from flask import Blueprint, current_app, render_template

from assessments.queries import transparency as queries
from assessments.transparency import APPEALS, COMPLAINTS, CONCERNS
from registry import access, db
from registry.catalogue import current_edition

bp = Blueprint("transparency", __name__)


@bp.get("/transparency")
@access.public
def index() -> str:
    """Yearly figures: how many came, how they ended, how long it took."""
    session = db.session()
    return render_template(
        "transparency/index.html",
        appeals=queries.years(session, APPEALS),
        complaints=queries.years(session, COMPLAINTS),
        concerns=queries.years(session, CONCERNS),
        edition=current_edition(),
        office_email=current_app.config["SETTINGS"].office_email,
    )
