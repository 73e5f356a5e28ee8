"""Routes under /triage: the board of concerns, one of them with every step, and the second person of an opening."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import clock, concerns, openings, referrals
from assessments.errors import N_, Invalid, WrongState
from assessments.models import Concern
from assessments.people import Role
from assessments.queries import concerns as queries
from assessments.queries.people import name_of, people
from assessments.recourse import ConcernOutcome, Referral
from registry import access, db, sealed
from registry.concerns import contacts, letters, words
from registry.forms import Form, whole
from registry.i18n import translate
from registry.triage.forms import (
    AskForm,
    ClearForm,
    CloseForm,
    InvestigateForm,
    NoteForm,
    PlainForm,
    ProductForm,
    ReferForm,
    ReplyForm,
    SheetForm,
    SurveyForm,
)

bp = Blueprint("triage", __name__, url_prefix="/triage")

UNREADABLE = N_("Không mở được cách liên hệ vì khóa mã hóa của máy chủ đã đổi.")
SHOWN_SECONDS = 300  # how long an opened contact stays on the screen
SOON = timedelta(days=14)  # proposed for a surveillance


@bp.get("")
@access.role(Role.COORDINATOR, Role.AUDITOR)
def index() -> str:
    """What is open: danger first, then what is new, then by deadline; what is over, page by page."""
    session, me = db.session(), access.me()
    over, after = request.args.get("show") == "over", whole(request.args.get("after"))
    rows = queries.listed(session, me, over=over, after=after)
    return render_template(
        "triage/index.html",
        rows=rows[: queries.PAGE],
        over=over,
        after=after + queries.PAGE if len(rows) > queries.PAGE else None,
        alarms=queries.alarms(session, me),
        waiting=len(queries.waiting(session, me)) if me.roles & set(queries.CONFIRMERS) else 0,
        ALARM=queries.ALARM,
        words=words,
    )


@bp.get("/openings")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def second() -> str:
    """The contacts that wait for a second person: who asks and why, and nothing of what was reported."""
    session = db.session()
    found = queries.waiting(session, access.me())
    names = people(session, [one.asked_by for one, _concern in found])
    return render_template(
        "triage/second.html", rows=found, names=names, button=PlainForm(formdata=None), hours=openings.OPEN_HOURS
    )


@bp.post("/openings/<uuid:opening_id>/confirm")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def confirm(opening_id: UUID) -> Any:
    """Agree to one."""
    session = db.session()
    try:
        concern = openings.confirm(session, access.me(), opening_id, contacts.half_of_who_confirms)
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    return _answered(concern, opening_id, _("Đã đồng ý mở cách liên hệ của %(number)s.", number=concern.number))


@bp.post("/openings/<uuid:opening_id>/refuse")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def refuse(opening_id: UUID) -> Any:
    """Do not agree to one."""
    concern = openings.refuse(db.session(), access.me(), opening_id)
    return _answered(concern, opening_id, _("Đã ghi: không mở cách liên hệ của %(number)s.", number=concern.number))


@bp.get("/<number>")
@access.role(Role.COORDINATOR, Role.AUDITOR)
def show(number: str) -> str:
    """One concern and what can be done now."""
    return _page(_found(number))


@bp.post("/<number>/acknowledge")
@access.role(Role.COORDINATOR)
def acknowledge(number: str) -> Any:
    """Tell the reporter that somebody has read it."""
    concern = _found(number)
    concerns.acknowledge(db.session(), access.me(), concern)
    return _done(concern, _("Đã báo đã nhận phản ánh %(number)s.", number=number))


@bp.post("/<number>/reply")
@access.role(Role.COORDINATOR)
def reply(number: str) -> Any:
    """Write to the reporter."""
    concern, form = _found(number), ReplyForm()
    if not form.validate():
        return _page(concern, reply=form), 422
    concerns.reply(db.session(), access.me(), concern, form.reply.data or "")
    return _done(concern, _("Đã gửi câu trả lời."))


@bp.post("/<number>/investigate")
@access.role(Role.COORDINATOR)
def investigate(number: str) -> Any:
    """Look into it."""
    concern, form = _found(number), InvestigateForm()
    if not form.validate():
        return _page(concern, investigate=form), 422
    concerns.investigate(db.session(), access.me(), concern, form.plan.data or "")
    return _done(concern, _("Bạn đang xem phản ánh %(number)s.", number=number))


@bp.post("/<number>/note")
@access.role(Role.COORDINATOR)
def note(number: str) -> Any:
    """Note something for the office alone."""
    concern, form = _found(number), NoteForm()
    if not form.validate():
        return _page(concern, note=form), 422
    concerns.add_note(db.session(), access.me(), concern, form.note.data or "")
    return _done(concern, _("Đã lưu ghi chú."))


@bp.post("/<number>/product")
@access.role(Role.COORDINATOR)
def name_product(number: str) -> Any:
    """Say which product it is about."""
    concern, form = _found(number), ProductForm()
    if not form.validate():
        return _page(concern, name_product=form), 422
    try:
        concerns.name_product(db.session(), access.me(), concern, form.product.data or "")
    except Invalid as refusal:
        form.product.errors = [translate(refusal.message, **refusal.values)]
        return _page(concern, name_product=form), 422
    return _done(concern, _("Đã ghi sản phẩm."))


@bp.post("/<number>/danger")
@access.role(Role.COORDINATOR)
def danger(number: str) -> Any:
    """Say that a child may be in danger."""
    concern = _found(number)
    concerns.find_danger(db.session(), access.me(), concern)
    return _done(concern, _("Đã đánh dấu: xử lý xong trong hôm nay."))


@bp.post("/<number>/clear")
@access.role(Role.COORDINATOR)
def clear(number: str) -> Any:
    """Say that none is."""
    concern, form = _found(number), ClearForm()
    if not form.validate():
        return _page(concern, clear=form), 422
    concerns.clear_danger(db.session(), access.me(), concern, form.why.data or "")
    return _done(concern, _("Đã ghi: không có trẻ gặp nguy hiểm."))


@bp.post("/<number>/contact")
@access.role(Role.COORDINATOR)
def ask(number: str) -> Any:
    """Ask to open how to reach the reporter."""
    concern, form, session = _found(number), AskForm(), db.session()
    if not form.validate():
        return _page(concern, ask=form), 422
    try:
        opening = openings.ask(session, access.me(), concern, form.reason.data or "", contacts.half_of_who_asks)
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    letters.tell_confirmers(session, concern, opening)
    return _done(concern, _("Đã gửi yêu cầu. Người thứ hai đồng ý thì bạn xem được một lần."))


@bp.post("/<number>/open")
@access.role(Role.COORDINATOR)
def opened(number: str) -> Any:
    """Show how to reach the reporter: once, in this answer only, which leaves the screen by itself."""
    concern = _found(number)
    contact = _contact(concern)
    db.commit()
    answer = make_response(
        render_template("triage/opened.html", number=number, contact=contact, minutes=SHOWN_SECONDS // 60)
    )
    answer.headers["Refresh"] = f"{SHOWN_SECONDS}; url={url_for('triage.show', number=number)}"
    return answer


@bp.post("/<number>/sheet")
@access.role(Role.COORDINATOR)
def sheet(number: str) -> Any:
    """The page that is printed and passed on; it is written down who took it."""
    concern, form, session, me = _found(number), SheetForm().offer(), db.session(), access.me()
    if not form.validate():
        return _page(concern, sheet=form), 422
    contact = _contact(concern) if form.with_contact.data else ""
    referrals.write_out(session, me, concern)
    page = _sheet(concern, Referral(form.to.data), contact)
    db.commit()
    return page


@bp.post("/<number>/refer")
@access.role(Role.COORDINATOR)
def refer(number: str) -> Any:
    """It has been passed on: keep nothing but that."""
    concern, form = _found(number), ReferForm().offer()
    if not form.validate():
        return _page(concern, refer=form), 422
    passed_on = bool(form.passed_on.data)
    referrals.refer(db.session(), access.me(), concern, Referral(form.to.data), passed_on=passed_on)
    return _done(concern, _("Đã ghi việc chuyển. Nội dung phản ánh đã bị xóa."))


@bp.post("/<number>/survey")
@access.role(Role.COORDINATOR)
def survey(number: str) -> Any:
    """Plan a surveillance because of it."""
    concern, form = _found(number), SurveyForm()
    if not form.validate():
        return _page(concern, survey=form), 422
    due_on = form.due_on.data or clock.today()
    try:
        referrals.survey(db.session(), access.me(), concern, due_on, form.what.data or "")
    except Invalid as refusal:
        form.due_on.errors = [translate(refusal.message, **refusal.values)]
        return _page(concern, survey=form), 422
    return _done(concern, _("Đã lập một lần giám sát."))


@bp.post("/<number>/close")
@access.role(Role.COORDINATOR)
def close(number: str) -> Any:
    """Close it with reasons."""
    concern, form = _found(number), CloseForm().offer()
    if not form.validate():
        return _page(concern, close=form), 422
    outcome = ConcernOutcome(form.outcome.data)
    concerns.close(db.session(), access.me(), concern, outcome, form.closing.data or "")
    return _done(concern, _("Đã đóng phản ánh %(number)s.", number=number))


def _found(number: str) -> Concern:
    """The concern, its row held where something will change; whomever it does not go to finds nothing."""
    return concerns.found(db.session(), access.me(), number, lock=request.method not in db.READING)


def _contact(concern: Concern) -> str:
    try:
        return openings.show(db.session(), access.me(), concern, contacts.opened)
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error


def _answered(concern: Concern, opening_id: UUID, told: str) -> Any:
    session = db.session()
    opening = queries.opening(session, opening_id)
    if opening is not None:
        letters.tell_asker(session, concern, opening)
    db.commit()
    flash(told)
    return redirect(url_for("triage.second"))


def _done(concern: Concern, told: str) -> Any:
    number = concern.number
    db.commit()
    flash(told)
    return redirect(url_for("triage.show", number=number))


def _sheet(concern: Concern, to: Referral, contact: str) -> str:
    session = db.session()
    return render_template(
        "triage/sheet.html",
        concern=concern,
        to=to,
        contact=contact,
        product=queries.product_of(session, concern),
        certificate=queries.certificate_of(session, concern),
        written=queries.messages_of(session, concern.id),
        by=access.me().name,
        now=clock.now(),
        office_email=current_app.config["SETTINGS"].office_email,
        form=ReferForm(formdata=None, data={"to": to.value}).offer(),
        words=words,
    )


def _page(concern: Concern, **forms: Form) -> str:
    session, me = db.session(), access.me()
    certificate = queries.certificate_of(session, concern)
    return render_template(
        "triage/show.html",
        concern=concern,
        product=queries.product_of(session, concern),
        certificate=certificate,
        written=queries.messages_of(session, concern.id, notes=True),
        steps=queries.steps_of(session, concern.id),
        openings=queries.openings_of(session, concern.id),
        ready=openings.ready(session, me, concern),
        surveillance=queries.surveillance_of(session, concern),
        handler=name_of(session, concern.handler_id),
        acts=Role.COORDINATOR in me.roles and concern.state in queries.OPEN,
        named=Role.COORDINATOR in me.roles,
        alarming=concern.danger in queries.ALARM,
        until=concerns.kept_until(concern) if concern.closed_at else None,
        hours=openings.OPEN_HOURS,
        forms=SimpleNamespace(**_forms(forms)),
        faulty=list(forms),
        words=words,
    )


def _forms(given: dict[str, Form]) -> dict[str, Form]:
    """Every form of the page; the one that came back keeps what was typed."""
    empty: dict[str, Form] = {
        "button": PlainForm(formdata=None),
        "reply": ReplyForm(formdata=None),
        "investigate": InvestigateForm(formdata=None),
        "note": NoteForm(formdata=None),
        "name_product": ProductForm(formdata=None),
        "clear": ClearForm(formdata=None),
        "ask": AskForm(formdata=None),
        "sheet": SheetForm(formdata=None).offer(),
        "refer": ReferForm(formdata=None).offer(),
        "survey": SurveyForm(formdata=None, data={"due_on": clock.today() + SOON}),
        "close": CloseForm(formdata=None).offer(),
    }
    return {**empty, **given}
