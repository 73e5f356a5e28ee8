"""Routes of the home page and of the pages that explain how the registry works."""

from flask import Blueprint, render_template

from assessments.queries import choosing
from registry import access, catalogue, db, identity
from registry.accounts.periods import PERIODS

bp = Blueprint("pages", __name__)


@bp.get("/")
@access.public
def home() -> str:
    """The way in: search, help to choose, worries, ages, what the mark means, what is new and what was stopped."""
    session = db.session()
    counts = catalogue.counts(session)
    return render_template(
        "pages/home.html",
        counts=counts,
        newest=choosing.newest(session, counts.day),
        stopped=choosing.lately_stopped(session, counts.day),
        edition=catalogue.current_edition(),
    )


@bp.get("/procedure")
@access.public
def procedure() -> str:
    """How an evaluation goes, step by step, with the periods of the edition in force."""
    return render_template("pages/procedure.html", edition=catalogue.current_edition(), **_club())


@bp.get("/about")
@access.public
def about() -> str:
    """The club, who decides, and what is still a stand-in."""
    return render_template("pages/about.html", edition=catalogue.current_edition(), **_club())


@bp.get("/accessibility")
@access.public
def accessibility() -> str:
    """What was done for people who cannot use every page, and what to do when one fails."""
    return render_template("pages/accessibility.html", **_club())


@bp.get("/privacy")
@access.public
def privacy() -> str:
    """What is stored about whom, and for how long."""
    return render_template("pages/privacy.html", periods=PERIODS, **_club())


def _club() -> dict[str, str]:
    """Who publishes this and where they are reached."""
    club = identity.on()
    return {"issuer": club.name, "office_email": club.email}
