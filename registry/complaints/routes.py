"""Routes under /complaints: the public form and the page that follows one by its code; those handled stand beside."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import complaints
from assessments.complaints import By
from assessments.errors import N_, WrongState
from assessments.models import Complaint
from assessments.people import Role
from assessments.queries import complaints as queries
from assessments.queries.involvements import is_involved
from assessments.queries.people import name_of
from assessments.recourse import ComplaintState, ComplaintSubject, Verdict
from criteria.model import Recourse
from registry import access, catalogue, db, identity, sealed
from registry.accounts import attempts
from registry.complaints import letters, tickets, words
from registry.complaints.forms import (
    AcknowledgeForm,
    CloseForm,
    ComplainForm,
    DecideForm,
    FollowForm,
    PassByForm,
    PlainForm,
    SignedForm,
    TakeForm,
)

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

READERS = (Role.AUDITOR, Role.IMPARTIALITY)
UNREADABLE = N_("Không mở được cách liên hệ vì khóa mã hóa của máy chủ đã đổi.")


# --- the public: no cookie, no account ---


@bp.get("/new")
@access.public
def new() -> str:
    """The form; what is urgent stands above it."""
    return _form(ComplainForm(formdata=None).offer())


@bp.post("/new")
@access.public
def again() -> str:
    """Back from the check page: the form with what was typed."""
    return _form(ComplainForm().offer())


@bp.post("/check")
@access.public
def check() -> Any:
    """Show once more what will be sent; from here on the form has a ticket."""
    form = ComplainForm().offer()
    if not form.validate():
        return _form(form), 422
    return render_template("complaints/check.html", form=form, ticket=tickets.issue(), words=words)


@bp.get("/check")
@access.public
def begin_again() -> Any:
    """A page that lives by what a form sends, opened without it: begin at the beginning."""
    return redirect(url_for("complaints.new"))


@bp.post("")
@access.public
def receive() -> Any:
    """Take it, and show the code by which it is followed; a form sent twice shows the same."""
    form = ComplainForm().offer()
    complaint_id = tickets.read(request.form.get("ticket", ""))
    if not form.validate():
        return _form(form), 422
    if complaint_id is None:
        return render_template("complaints/check.html", form=form, ticket=tickets.issue(), words=words, stale=True), 422
    session = db.session()
    attempts.take(session, attempts.Purpose.COMPLAINT, "everybody", request.remote_addr or "")
    code = tickets.code_of(complaint_id, request.form.get("ticket", ""))
    complaint = complaints.receive(session, complaint_id, code, form.said(), sealed.ring(sealed.COMPLAINT).seal)
    letters.tell_readers(session, complaint, "complaint_received")
    db.commit()
    return _unkept(render_template("complaints/receive.html", complaint=complaint, code=code, **_periods()))


@bp.get("/follow")
@access.public
def follow() -> str:
    """Ask for the code."""
    return render_template("complaints/follow.html", form=FollowForm(formdata=None), complaint=None)


@bp.post("/follow")
@access.public
def status() -> Any:
    """How a complaint stands, and the answer."""
    form = FollowForm()
    session = db.session()
    if not form.validate():
        return render_template("complaints/follow.html", form=form, complaint=None), 422
    attempts.take(session, attempts.Purpose.FOLLOW, "everybody", request.remote_addr or "")
    found = queries.complaint_by_code(session, complaints.hash_of(form.code.data or ""))
    db.commit()
    if found is None:
        form.code.errors = [_("Không có khiếu nại nào có mã này. Kiểm tra từng ký tự.")]
        return _unkept(render_template("complaints/follow.html", form=form, complaint=None), 404)
    return _unkept(
        render_template("complaints/follow.html", form=form, complaint=found, words=words, steps=_told(found))
    )


# --- with an account ---


@bp.get("/mine")
@access.signed_in
def mine() -> str:
    """What somebody has sent, and the form."""
    return _mine(SignedForm(formdata=None).offer())


@bp.post("/mine")
@access.signed_in
def send() -> Any:
    """Send one in one's own name: it goes past the coordinator all the same."""
    form = SignedForm().offer()
    if not form.validate():
        return _mine(form), 422
    session, me = db.session(), access.me()
    attempts.take(session, attempts.Purpose.COMPLAINT, str(me.id))
    complaint_id = uuid4()
    by = By(me, next(iter(me.memberships), None))
    code, seal = tickets.code_of(complaint_id), sealed.ring(sealed.COMPLAINT).seal
    complaint = complaints.receive(session, complaint_id, code, form.said(), seal, by)
    letters.tell_readers(session, complaint, "complaint_received")
    letters.tell_complainant(session, complaint, "complaint_yours")
    db.commit()
    flash(_("Đã gửi khiếu nại %(number)s. Điều phối viên không đọc khiếu nại.", number=complaint.number))
    return redirect(url_for("complaints.mine"))


# --- those who handle them ---


@bp.get("")
@access.role(*READERS)
def index() -> str:
    """What is open, by deadline, and what was closed last."""
    complaints.require_reader(access.me())
    rows, past = queries.listed(db.session(), access.me())
    return render_template("complaints/index.html", rows=rows, past=past, words=words)


@bp.get("/<number>")
@access.role(*READERS)
def show(number: str) -> str:
    """One complaint and its next step."""
    return _page(_found(number))


