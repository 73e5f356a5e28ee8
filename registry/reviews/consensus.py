"""Routes under /reviews/<ref>/consensus: all scores side by side; the lead reviewer records what is agreed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments import consensus
from assessments.errors import Conflict, Invalid
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import consensus as questions
from assessments.reviews import mark_of
from registry import access, db
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews.bench import Bench
from registry.reviews.forms import AgreementForm, PlainForm

bp = Blueprint("consensus", __name__, url_prefix="/<ref>/consensus")


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """Everybody's scores side by side, what is agreed, and the verdict that follows from it."""
    session = db.session()
    found = benches.common(session, application, access.me().id)
    return render_template(
        "reviews/consensus/index.html",
        bench=found,
        rows=found.ordered(questions.rows(session, application)),
        verdict=questions.verdict_of(session, application),
        settling=benches.settling(found),
        form=PlainForm(),
        figure=benches.figure,
        spoken=benches.spoken,
    )


@bp.post("/equal")
@access.on_application(Permission.LEAD)
def agree_where_equal(application: Application) -> Any:
    """Take over what all reviewers say alike."""
    taken = consensus.agree_where_equal(db.session(), access.me(), application)
    db.commit()
    flash(
        ngettext("Đã ghi %(num)d điểm mọi người chấm như nhau.", "Đã ghi %(num)d điểm mọi người chấm như nhau.", taken)
    )
    return redirect(url_for("reviews.consensus.index", ref=application.ref))


@bp.get("/<code>")
@access.on_application(Permission.REVIEW)
def show(application: Application, code: str) -> str:
    """One criterion: all scores with their reasons, and the agreed score."""
    session = db.session()
    found = benches.common(session, application, access.me().id)
    found.criterion(code)
    stored = questions.agreed(session, application.id).get(code)
    form = AgreementForm(
        formdata=None,
        mark=mark_of(stored) if stored else "",
        reconciliation=stored.reconciliation if stored else "",
        version=stored.version if stored else 0,
    )
    return _page(application, found, code, form)


@bp.post("/<code>")
@access.on_application(Permission.LEAD)
def agree(application: Application, code: str) -> Any:
    """Record the agreed score; two texts that meet are shown side by side, nothing is overwritten."""
    form = AgreementForm()
    if not form.validate():
        return _again(application, code, form, 422)
    agreed = consensus.Agreement(form.mark.data or "", form.reconciliation.data or "")
    try:
        consensus.agree(db.session(), access.me(), application, code, agreed, form.version.data or 0)
    except Invalid as refusal:
        form.mark.errors = [translate(refusal.message, **refusal.values)]
        return _again(application, code, form, 422)
    except Conflict as refusal:
        return _again(application, code, form, 409, refusal)
    db.commit()
    flash(_("Đã ghi điểm thống nhất của %(code)s.", code=code))
    return redirect(_next_address(application, code))


def _again(application: Application, code: str, form: AgreementForm, status: int, conflict: Any = None) -> Any:
    """The same page with what was typed; after a conflict saving again keeps one's own text."""
    session = db.session()
    found = benches.common(session, application, access.me().id)
    stored = questions.agreed(session, application.id).get(code)
    if conflict is not None and stored is not None:
        form.version.data, form.version.raw_data = stored.version, None
    return _page(application, found, code, form, conflict), status


def _page(application: Application, found: Bench, code: str, form: AgreementForm, conflict: Any = None) -> str:
    rows = {row.criterion.code: row for row in questions.rows(db.session(), application)}
    claimed = bool(found.answer(code).get("not_applicable")) and found.criterion(code).na_allowed
    return render_template(
        "reviews/consensus/show.html",
        bench=found,
        row=rows[code],
        rows=rows,
        form=form,
        conflict=conflict,
        settling=benches.settling(found),
        choices=benches.choices(found.edition, not_applicable=claimed),
        before=found.neighbour(code, -1),
        after=found.neighbour(code, 1),
        figure=benches.figure,
        spoken=benches.spoken,
    )


def _next_address(application: Application, code: str) -> str:
    found = benches.common(db.session(), application, access.me().id)
    after = found.neighbour(code, 1)
    if after is None:
        return url_for("reviews.consensus.index", ref=application.ref)
    return url_for("reviews.consensus.show", ref=application.ref, code=after.code)
