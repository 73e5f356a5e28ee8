"""Routes under /intake: what was handed in, in the order it came, and the completeness check."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import intake, profile
from assessments.errors import Invalid, NotReady
from assessments.models import Application
from assessments.people import Role
from assessments.policy import Permission
from assessments.queries.applications import product_and_vendor
from assessments.queries.competences import asked_by
from assessments.queries.consensus import criteria_of
from assessments.queries.history import timeline
from assessments.queries.intake import queue
from assessments.queries.participation import candidates
from assessments.queries.submissions import latest
from assessments.states import RefusalReason, State
from criteria import store
from registry import access, db
from registry.i18n import lang, translate
from registry.intake.forms import AcceptForm, RefuseForm, ReturnForm
from registry.timeline import by_itself, entries

bp = Blueprint("intake", __name__, url_prefix="/intake")


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """What waits for the check, first come first served, and what was given back."""
    session, actor = db.session(), access.me()
    return render_template(
        "intake/index.html",
        waiting=queue(session, actor, [State.SUBMITTED]),
        returned=queue(session, actor, [State.RETURNED]),
    )


@bp.get("/<ref>")
@access.on_application(Permission.INTAKE)
def show(application: Application) -> str:
    """What was handed in, whether a team is possible, and the three ways on."""
    return _page(application)


@bp.post("/<ref>/accept")
@access.on_application(Permission.INTAKE)
def accept(application: Application) -> Any:
    """Accept for evaluation."""
    form = AcceptForm()
    if not form.validate():
        return _page(application, accept=form), 422
    try:
        intake.accept(db.session(), access.me(), application, form.checklist.data or [])
    except NotReady as refusal:
        form.checklist.errors = [translate(one.message, **one.values) for one in refusal.missing]
        return _afresh(application, accept=form)
    db.commit()
    flash(_("Đã tiếp nhận hồ sơ %(ref)s. Bước tiếp theo: giao cho người đánh giá.", ref=application.ref))
    return redirect(url_for("assignments.show", ref=application.ref))


@bp.post("/<ref>/return")
@access.on_application(Permission.INTAKE)
def give_back(application: Application) -> Any:
    """Return with questions."""
    form = ReturnForm()
    if not form.validate():
        return _page(application, give_back=form), 422
    try:
        intake.return_(db.session(), access.me(), application, form.questions())
    except (NotReady, Invalid) as refusal:
        form.form_errors.extend(_sentences(refusal))
        return _afresh(application, give_back=form)
    db.commit()
    flash(_("Đã trả lại hồ sơ %(ref)s để bổ sung.", ref=application.ref))
    return redirect(url_for("intake.index"))


@bp.post("/<ref>/refuse")
@access.on_application(Permission.INTAKE)
def refuse(application: Application) -> Any:
    """Do not accept."""
    form = RefuseForm()
    if not form.validate():
        return _page(application, refuse=form), 422
    reason = RefusalReason(form.reason.data)
    intake.refuse(db.session(), access.me(), application, reason, form.note.data or "")
    db.commit()
    flash(_("Đã ghi: không tiếp nhận hồ sơ %(ref)s.", ref=application.ref))
    return redirect(url_for("intake.index"))


def _sentences(refusal: NotReady | Invalid) -> list[str]:
    if isinstance(refusal, NotReady):
        return [translate(one.message, **one.values) for one in refusal.missing]
    return [translate(refusal.message, **refusal.values)]


def _afresh(application: Application, **forms: Any) -> Any:
    """The page again as the database has it: what the refused verb had begun to write is dropped."""
    db.session().rollback()
    return _page(application, **forms), 422


def _page(application: Application, **forms: Any) -> str:
    session = db.session()
    product, vendor = product_and_vendor(session, application)
    submission = latest(session, application.id)
    edition = store.load(application.edition_id)
    people = candidates(session, application)
    criteria = criteria_of(application, submission)
    empty = [("", _("Cả hồ sơ")), *((one.code, f"{one.code} {one.title.get(lang())}") for one in criteria)]
    return render_template(
        "intake/show.html",
        application=application,
        product=product,
        vendor=vendor,
        submission=submission,
        facts=profile.from_dict(submission.content["profile"] if submission else application.profile),
        edition=edition,
        criteria=criteria,
        candidates=people,
        free=sum(one.free for one in people),
        asked=asked_by(application),
        lacking=[
            subject
            for subject in asked_by(application)
            if not any(one.free and subject in one.cover.held for one in people)
        ],
        steps=entries(timeline(session, application.id), lambda row: row.actor_name or by_itself(row.action)),
        accept=forms.get("accept") or AcceptForm(formdata=None),
        give_back=(forms.get("give_back") or ReturnForm(formdata=None)).offer(empty),
        refuse=forms.get("refuse") or RefuseForm(formdata=None),
    )