@bp.post("/<number>/acknowledge")
@access.role(*READERS)
def acknowledge(number: str) -> Any:
    """Say that it has come, and what it is about."""
    complaint, form = _found(number), AcknowledgeForm().offer()
    if not form.validate():
        return _page(complaint, acknowledge=form), 422
    complaints.acknowledge(db.session(), access.me(), complaint, ComplaintSubject(form.subject.data))
    letters.tell_complainant(db.session(), complaint, "complaint_acknowledged")
    return _done(complaint, _("Đã báo đã nhận khiếu nại %(number)s.", number=complaint.number))


@bp.post("/<number>/take")
@access.role(*READERS)
def take(number: str) -> Any:
    """Take it in hand."""
    complaint, form = _found(number), TakeForm()
    if not (form.validate() and form.uninvolved.data):
        form.uninvolved.errors = [_("Xác nhận bạn không liên quan đến việc bị khiếu nại.")]
        return _page(complaint, take=form), 422
    complaints.take(db.session(), access.me(), complaint, uninvolved=True)
    return _done(complaint, _("Bạn đang xử lý khiếu nại %(number)s.", number=complaint.number))


@bp.post("/<number>/pass-by")
@access.role(*READERS)
def pass_by(number: str) -> Any:
    """Write down whom it concerns; whoever is left is written to when nobody has it in hand any more."""
    complaint, session, me = _found(number), db.session(), access.me()
    form = PassByForm().offer(me, queries.readers_of(session, complaint))
    if not form.validate():
        return _page(complaint, pass_by=form), 422
    complaints.pass_by(session, me, complaint, UUID(form.person.data))
    letters.tell_of_leaving(session, complaint, me)
    return _done(complaint, _("Đã ghi. Khiếu nại %(number)s không đến người này nữa.", number=complaint.number))


@bp.post("/<number>/contact")
@access.role(*READERS)
def contact(number: str) -> str:
    """Show how to reach the complainant: in this answer only, written down."""
    complaint = _found(number)
    try:
        opened = complaints.open_contact(db.session(), access.me(), complaint, sealed.ring(sealed.COMPLAINT).open)
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    db.commit()
    return _page(complaint, opened=opened)


@bp.post("/<number>/decide")
@access.role(*READERS)
def decide(number: str) -> Any:
    """Decide and answer."""
    complaint, form = _found(number), DecideForm().offer()
    if not form.validate():
        return _page(complaint, decide=form), 422
    given = complaints.Answer(Verdict(form.verdict.data), form.reasons.data or "", form.answer.data or "")
    complaints.decide(db.session(), access.me(), complaint, given)
    letters.tell_complainant(db.session(), complaint, "complaint_answered")
    return _done(complaint, _("Đã ghi kết luận và câu trả lời."))


@bp.post("/<number>/close")
@access.role(*READERS)
def close(number: str) -> Any:
    """Close it."""
    complaint, form = _found(number), CloseForm()
    if not form.validate():
        return _page(complaint, close=form), 422
    complaints.close(db.session(), access.me(), complaint, form.closing.data or "")
    return _done(complaint, _("Đã khép lại khiếu nại %(number)s.", number=complaint.number))


def _form(form: ComplainForm) -> str:
    return render_template("complaints/new.html", form=form, **_periods())


def _mine(form: ComplainForm) -> str:
    rows = queries.of_person(db.session(), access.me().id)
    return render_template("complaints/mine.html", rows=rows, form=form, words=words, **_periods())


def _periods() -> dict[str, Any]:
    edition = catalogue.current_edition()
    return {
        "recourse": edition.recourse if edition else Recourse(),
        "office_email": identity.on().email,
    }


def _told(complaint: Complaint) -> list[queries.Step]:
    """The steps the complainant reads: not who opened what."""
    inner = {"open_complaint_contact"}
    return [one for one in queries.steps_of(db.session(), complaint.id) if one.action not in inner]


def _unkept(page: str, code: int = 200) -> Response:
    response = make_response(page, code)
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(number: str) -> Complaint:
    """The complaint, its row held where something will change; whoever may not read it finds nothing."""
    complaints.require_reader(access.me())
    complaint = complaints.found(db.session(), number, lock=request.method not in db.READING)
    complaints.require_uninvolved(db.session(), access.me(), complaint)
    return complaint


def _done(complaint: Complaint, text: str) -> Any:
    db.commit()
    flash(text)
    if is_involved(db.session(), access.me().id, complaint):  # it has just been found to concern oneself
        return redirect(url_for("complaints.index"))
    return redirect(url_for("complaints.show", number=complaint.number))


def _page(complaint: Complaint, **forms: Any) -> str:
    session, me = db.session(), access.me()
    mine, readers = complaint.handler_id == me.id, queries.readers_of(session, complaint)
    return render_template(
        "complaints/show.html",
        complaint=complaint,
        steps=queries.steps_of(session, complaint.id),
        handler=name_of(session, complaint.handler_id),
        mine=mine,
        may_close=mine or complaint.handler_id not in {one.id for one in readers},
        opened=forms.get("opened", ""),
        kept_days=queries.contact_days(complaint),
        acknowledge=forms.get("acknowledge")
        or AcknowledgeForm(formdata=None, data={"subject": complaint.subject}).offer(),
        take=forms.get("take") or TakeForm(formdata=None),
        pass_by=forms.get("pass_by") or PassByForm(formdata=None).offer(me, readers),
        decide=forms.get("decide") or DecideForm(formdata=None).offer(),
        close=forms.get("close") or CloseForm(formdata=None),
        button=PlainForm(formdata=None),
        State=ComplaintState,
        words=words,
    )
