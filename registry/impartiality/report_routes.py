"""The yearly report on impartiality: a page to print, and the same tables as CSV and XLSX."""

from flask import Response, render_template

from assessments.errors import NotFound
from assessments.queries import figures as questions
from assessments.queries.impartiality import meetings_of, risks_of
from assessments.queries.seats import balance, public_seats
from registry import access, db
from registry.documents import spreadsheet
from registry.impartiality import report as reports
from registry.impartiality.blueprint import bp
from registry.impartiality.figure_routes import READERS


@bp.get("/reports/<int:year>")
@access.role(*READERS)
def report(year: int) -> str:
    """The report of a year on one page."""
    return render_template("impartiality/report.html", year=year, tables=reports.tables(_report(year)))


@bp.get("/reports/<int:year>.csv")
@access.role(*READERS)
def report_csv(year: int) -> Response:
    """The same tables, one after the other."""
    return _file(reports.as_csv(_report(year)), "text/csv; charset=utf-8", f"impartiality-{year}.csv")


@bp.get("/reports/<int:year>.xlsx")
@access.role(*READERS)
def report_xlsx(year: int) -> Response:
    """The same tables, a sheet each."""
    return _file(reports.as_xlsx(_report(year)), spreadsheet.MIMETYPE, f"impartiality-{year}.xlsx")


def _report(year: int) -> reports.Report:
    """What the report of a year is made of; years before the first application are not there (NotFound)."""
    session = db.session()
    if year not in questions.years(session):
        raise NotFound
    period = questions.year(year)
    return reports.Report(
        year=year,
        figures=questions.figures(session, period),
        balance=balance(public_seats(session)),
        risks=tuple(risks_of(session, period.first, period.last)),
        meetings=tuple(meetings_of(session, period.first, period.last)),
    )


def _file(content: str | bytes, mimetype: str, name: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
