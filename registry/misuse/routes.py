"""Routes under /misuse: the public form, the page that follows a report by its code, and the list of the office."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import misuse
from assessments.errors import N_, WrongState
from assessments.models import MisuseReport
from assessments.people import Role
from assessments.queries import misuse as queries
from assessments.queries.people import name_of
from assessments.recourse import MisuseOutcome
from criteria.model import Recourse
from registry import access, catalogue, db, identity, sealed
from registry.accounts import attempts
from registry.forms import whole
from registry.misuse import letters, words
from registry.misuse.forms import CloseForm, FollowForm, PlainForm, ReportForm
from registry.tickets import Tickets

bp = Blueprint("misuse", __name__, url_prefix="/misuse")

UNREADABLE = N_("Không mở được cách liên hệ vì khóa mã hóa của máy chủ đã đổi.")
tickets = Tickets("misuse")


# --- the public: no cookie, no account ---


@bp.get("")
@access.public
def new() -> str:
    """The form; a number in the address is filled in."""
    return _form(ReportForm(formdata=None, data={"about": request.args.get("number", "")[:40]}).offer())


@bp.post("/new")
@access.public
def again() -> str:
    """Back from the check page: the form with what was typed."""
    return _form(ReportForm().offer())


@bp.post("/check")
@access.public
def check() -> Any:
    """Show once more what will be sent; from here on the form has a ticket."""
    form = ReportForm().offer()
    if not form.validate():
        return _form(form), 422
    return render_template("misuse/check.html", form=form, ticket=tickets.issue(), words=words)


@bp.get("/new")
@bp.get("/check")
@access.public
def begin_again() -> Any:
    """A page that lives by what a form sends, opened without it: begin at the beginning."""
    return redirect(url_for("misuse.new"))


@bp.post("")
@access.public
def receive() -> Any:
    """Take it, and show the code by which it is followed; a form sent twice shows the same."""
    form = ReportForm().offer()
    report_id = tickets.read(request.form.get("ticket", ""))
    if not form.validate():
        return _form(form), 422
    if report_id is None:
        return render_template("misuse/check.html", form=form, ticket=tickets.issue(), words=words, stale=True), 422
    session = db.session()
    attempts.take(session, attempts.Purpose.MISUSE, "everybody", request.remote_addr or "")
    code = tickets.code_of(report_id, request.form.get("ticket", ""))
    report = misuse.receive(session, report_id, code, form.said(), sealed.ring(sealed.MISUSE).seal)
    letters.tell_office(session, report)
    db.commit()
    return _unkept(render_template("misuse/receive.html", report=report, code=code, recourse=_recourse()))


@bp.get("/follow")
@access.public
def follow() -> str:
    """Ask for the code."""
    return render_template("misuse/follow.html", form=FollowForm(formdata=None), report=None)


@bp.post("/follow")
@access.public
def status() -> Any:
    """How a report stands."""
    form = FollowForm()
    session = db.session()
    if not form.validate():
        return render_template("misuse/follow.html", form=form, report=None), 422
    attempts.take(session, attempts.Purpose.FOLLOW, "everybody", request.remote_addr or "")
    found = queries.report_by_code(session, misuse.hash_of(form.code.data or ""))
    db.commit()
    if found is None:
        form.code.errors = [_("Không có báo cáo nào có mã này. Kiểm tra từng ký tự.")]
        return _unkept(render_template("misuse/follow.html", form=form, report=None), 404)
    return _unkept(render_template("misuse/follow.html", form=form, report=found, words=words))


# --- the office ---


@bp.get("/reports")
@access.role(Role.COORDINATOR)
def index() -> str:
    """What is open, by deadline; what was closed, page by page."""
    closed, after = request.args.get("show") == "closed", whole(request.args.get("after"))
    rows = queries.listed(db.session(), closed=closed, after=max(0, after))
    return render_template(
        "misuse/index.html",
        rows=rows[: queries.PAGE],
        closed=closed,
        after=after + queries.PAGE if len(rows) > queries.PAGE else None,
        words=words,
    )


@bp.get("/reports/<number>")
@access.role(Role.COORDINATOR)
def show(number: str) -> str:
    """One report and its next step."""
    return _page(_found(number))


@bp.post("/reports/<number>/take")
@access.role(Role.COORDINATOR)
def take(number: str) -> Any:
    """Take it in hand."""
    report = _found(number)
    misuse.take(db.session(), access.me(), report)
    return _done(report, _("Bạn đang xử lý báo cáo %(number)s.", number=report.number))


@bp.post("/reports/<number>/contact")
@access.role(Role.COORDINATOR)
def contact(number: str) -> str:
    """Show how to reach whoever reported: in this answer only, written down."""
    report = _found(number)
    try:
        opened = misuse.open_contact(db.session(), access.me(), report, sealed.ring(sealed.MISUSE).open)
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    db.commit()
    return _page(report, opened=opened)


@bp.post("/reports/<number>/close")
@access.role(Role.COORDINATOR)
def close(number: str) -> Any:
    """Close it with what came out."""
    report, form = _found(number), CloseForm().offer()
    if not form.validate():
        return _page(report, form), 422
    outcome = MisuseOutcome(form.outcome.data)
    misuse.close(db.session(), access.me(), report, outcome, form.note.data or "")
    return _done(report, _("Đã kết thúc báo cáo %(number)s.", number=report.number))


def _form(form: ReportForm) -> str:
    email = identity.on().email
    return render_template("misuse/new.html", form=form, recourse=_recourse(), office_email=email)


def _recourse() -> Recourse:
    edition = catalogue.current_edition()
    return edition.recourse if edition else Recourse()


def _unkept(page: str, code: int = 200) -> Response:
    response = make_response(page, code)
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(number: str) -> MisuseReport:
    """The report, its row held where something will change."""
    return misuse.found(db.session(), access.me(), number, lock=request.method not in db.READING)


def _page(report: MisuseReport, close: CloseForm | None = None, opened: str = "") -> str:
    session, me = db.session(), access.me()
    return render_template(
        "misuse/show.html",
        report=report,
        certificate=queries.certificate_of(session, report),
        handler=name_of(session, report.handler_id) if report.handler_id else "",
        mine=report.handler_id == me.id,
        interested=misuse.is_interested(session, me, report),
        until=misuse.contact_until(report),
        kept_days=_recourse().complaint_contact_days,
        opened=opened,
        button=PlainForm(formdata=None),
        form=close or CloseForm(formdata=None).offer(),
        words=words,
    )


def _done(report: MisuseReport, told: str) -> Any:
    db.commit()
    flash(told)
    return redirect(url_for("misuse.show", number=report.number))
