"""Routes under /reviews/<ref>/measurements: declared figures beside the evidence, and what the reviewers measured."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import HiddenField

from assessments import measured, measurements
from assessments.errors import Conflict, Invalid
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import consensus as questions
from criteria.model import Edition
from registry import access, db
from registry.forms import Form
from registry.i18n import translate
from registry.measured import Figures, ages_of, row_of
from registry.reviews import bench as benches
from registry.reviews.forms import PlainForm

bp = Blueprint("measurements", __name__, url_prefix="/<ref>/measurements")


class JudgeForm(Form):
    """The judgement one started from; the answers are one field a figure."""

    seen = HiddenField()


class OwnForm(Figures, Form):
    """A figure of the reviewers' own: nobody else measured it."""

    def offer(self, edition: Edition) -> None:
        """Set the choices that come from the edition."""
        self.age_band.choices = ages_of(edition)


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """What was declared, what the reviewers say of it, and their own figures."""
    return _page(application)


@bp.post("")
@access.on_application(Permission.LEAD)
def judge(application: Application) -> Any:
    """Keep what the reviewers found of each declared figure."""
    form = JudgeForm()
    keys = [measured.key_of(one) for one in measurements.figures_of(db.session(), application)]
    found = {key: request.form[f"found-{key}"] for key in keys if request.form.get(f"found-{key}")}
    if not form.validate():
        return _page(application), 422
    try:
        measurements.judge(db.session(), access.me(), application, found, form.seen.data or "")
    except Conflict as conflict:
        return _page(application, given=found, conflict=conflict), 409
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(application, given=found, faulty=form), 422
    return _done(application, _("Đã lưu phần đối chiếu."))


@bp.post("/add")
@access.on_application(Permission.LEAD)
def add(application: Application) -> Any:
    """Add a figure that the reviewers measured."""
    form = _own(application)
    if not (form.validate() and form.is_whole()):
        return _page(application, own=form), 422
    try:
        measurements.add(db.session(), access.me(), application, form.figures())
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(application, own=form), 422
    return _done(application, _("Đã thêm kết quả tự đo."))


@bp.post("/<key>/drop")
@access.on_application(Permission.LEAD)
def drop(application: Application, key: str) -> Any:
    """Take a figure of the reviewers' own away."""
    measurements.drop(db.session(), access.me(), application, key)
    return _done(application, _("Đã bỏ kết quả tự đo."))


def _own(application: Application, **options: Any) -> OwnForm:
    form = OwnForm(**options)
    form.offer(benches.common(db.session(), application, access.me().id).edition)
    return form


def _page(application: Application, **kept: Any) -> str:
    session = db.session()
    bench = benches.common(session, application, access.me().id)
    row = questions.recommendation(session, application.id)
    judged = row.measured if row else {}
    figures = measurements.figures_of(session, application)
    return render_template(
        "reviews/measurements/index.html",
        bench=bench,
        settling=benches.settling(bench),
        declared=[row_of(one) for one in measured.published({"blocking": figures}, None)],
        own=[row_of(one) for one in measured.published({}, {"own": judged.get("own", [])})],
        found=kept.get("given", judged.get("found", {})),
        seen=measurements.fingerprint(row),
        expected=measured.expected(bench.edition, bench.product.categories),
        form=kept.get("own") or _own(application, formdata=None),
        faulty=kept.get("faulty") or kept.get("own"),
        conflict=kept.get("conflict"),
        button=PlainForm(formdata=None),
    )


def _done(application: Application, words: str) -> Any:
    db.commit()
    flash(words)
    return redirect(url_for("reviews.measurements.index", ref=application.ref))
