"""Routes under /surveillance: what is due, late, running and done; planning, beginning and giving one up."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import surveillance
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.lifecycle import Trigger
from assessments.models import Application, Certificate
from assessments.people import Role
from assessments.policy import Permission, require
from assessments.queries import surveillance as queries
from assessments.queries.certificates import certificate_by_number
from assessments.queries.renewals import basis_of
from assessments.queries.standings import standing_of
from assessments.queries.surveillance import Standing
from criteria import store
from registry import access, db
from registry.forms import Form
from registry.i18n import translate
from registry.surveillance import words
from registry.surveillance.forms import BeginForm, DropForm, PlanForm

bp = Blueprint("surveillance", __name__, url_prefix="/surveillance")

Page = str | tuple[str, int] | Response
ORDER = (Standing.OVERDUE, Standing.STUCK, Standing.DUE, Standing.RUNNING, Standing.LATER)


@bp.get("")
@access.role(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR)
def index() -> str:
    """What is late first, then what is due, runs, comes later, and is over."""
    session, day = db.session(), today()
    lines = queries.open_lines(session, day)
    return render_template(
        "surveillance/index.html",
        parts=[(one, [line for line in lines if line.standing is one]) for one in ORDER],
        ended=queries.ended_lines(session, day),
        coordinator=Role.COORDINATOR in access.me().roles,
        words=words,
    )


@bp.get("/plan/<number>")
@access.role(Role.COORDINATOR)
def new(number: str) -> str:
    """The form of one more."""
    return _plan_page(_certificate(number), PlanForm(data={"due_on": today() + timedelta(days=14)}))


@bp.post("/plan/<number>")
@access.role(Role.COORDINATOR)
def plan(number: str) -> Page:
    """Plan it."""
    certificate, form = _certificate(number), PlanForm()
    if not form.validate():
        return _plan_page(certificate, form), 422
    wanted = surveillance.Wanted(Trigger(form.trigger.data), form.note.data or "", form.due_on.data or today())
    try:
        one = surveillance.plan(db.session(), access.me(), number, wanted)
    except Invalid as refusal:
        form.due_on.errors = [translate(refusal.message, **refusal.values)]
        return _plan_page(certificate, form), 422
    db.commit()
    flash(_("Đã lập lần giám sát %(n)d của giấy %(number)s.", n=one.number, number=number))
    return redirect(url_for("surveillance.show", number=number, place=one.number))


@bp.get("/<number>/<int:place>")
@access.role(Role.COORDINATOR)
def show(number: str, place: int) -> str:
    """One, with its seed and list once it has begun, and what can be done now."""
    days = store.load(_certificate(number).edition_id).periods.returned_days
    return _page(number, place, BeginForm(formdata=None, data={"reply_by": today() + timedelta(days=days)}), None)


@bp.post("/<number>/<int:place>/begin")
@access.role(Role.COORDINATOR)
def begin(number: str, place: int) -> Page:
    """Draw the criteria and open the company's draft."""
    form = BeginForm()
    if not form.validate():
        return _page(number, place, form, None), 422
    try:
        application = surveillance.begin(db.session(), access.me(), number, place, form.reply_by.data or today())
    except Invalid as refusal:
        form.reply_by.errors = [translate(refusal.message, **refusal.values)]
        return _page(number, place, form, None), 422
    db.commit()
    flash(_("Đã bắt đầu: hồ sơ %(ref)s chờ đơn vị trả lời.", ref=application.ref))
    return redirect(url_for("surveillance.show", number=number, place=place))


@bp.post("/<number>/<int:place>/drop")
@access.role(Role.COORDINATOR)
def drop(number: str, place: int) -> Page:
    """Give it up."""
    form = DropForm()
    if not form.validate():
        return _page(number, place, BeginForm(formdata=None), form), 422
    surveillance.drop(db.session(), access.me(), number, place, form.reason.data or "")
    db.commit()
    flash(_("Đã bỏ lần giám sát này."))
    return redirect(url_for("surveillance.index"))


def _certificate(number: str) -> Certificate:
    """The certificate, for whoever of the office may follow its file up."""
    session = db.session()
    certificate = certificate_by_number(session, number)
    if certificate is None:
        raise NotFound
    application = session.get_one(Application, certificate.application_id)
    require(standing_of(session, access.me(), application), Permission.FOLLOW_UP)
    return certificate


def _page(number: str, place: int, begin_form: BeginForm, drop_form: DropForm | None) -> str:
    session = db.session()
    certificate = _certificate(number)
    line = queries.line_of(session, number, place, today())
    if line is None:
        raise NotFound
    basis = basis_of(session, line.application.id) if line.application else None
    standing = line.standing
    form: Form = drop_form or begin_form
    return render_template(
        "surveillance/show.html",
        line=line,
        certificate=certificate,
        drawn=queries.draw_of(certificate, line.surveillance, tuple(basis[0].changes) if basis else ()),
        edition=store.load(certificate.edition_id),
        form=form,
        begin_form=begin_form if standing in {Standing.LATER, Standing.DUE, Standing.OVERDUE} else None,
        drop_form=(drop_form or DropForm(formdata=None))
        if standing in {Standing.LATER, Standing.DUE, Standing.OVERDUE, Standing.STUCK}
        else None,
        words=words,
    )


def _plan_page(certificate: Certificate, form: PlanForm) -> str:
    return render_template("surveillance/new.html", certificate=certificate, form=form)
