"""Routes under /workload: who has how much to review, what waits where, how long each step takes."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from assessments.people import Role
from assessments.queries import workload
from assessments.queries.workload import STEPS, WHOLE, Load
from registry import access, db
from registry.documents.attachment import attachment
from registry.documents.spreadsheet import MIMETYPE
from registry.timeline import state_word
from registry.workload import workbook
from registry.workload.words import step_word

bp = Blueprint("workload", __name__, url_prefix="/workload")

NAMED = {Role.COORDINATOR, Role.AUDITOR}  # who sees whose work it is
READERS = (Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY)


@bp.get("")
@access.role(*READERS)
def index() -> str:
    """The figures with their charts; without names for the impartiality committee."""
    session = db.session()
    return render_template(
        "workload/index.html",
        loads=_loads(),
        named=_named(),
        queue=workload.queue(session),
        quarters=workload.quarters(session),
        steps=STEPS,
        whole=WHOLE,
        step_word=step_word,
        state_word=state_word,
        load_labels=workbook.load_labels(),
    )


@bp.get("/workload.xlsx")
@access.role(*READERS)
def xlsx() -> Response:
    """The same as a spreadsheet."""
    session = db.session()
    content = workbook.xlsx(_loads(), workload.queue(session), workload.quarters(session))
    return attachment(content, "workload.xlsx", MIMETYPE)


@bp.get("/workload.csv")
@access.role(*READERS)
def csv() -> Response:
    """The same as plain text."""
    session = db.session()
    found = workbook.sheets(_loads(), workload.queue(session), workload.quarters(session))
    return attachment(workbook.text(found), "workload.csv", "text/csv; charset=utf-8")


def _named() -> bool:
    return bool(access.me().roles & NAMED)


def _loads() -> Sequence[Load]:
    """By name, or numbered in the order of their load: the impartiality committee reads figures, not people."""
    found = workload.loads(db.session())
    if _named():
        return found
    return [replace(one, name=_("Người thứ %(n)d", n=number)) for number, one in enumerate(found, start=1)]
