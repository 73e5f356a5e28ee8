"""Routes under /concerns: danger first, then the form, and the page that follows a concern by its code.

No cookie, no account. The question whether a child is in danger is answered within the page, so that not even an
address is sent; what follows a "yes" is a page that asks for nothing, stores nothing and is never refused.
"""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import concerns
from assessments.errors import Invalid, Refused, TooMany
from assessments.models import Concern
from assessments.queries import concerns as queries
from criteria.model import Recourse
from registry import access, catalogue, db
from registry.accounts import attempts
from registry.concerns import contacts, letters, words
from registry.concerns.forms import CHILD, ConcernForm, FollowForm, ReplyForm
from registry.forms import sent
from registry.i18n import translate
from registry.tickets import Tickets

bp = Blueprint("concerns", __name__, url_prefix="/concerns")

EVERYBODY = "everybody"
LONGEST_SLUG = 80
tickets = Tickets("concern")
messages = Tickets("concern message")


@bp.get("")
@access.public
def index() -> str:
    """What can be reported here and what happens then; in danger first."""
    return render_template("concerns/index.html", **_periods())


@bp.get("/danger")
@access.public
def danger() -> str:
    """A child is in danger now: whom to call, and nothing else."""
    return render_template("concerns/danger.html", child=_for_child())


@bp.get("/new")
@access.public
def new() -> str:
    """Is a child in danger? Only "no" leads on to the form."""
    slug = request.args.get("product", "")[:LONGEST_SLUG]
    return render_template("concerns/new.html", product=slug, child=_for_child())


@bp.get("/write")
@access.public
def write() -> Any:
    """The form, with a ticket of its own: kept by nobody."""
    given = {"product": request.args.get("product", "")[:LONGEST_SLUG]}
    return _form(ConcernForm(formdata=None, data=given).offer(child=_for_child()))


@bp.post("/search")
@access.public
def search() -> Any:
    """The products that the typed name may mean; everything else stays as it was typed."""
    form = ConcernForm().offer(child=_for_child())
    form.product.data = ""
    return _form(form, found=queries.offered(db.session(), form.about.data or ""), searched=True)


@bp.post("")
@access.public
def receive() -> Any:
    """Take it, and show the code by which it is followed; a form sent twice shows the same."""
    child = _for_child()
    form = ConcernForm().offer(child=child)
    ticket = tickets.read(request.form.get("ticket", ""))
    if not form.validate():
        return _form(form, 422)
    if ticket is None:
        return _form(form, 422, trouble=_("Trang đã mở quá lâu nên chưa gửi. Bấm gửi lần nữa; chưa có gì bị mất."))
    session = db.session()
    try:
        attempts.take(session, attempts.Purpose.CONCERN, EVERYBODY, request.remote_addr or "")
    except TooMany as refusal:
        return _flooded(form, refusal)
    concern_id = form.made_id(ticket)
    code = tickets.code_of(concern_id, request.form.get("ticket", ""))
    said = form.said(child=child, contact=contacts.are_taken())
    concern = concerns.receive(session, concern_id, code, said, contacts.seal)
    letters.tell_of_new(session, concern)
    db.commit()
    alarming = concern.danger in queries.ALARM
    page = render_template(
        "concerns/receive.html", concern=concern, code=code, child=child, alarming=alarming, **_periods()
    )
    return _unkept(page)


@bp.get("/follow")
@access.public
def follow() -> str:
    """Ask for the code."""
    return render_template("concerns/follow.html", form=FollowForm(formdata=None))


@bp.post("/follow")
@access.public
def status() -> Any:
    """How a concern stands, and what was written both ways."""
    form = FollowForm()
    if not form.validate():
        return _unkept(render_template("concerns/follow.html", form=form), 422)
    return _followed(_by_code(form), form)


