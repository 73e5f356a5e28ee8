"""Routes of appeals for the office: what waits by when, and who hears it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import appeals, hearings
from assessments.errors import Invalid, NotReady
from assessments.models import Appeal, Application
from assessments.people import Role
from assessments.policy import AppealPermission, appeal_allows
from assessments.queries import appeals as queries
from assessments.queries import hearings as asked
from assessments.queries.applications import product_and_vendor
from assessments.queries.people import people
from assessments.recourse import Inadmissible
from criteria import store
from registry import access, db
from registry import recourse as words
from registry.appeals.blueprint import bp
from registry.appeals.forms import AssignForm, PlainForm, RefuseForm
from registry.i18n import translate


@bp.get("/office")
@access.role(Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY)
def office() -> str:
    """What runs, by deadline, and what was decided last."""
    session, me = db.session(), access.me()
    return render_template(
        "appeals/office.html",
        waiting=asked.queue(session, me),
        past=asked.queue(session, me, running=False),
        words=words,
    )


@bp.get("/<number>/office")
@access.on_appeal(AppealPermission.HANDLE)
def manage(appeal: Appeal, application: Application) -> str:
    """One appeal: acknowledge it, choose who hears it, or find it inadmissible."""
    return _page(appeal, application)


@bp.post("/<number>/acknowledge")
@access.on_appeal(AppealPermission.HANDLE)
def acknowledge(appeal: Appeal, application: Application) -> Any:
    """Tell the company that it has come."""
    appeals.acknowledge(db.session(), access.me(), appeal)
    db.commit()
    flash(_("Đã báo cho đơn vị: Câu lạc bộ đã nhận yêu cầu %(number)s.", number=appeal.number))
    return redirect(url_for("appeals.manage", number=appeal.number))


@bp.post("/<number>/hearers")
@access.on_appeal(AppealPermission.HANDLE)
def assign(appeal: Appeal, application: Application) -> Any:
    """Ask people to hear it."""
    free = [one for one in asked.candidates(db.session(), application) if one.free]
    form = AssignForm().offer(free, words.load)
    if not form.validate():
        return _page(appeal, application, assign=form), 422
    try:
        hearings.assign(db.session(), access.me(), appeal, form.people())
    except (Invalid, NotReady) as refusal:
        form.hearers.errors = _sentences(refusal)
        db.session().rollback()
        return _page(appeal, application, assign=form), 422
    db.commit()
    flash(_("Đã mời người xem xét lại. Mỗi người khai lợi ích liên quan trước khi đọc hồ sơ."))
    return redirect(url_for("appeals.manage", number=appeal.number))


@bp.post("/<number>/refuse")
@access.on_appeal(AppealPermission.REFUSE)
def refuse(appeal: Appeal, application: Application) -> Any:
    """Find it inadmissible."""
    form = RefuseForm().offer()
    if not form.validate():
        return _page(appeal, application, refuse=form), 422
    reasons = (form.why_vi.data or "", form.why_en.data or "")
    appeals.refuse(db.session(), access.me(), appeal, Inadmissible(form.reason.data), reasons)
    db.commit()
    flash(_("Đã ghi: không nhận yêu cầu %(number)s. Đơn vị được báo lý do.", number=appeal.number))
    return redirect(url_for("appeals.office"))


def _sentences(refusal: Invalid | NotReady) -> list[str]:
    if isinstance(refusal, NotReady):
        return [translate(one.message, **one.values) for one in refusal.missing]
    return [translate(refusal.message, **refusal.values)]


def _page(appeal: Appeal, application: Application, **forms: Any) -> str:
    session = db.session()
    product, vendor = product_and_vendor(session, application)
    called = asked.hearers_of(session, appeal.id)
    found = asked.candidates(session, application) if appeal.state in queries.RUNNING else []
    free = [one for one in found if one.free and one.person.id != access.me().id]
    return render_template(
        "appeals/manage.html",
        appeal=appeal,
        application=application,
        product=product,
        vendor=vendor,
        edition=store.load(application.edition_id),
        against=queries.against_of(session, appeal, application),
        called=called,
        names=people(session, [one.person_id for one in called]),
        lacking=asked.lacking(session, appeal, application),
        free=free,
        blocked=[one for one in found if not one.free],
        steps=queries.steps_of(session, appeal),
        may_refuse=appeal_allows(access.appeal_standing(), AppealPermission.REFUSE),
        assign=forms.get("assign") or AssignForm(formdata=None).offer(free, words.load),
        refuse=forms.get("refuse") or RefuseForm(formdata=None).offer(),
        button=PlainForm(formdata=None),
        words=words,
    )
