"""Routes under /deadlines: what is late and what is due, who acts, and more time."""

from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import assignments
from assessments.errors import Invalid
from assessments.models import Application
from assessments.people import Role
from assessments.policy import Permission
from assessments.queries import deadlines
from assessments.queries.deadline_columns import Kind
from assessments.queries.deadlines import Show, Wanted
from registry import access, db
from registry.deadlines import words
from registry.deadlines.forms import ExtendForm
from registry.i18n import translate

bp = Blueprint("deadlines", __name__, url_prefix="/deadlines")


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """The board, narrowed as asked, a page at a time."""
    return _page(ExtendForm(formdata=None))


@bp.post("/<ref>/extend")
@access.on_application(Permission.ASSIGN)
def extend(application: Application) -> Any:
    """More time, and back to the board."""
    form = ExtendForm()
    if not form.validate():
        return _page(form, application.ref), 422
    ref = application.ref
    try:
        assignments.extend(db.session(), access.me(), application, cast("date", form.until.data))
    except Invalid as refusal:
        form.until.errors = [translate(refusal.message, **refusal.values)]
        db.session().rollback()
        return _page(form, ref), 422
    db.commit()
    flash(_("Đã gia hạn hồ sơ %(ref)s.", ref=ref))
    return redirect(url_for("deadlines.index", **_chosen()))


def _page(form: ExtendForm, extending: str = "") -> str:
    session, me = db.session(), access.me()
    wanted = _wanted()
    rows, after = deadlines.board(session, me, wanted, request.args.get("after", ""))
    return render_template(
        "deadlines/index.html",
        rows=rows,
        after=after,
        counts=deadlines.counts(session, me),
        wanted=wanted,
        chosen=_chosen(),
        shows=list(Show),
        kinds=list(Kind),
        form=form,
        extending=extending,
        words=words,
    )


def _wanted() -> Wanted:
    """What the board is narrowed to; what makes no sense narrows nothing."""
    show, kind = request.args.get("show", ""), request.args.get("kind", "")
    return Wanted(
        Show(show) if show in set(Show) else Show.ALL,
        Kind(kind) if kind in set(Kind) else None,
    )


def _chosen() -> dict[str, Any]:
    """The same as an address has it."""
    wanted = _wanted()
    kind = wanted.kind.value if wanted.kind else ""
    return {name: value for name, value in (("show", wanted.show.value), ("kind", kind)) if value}
