"""Routes of the product profile: six steps, each saved by itself, and which criteria apply because of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import applications
from assessments import profiles as verbs
from assessments.applications import DRAFTING, LOCKED
from assessments.errors import Conflict, NotFound, Refused, WrongState
from assessments.models import Application
from assessments.policy import Permission
from assessments.profile import from_dict, missing
from assessments.queries.progress import scope_of
from assessments.queries.versions import count_profile_texts
from criteria import store
from registry import access, autosaves, db
from registry.applications import drafts, profile_form, sentences
from registry.applications.blueprint import bp
from registry.applications.profile_form import STEPS, Section, Step
from registry.differences import Compared

HERE = {"more", autosaves.STAY, autosaves.THEIRS}  # buttons that come back to this page
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
        _save(application, form)
    except Conflict as conflict:
        form.seen.data = applications.seen(application, chosen.fields)
        typed = drafts.as_typed(form, application.profile)
        beside = drafts.steps_beside(store.load(application.edition_id), chosen, application.profile, typed)
        return _page(application, chosen, form, (conflict, beside)), 409
    db.commit()
    flash(_("Đã giữ bản kia. Bản của bạn nằm trong các bản đã lưu.") if autosaves.gives_way() else _("Đã lưu."))
    return redirect(_next_url(application, chosen))


@bp.post("/<ref>/profile/<step>/draft")
@access.on_application(Permission.EDIT)
def autosave_profile(application: Application, step: str) -> Response | tuple[Response, int]:
    """Save one step as it is being typed."""
    chosen = _step(step)
    form = _form(application, chosen)
    if not form.validate():
        return autosaves.unread(form)
    seen, saving = form.seen.data or "", autosaves.saving(auto=True)
    try:
        applications.save_profile(db.session(), access.me(), application, form.changes(), seen, saving)
    except Refused as refusal:
        return autosaves.refused(refusal)
    db.commit()
    return autosaves.saved(application.profile_saved_at, {"seen": applications.seen(application, chosen.fields)})


def _save(application: Application, form: Section) -> None:
    session, actor, changes, seen = db.session(), access.me(), form.changes(), form.seen.data or ""
    if autosaves.gives_way():
        verbs.give_way(session, actor, application, changes, seen)
    else:
        applications.save_profile(session, actor, application, changes, seen, autosaves.saving())


@bp.get("/<ref>/scope")
@access.on_application(Permission.VIEW)
def scope(application: Application) -> str:
    """Which criteria apply, which do not, and why."""
    edition = store.load(application.edition_id)
    found = scope_of(edition, from_dict(application.profile), application.asked)
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


def _page(
    application: Application, step: Step, form: Section, met: tuple[Conflict, list[Compared]] | None = None
) -> str:
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
        met=met,
        versions=count_profile_texts(db.session(), application.id, step.name),
        to_check=request.args.get("return") == "check",
    )


def _next_url(application: Application, step: Step) -> str:
    then, ref = request.form.get("then", ""), application.ref
    if then in HERE:
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
