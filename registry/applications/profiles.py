"""Routes of the product profile: six steps, each saved by itself, and which criteria apply because of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import applications
from assessments.applications import DRAFTING, LOCKED
from assessments.errors import Conflict, NotFound, WrongState
from assessments.models import Application
from assessments.policy import Permission
from assessments.profile import from_dict, missing
from assessments.queries.progress import scope_of
from criteria import store
from registry import access, db
from registry.applications import profile_form, sentences
from registry.applications.blueprint import bp
from registry.applications.profile_form import STEPS, Section, Step

MORE = "more"
LATER = "later"


@bp.get("/<ref>/profile/<step>")
@access.on_application(Permission.EDIT)
def profile(application: Application, step: str) -> str:
    """One step of the profile."""
    if application.state not in DRAFTING:
        raise WrongState(LOCKED)
    chosen = _step(step)
    return _page(application, chosen, _form(application, chosen))


@bp.post("/<ref>/profile/<step>")
@access.on_application(Permission.EDIT)
def save_profile(application: Application, step: str) -> Response | tuple[str, int]:
    """Save one step, complete or not."""
    chosen = _step(step)
    form = _form(application, chosen)
    if not form.validate():
        return _page(application, chosen, form), 422
    try:
        applications.save_profile(db.session(), access.me(), application, form.changes(), form.seen.data or "")
    except Conflict as conflict:
        form.seen.data = applications.seen(application, chosen.fields)
        return _page(application, chosen, form, conflict), 409
    db.commit()
    flash(_("Đã lưu."))
    return redirect(_next_url(application, chosen))


@bp.get("/<ref>/scope")
@access.on_application(Permission.VIEW)
def scope(application: Application) -> str:
    """Which criteria apply, which do not, and why."""
    edition = store.load(application.edition_id)
    found = scope_of(edition, from_dict(application.profile))
    after = STEPS[[step.name for step in STEPS].index("kinds") + 1]
    return render_template(
        "applications/scope.html",
        application=application,
        edition=edition,
        scope=found,
        sentences=sentences,
        following=after,
        drafting=application.state in DRAFTING,
    )


def _step(name: str) -> Step:
    found = profile_form.step_named(name)
    if found is None:
        raise NotFound
    return found


def _form(application: Application, step: Step) -> Section:
    edition = store.load(application.edition_id)
    seen = applications.seen(application, step.fields)
    return profile_form.form_for(step, edition, application.profile, seen)


def _page(application: Application, step: Step, form: Section, conflict: Conflict | None = None) -> str:
    edition = store.load(application.edition_id)
    gaps = missing(from_dict(application.profile), edition)
    return render_template(
        "applications/profile.html",
        application=application,
        edition=edition,
        step=step,
        steps=STEPS,
        number=STEPS.index(step) + 1,
        unfinished=profile_form.unfinished(gaps),
        form=form,
        conflict=conflict,
        labels={name: profile_form.label_of(name) for name in step.fields},
        to_check=request.args.get("return") == "check",
    )


def _next_url(application: Application, step: Step) -> str:
    then, ref = request.form.get("then", ""), application.ref
    if then == MORE:
        return url_for("applications.profile", ref=ref, step=step.name, **_kept())
    if request.args.get("return") == "check":
        return url_for("applications.check", ref=ref, _anchor=profile_form.anchor_of_step(step.name))
    if then == LATER or step is STEPS[-1]:
        return url_for("applications.show", ref=ref)
    if step.name == "kinds":
        return url_for("applications.scope", ref=ref)
    return url_for("applications.profile", ref=ref, step=STEPS[STEPS.index(step) + 1].name)


def _kept() -> dict[str, Any]:
    return {"return": "check"} if request.args.get("return") == "check" else {}
