"""Routes under /audit: the files an auditor may read, the question before one, the file, notes, and case files."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import audit, cases, declarations
from assessments.errors import Invalid, Refused
from assessments.models import Application
from assessments.people import InterestKind, Role
from assessments.policy import Permission, allows
from assessments.queries import audit as queries
from assessments.queries.audit import Wanted
from assessments.queries.declarations import question_of
from assessments.states import State
from registry import access, db
from registry.audit import follow_ups, making, words
from registry.audit.forms import NONE, UNSURE, CloseForm, DeclareForm, NamesForm, NoteForm
from registry.audit.page import matter_of
from registry.documents.attachment import HEADERS
from registry.forms import Form, whole
from registry.i18n import lang, translate
from registry.timeline import state_word

bp = Blueprint("audit", __name__, url_prefix="/audit")
bp.register_blueprint(follow_ups.bp)

TICKS = ("member", "departs", "voided", "late")


@bp.get("")
@access.role(Role.AUDITOR)
def index() -> str:
    """What was ever handed in, narrowed as asked."""
    session, me = db.session(), access.me()
    wanted = _wanted()
    rows, after = queries.listing(session, me, wanted, request.args.get("after", ""))
    chosen = {name: value for name, value in request.args.items() if name != "after" and value}
    return render_template(
        "audit/index.html",
        rows=rows,
        after=after,
        wanted=wanted,
        chosen=chosen,
        years=queries.years(session, me),
        states=[state for state in State if state is not State.DRAFT],
        state_word=state_word,
    )


@bp.get("/<ref>/declare")
@access.on_application(Permission.JOIN_AUDIT)
def declare(application: Application) -> str:
    """The question of interests."""
    return _question(application, DeclareForm())


@bp.post("/<ref>/declare")
@access.on_application(Permission.JOIN_AUDIT)
def say(application: Application) -> Any:
    """Take the answer: the file opens, stays closed, or waits for the coordinator."""
    form, session, me = DeclareForm(), db.session(), access.me()
    if not form.validate():
        return _question(application, form), 422
    note = form.note.data or ""
    if form.answer.data == UNSURE:
        declarations.ask(session, me, application, note)
        db.commit()
        flash(_("Đã hỏi điều phối viên. Hồ sơ mở ra khi bạn trả lời được câu hỏi."))
        return redirect(url_for("audit.index"))
    free = form.answer.data == NONE
    try:
        audit.declare(session, me, application, not free, None if free else InterestKind(form.kind.data), note)
    except Invalid as refusal:
        form.note.errors = [translate(refusal.message, **refusal.values)]
        return _question(application, form), 422
    db.commit()
    if free:
        return _back(application)
    flash(_("Đã ghi: bạn không tham gia hồ sơ %(ref)s.", ref=application.ref))
    return redirect(url_for("audit.index"))


@bp.get("/<ref>")
@access.on_application(Permission.JOIN_AUDIT)
def show(application: Application) -> Any:
    """The file; whoever has not answered for their interests as an auditor is asked first."""
    if not allows(access.standing(), Permission.AUDIT):
        return redirect(url_for("audit.declare", ref=application.ref))
    return _page(application)


@bp.get("/<ref>/names")
@access.on_application(Permission.AUDIT)
def names(application: Application) -> str:
    """Why names are behind a question."""
    return render_template("audit/names.html", application=application, form=NamesForm(), people=None, words=words)


@bp.post("/<ref>/names")
@access.on_application(Permission.AUDIT)
def read_names(application: Application) -> Any:
    """The names, in this answer only; that they were read, and why, is a step of the file."""
    form = NamesForm()
    if not form.validate():
        page = render_template("audit/names.html", application=application, form=form, people=None, words=words)
        return page, 422
    session = db.session()
    audit.read_names(session, access.me(), application, form.reason.data or "")
    people = queries.named(session, application)
    db.commit()
    return render_template("audit/names.html", application=application, form=NamesForm(), people=people, words=words)


@bp.post("/<ref>/notes")
@access.on_application(Permission.AUDIT)
def write_note(application: Application) -> Any:
    """A note of the audit."""
    form = NoteForm()
    form.offer(queries.owners(db.session(), application))
    if not form.validate():
        return _page(application, note=form), 422
    try:
        audit.write_note(db.session(), access.me(), application, form.words())
    except Invalid as refusal:
        return _refused(application, form, refusal, note=form)
    db.commit()
    flash(_("Đã ghi."))
    return _back(application)


@bp.post("/<ref>/notes/<uuid:note_id>/close")
@access.on_application(Permission.AUDIT)
def close_note(application: Application, note_id: UUID) -> Any:
    """Nothing is left to do about a note."""
    form = CloseForm()
    if not form.validate():
        return _page(application, close=form, closing=note_id), 422
    audit.close_note(db.session(), access.me(), application, note_id, form.found.data or "")
    db.commit()
    flash(_("Đã đóng ghi chú."))
    return _back(application)


@bp.post("/<ref>/cases")
@access.on_application(Permission.AUDIT)
def ask_case(application: Application) -> Any:
    """Ask the worker for the case file; asking twice is asking once."""
    cases.request(db.session(), access.me(), application, lang())
    db.commit()
    flash(_("Đang chuẩn bị hồ sơ vụ việc. Xong thì có thư báo cho bạn."))
    return _back(application)


@bp.get("/<ref>/cases/<uuid:export_id>")
@access.on_application(Permission.AUDIT)
def take_case(application: Application, export_id: UUID) -> Response:
    """The archive, as an attachment, whole or in ranges; who takes it is written down first."""
    with db.writing() as session:
        export = cases.take(session, access.me(), session.get_one(Application, application.id), export_id)
        name, digest = export.file_name, export.sha256
    path = making.folder() / name
    if not path.is_file():
        abort(404)
    told = f"{application.ref}-{digest[:8]}.zip"
    response = send_file(path, "application/zip", as_attachment=True, download_name=told, etag=digest, conditional=True)
    response.headers.update(HEADERS)
    return response


def _wanted() -> Wanted:
    """What the list is narrowed to; what makes no sense narrows nothing."""
    given = request.args
    state = given.get("state", "")
    return Wanted(
        state=State(state) if state in set(State) else None,
        year=whole(given.get("year")) or None,
        **{name: bool(given.get(name)) for name in TICKS},
    )


def _question(application: Application, form: DeclareForm) -> str:
    question = question_of(db.session(), access.me(), application)
    return render_template("audit/declare.html", application=application, question=question, form=form)


def _refused(application: Application, form: Form, refusal: Refused, **forms: Any) -> Any:
    """The page again with what was typed and why not."""
    form.form_errors.append(translate(refusal.message, **refusal.values))
    db.session().rollback()
    return _page(application, **forms), 422


def _page(application: Application, **forms: Any) -> str:
    return render_template("audit/show.html", **matter_of(application, **forms))


def _back(application: Application) -> Response:
    return redirect(url_for("audit.show", ref=application.ref))
