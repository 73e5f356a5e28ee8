"""Routes of a reviewer's notes on pages of evidence: written beside the page, changed and thrown away."""

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import notes
from assessments.errors import Conflict, Invalid
from assessments.models import Application, Note
from assessments.notes import Remark
from assessments.policy import Permission
from registry import access, db
from registry.evidence import margin, reading, viewer
from registry.evidence.blueprint import bp
from registry.evidence.forms import NoteForm
from registry.forms import whole
from registry.i18n import translate


@bp.post("/<ref>/<uuid:evidence_id>/notes")
@access.on_application(Permission.REVIEW)
def add_note(application: Application, evidence_id: UUID) -> Any:
    """Keep a note; what cannot be kept comes back beside the page as it was typed."""
    form = NoteForm()
    found = reading.in_application(application, evidence_id)
    margin.offer(form, application, evidence_id)
    if not form.validate():
        return make_response(viewer.page_of(application, found, form), 422)
    try:
        note = notes.add(db.session(), access.me(), application, evidence_id, _remark(form, _page_shown()))
    except Invalid as refusal:
        form.text.errors = [translate(refusal.message, **refusal.values)]
        return make_response(viewer.page_of(application, found, form), 422)
    db.commit()
    flash(_("Đã ghi chú. Chỉ bạn đọc được, cho đến khi mọi người đã chốt phần đánh giá."))
    return redirect(_address(application, note), 303)


@bp.get("/<ref>/notes/<uuid:note_id>")
@access.on_application(Permission.REVIEW)
def note(application: Application, note_id: UUID) -> str:
    """One's own note, to change or to throw away."""
    found = notes.current(db.session(), access.me(), application, note_id)
    form = NoteForm(formdata=None, criterion=found.criterion, text=found.text, version=found.version)
    return _note_page(application, found, form)


@bp.post("/<ref>/notes/<uuid:note_id>")
@access.on_application(Permission.REVIEW)
def save_note(application: Application, note_id: UUID) -> Any:
    """Keep a changed note; two texts that meet are shown side by side, nothing is overwritten."""
    form, session, actor = NoteForm(), db.session(), access.me()
    found = notes.current(session, actor, application, note_id)
    margin.offer(form, application, found.evidence_id)
    if not form.validate():
        return make_response(_note_page(application, found, form), 422)
    try:
        notes.edit(session, actor, application, note_id, _remark(form, found.page), form.version.data or 0)
    except Invalid as refusal:
        form.text.errors = [translate(refusal.message, **refusal.values)]
        return make_response(_note_page(application, found, form), 422)
    except Conflict as refusal:
        return _met(application, found, form, refusal)
    db.commit()
    flash(_("Đã lưu ghi chú."))
    return redirect(_address(application, found), 303)


@bp.post("/<ref>/notes/<uuid:note_id>/remove")
@access.on_application(Permission.REVIEW)
def remove_note(application: Application, note_id: UUID) -> Any:
    """Throw a note of one's own away, unless it was changed elsewhere meanwhile."""
    form, session, actor = NoteForm(), db.session(), access.me()
    found = notes.current(session, actor, application, note_id)
    try:
        notes.remove(session, actor, application, note_id, form.version.data or 0)
    except Conflict as refusal:
        return _met(application, found, form, refusal)
    address = _address(application, found)
    db.commit()
    flash(_("Đã xóa ghi chú."))
    return redirect(address, 303)


def _met(application: Application, found: Note, form: NoteForm, conflict: Conflict) -> Any:
    """The same page with both texts; saving again keeps one's own."""
    form.version.data, form.version.raw_data = found.version, None
    return make_response(_note_page(application, found, form, conflict), 409)


def _note_page(application: Application, found: Note, form: NoteForm, conflict: Conflict | None = None) -> str:
    margin.offer(form, application, found.evidence_id)
    piece = reading.in_application(application, found.evidence_id)
    address = _address(application, found)
    return render_template(
        "evidence/note.html",
        application=application,
        note=found,
        piece=piece,
        form=form,
        back=address,
        conflict=conflict,
    )


def _remark(form: NoteForm, page: int) -> Remark:
    return Remark(page, form.criterion.data or "", form.text.data or "")


def _page_shown() -> int:
    return max(1, whole(request.args.get("page")))


def _address(application: Application, note: Note) -> str:
    """The viewer at the page of a note."""
    about: dict[str, Any] = {"ref": application.ref, "evidence_id": note.evidence_id, "c": note.criterion}
    return url_for("evidence.view", **about, page=note.page, _anchor="notes")
