"""Routes under /reviews/<ref>/recommendation: what parents will read, checked by the vendor, put to the committee."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import consensus
from assessments.errors import Conflict, Invalid
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import consensus as questions
from assessments.queries.findings import conditions
from assessments.queries.marks import marks_before
from assessments.readiness import to_recommend
from registry import access, db
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews.forms import PlainForm, RecommendationForm

bp = Blueprint("recommendation", __name__, url_prefix="/<ref>/recommendation")


@bp.get("")
@access.on_application(Permission.REVIEW)
def show(application: Application) -> str:
    """Summary and limits, the vendor's check, and what still stands between this and the committee."""
    row = questions.recommendation(db.session(), application.id)
    form = RecommendationForm(formdata=None)
    if row is not None:
        form.show(consensus.texts_of(row), row.version)
    return _page(application, form)


@bp.post("")
@access.on_application(Permission.LEAD)
def write(application: Application) -> Any:
    """Keep the texts; two that meet are shown side by side, nothing is overwritten."""
    form = RecommendationForm()
    if not form.validate():
        return _page(application, form), 422
    session, actor = db.session(), access.me()
    try:
        consensus.write_recommendation(session, actor, application, form.texts(), form.version.data or 0)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(application, form), 422
    except Conflict as refusal:
        row = questions.recommendation(session, application.id)
        form.version.data, form.version.raw_data = row.version if row else 0, None
        return _page(application, form, refusal), 409
    return _done(application, _("Đã lưu bản tóm tắt."))


@bp.post("/facts-check")
@access.on_application(Permission.LEAD)
def ask_facts_check(application: Application) -> Any:
    """Let the vendor check the facts."""
    consensus.ask_facts_check(db.session(), access.me(), application)
    return _done(application, _("Đã gửi bản tóm tắt để nhà cung cấp xem lại dữ kiện."))


@bp.post("/recommend")
@access.on_application(Permission.LEAD)
def recommend(application: Application) -> Any:
    """Put the file before the committee."""
    consensus.recommend(db.session(), access.me(), application)
    return _done(application, _("Đã trình hội đồng."))


def _page(application: Application, form: RecommendationForm, conflict: Any = None) -> str:
    session = db.session()
    found = benches.common(session, application, access.me().id)
    return render_template(
        "reviews/recommendation/show.html",
        bench=found,
        form=form,
        conflict=conflict,
        text=questions.recommendation(session, application.id),
        verdict=questions.verdict_on(
            found.edition, benches.settled(session, found), marks_before(session, application)
        ),
        missing=to_recommend(session, application),
        conditions=conditions(session, application.id),
        settling=benches.settling(found),
        button=PlainForm(formdata=None),
    )


def _done(application: Application, words: str) -> Any:
    db.commit()
    flash(words)
    return redirect(url_for("reviews.recommendation.show", ref=application.ref))