@bp.post("/reply")
@access.public
def reply() -> Any:
    """Take what the reporter writes later, once."""
    form = ReplyForm()
    concern = _by_code(form, lock=True)
    ticket = messages.read(request.form.get("ticket", ""))
    if concern is None or not form.validate() or ticket is None:
        return _followed(concern, form, 422, stale=ticket is None)
    session = db.session()
    try:
        attempts.take(session, attempts.Purpose.CONCERN_REPLY, concern.number, request.remote_addr or "")
        concerns.hear(session, concern, form.made_id(ticket), form.text.data or "")
    except (Invalid, TooMany) as refusal:
        return _unheard(form, refusal)
    letters.tell_of_reply(session, concern)
    db.commit()
    return _followed(concern, FollowForm(), told=_("Đã gửi. Câu lạc bộ sẽ đọc."))


@bp.post("/forget")
@access.public
def forget() -> Any:
    """Erase how to reach the reporter, as they wish."""
    form = FollowForm()
    concern = _by_code(form, lock=True)
    if concern is None:
        return _followed(None, form)
    concerns.forget_contact(db.session(), concern)
    db.commit()
    return _followed(concern, form, told=_("Đã xóa cách liên hệ của bạn."))


@bp.get("/search")
@bp.get("/reply")
@bp.get("/forget")
@access.public
def begin_again() -> Any:
    """A page that lives by what a form sends, opened without it: begin at the beginning."""
    return redirect(url_for("concerns.index"))


def _for_child() -> bool:
    return sent("for") == CHILD


def _periods() -> dict[str, Any]:
    edition = catalogue.current_edition()
    return {"days": edition.periods.concern_acknowledge_working_days if edition else 5}


def _recourse() -> Recourse:
    edition = catalogue.current_edition()
    return edition.recourse if edition else Recourse()


def _form(form: ConcernForm, code: int = 200, **values: Any) -> Response:
    name = queries.name_of(db.session(), form.product.data or "")
    shown = {"found": [], "searched": False, "trouble": "", **values}
    page = render_template(
        "concerns/write.html",
        form=form,
        ticket=tickets.issue(),
        child=_for_child(),
        name=name,
        contacts=contacts.are_taken(),
        kept_days=_recourse().complaint_contact_days,
        **shown,
    )
    return _unkept(page, code)


def _flooded(form: ConcernForm, refusal: TooMany) -> Response:
    """Too many at once: nothing typed is lost, and whoever is in danger is told that calling needs no form."""
    db.session().rollback()
    answer = _form(form, 429, trouble=translate(refusal.message, **refusal.values))
    answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _by_code(form: FollowForm, *, lock: bool = False) -> Concern | None:
    """The concern of the typed code; every try is counted, whatever comes of it."""
    session = db.session()
    attempts.take(session, attempts.Purpose.FOLLOW, EVERYBODY, request.remote_addr or "")
    db.commit()
    return queries.concern_by_code(session, concerns.hash_of(form.code.data or ""), lock=lock)


def _unheard(form: ReplyForm, refusal: Refused) -> Response:
    """What could not be taken, with what was typed."""
    db.session().rollback()
    form.text.errors = [translate(refusal.message, **refusal.values)]
    code = 429 if isinstance(refusal, TooMany) else 422
    return _followed(queries.concern_by_code(db.session(), concerns.hash_of(form.code.data or "")), form, code)


def _followed(concern: Concern | None, form: FollowForm, code: int = 200, **values: Any) -> Response:
    if concern is None:
        form.code.errors = [_("Không có phản ánh nào có mã này. Kiểm tra từng ký tự.")]
        return _unkept(render_template("concerns/follow.html", form=form), 404)
    session = db.session()
    page = render_template(
        "concerns/status.html",
        concern=concern,
        code=form.code.data,
        product=queries.product_of(session, concern),
        written=queries.messages_of(session, concern.id),
        form=form if isinstance(form, ReplyForm) else ReplyForm(formdata=None),
        ticket=messages.issue(),
        open=concern.state in queries.OPEN,
        words=words,
        **{"told": "", "stale": False, **values},
    )
    return _unkept(page, code)


def _unkept(page: str, code: int = 200) -> Response:
    response = make_response(page, code)
    response.headers["Cache-Control"] = "no-store"
    return response
