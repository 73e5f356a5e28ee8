"""The public pages of figures: every year, the report of one, and the same numbers as CSV and PDF."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template

from assessments.errors import NotFound
from assessments.models import SituationReport
from assessments.queries import situation_reports, transparency
from registry import access, db, storage
from registry.i18n import lang
from registry.transparency import report as reports
from registry.transparency import report_routes, table, topics
from registry.transparency.topics import Figures

bp = Blueprint("transparency", __name__, url_prefix="/transparency")
report_routes.add_to(bp)

RETRY_SECONDS = 10


@bp.get("")
@access.public
def index() -> str:
    """Yearly figures: what came, how it ended, how long it took, how far reviewers agreed."""
    session = db.session()
    years = transparency.everything(session)
    return render_template(
        "transparency/index.html",
        topics=topics.by_topic(years),
        reports=situation_reports.published(session),
        numbers=list(years),
    )


@bp.get("/figures.csv")
@access.public
def csv() -> Response:
    """Every figure of every year."""
    return _csv(transparency.everything(db.session()), "figures.csv")


@bp.get("/<int:year>.csv")
@access.public
def year_csv(year: int) -> Response:
    """The figures of one year; a year of which there are none is not there."""
    years = transparency.everything(db.session())
    if year not in years:
        raise NotFound
    return _csv({year: years[year]}, f"figures-{year}.csv")


@bp.get("/<int:year>")
@access.public
def show(year: int) -> str:
    """The report of a year as it was published; a year without one is not there."""
    found = _published(year)
    return render_template(
        "transparency/show.html", report=found[0], told=reports.told(found[0]), earlier=found[1:], year=year
    )


@bp.get("/<int:year>.pdf")
@access.public
def pdf(year: int) -> Response:
    """The same as a document; until the worker has made it a page says so."""
    report = _published(year)[0]
    sha256 = report.en_sha256 if lang() == "en" else report.vi_sha256
    if sha256 is None:
        response = make_response(render_template("transparency/pdf.html", year=year), 202)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response
    with storage.read(sha256) as source:
        document = Response(source.read(), content_type="application/pdf")
    document.headers["Content-Disposition"] = f'inline; filename="report-{year}-{lang()}.pdf"'
    return document


def _published(year: int) -> list[SituationReport]:
    found = situation_reports.published_of(db.session(), year)
    if not found:
        raise NotFound
    return found


def _csv(years: Mapping[int, Figures], name: str) -> Response:
    response = Response(table.text(years), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
