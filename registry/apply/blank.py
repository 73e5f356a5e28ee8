"""Routes of the blank application: to print, and as a spreadsheet to fill in."""

from flask import Response, render_template

from registry import access
from registry.apply import questions
from registry.apply.blueprint import bp, edition_in_force
from registry.apply.workbook import blank_workbook
from registry.criteria import words
from registry.documents.spreadsheet import MIMETYPE


@bp.get("/blank")
@access.public
def blank() -> str:
    """Every question and every criterion, with room to write."""
    edition = edition_in_force()
    return render_template("apply/blank.html", edition=edition, parts=questions.parts(edition), words=words)


@bp.get("/blank.xlsx")
@access.public
def blank_xlsx() -> Response:
    """The same as a spreadsheet, which an application can be filled from."""
    edition = edition_in_force()
    response = Response(blank_workbook(edition), mimetype=MIMETYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"application-{edition.id}.xlsx")
    return response
