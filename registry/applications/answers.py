"""Routes of an answer: the claim about one criterion and the evidence beside it, saved with one form."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import answers
from assessments.answers import Draft
from assessments.applications import LOCKED
from assessments.errors import Conflict, NotFound, Refused, WrongState
from assessments.models import Answer, Application, Finding
from assessments.policy import Permission
from assessments.profile import from_dict
from assessments.queries import findings
from assessments.queries.answers import Piece, answer_to, evidence_for, library_of
from assessments.queries.progress import scope_of
from assessments.queries.renewals import carried_row
from assessments.queries.versions import count_answer_texts
from assessments.states import State
from criteria import store
from criteria.applicability import Applicable
from criteria.model import Criterion, Edition, UnknownCode
from registry import access, autosaves, db, renewals
from registry.applications import drafts, pieces, sentences
from registry.applications.blueprint import bp
from registry.applications.forms import Claim
from registry.differences import Compared

HERE = {autosaves.STAY, autosaves.THEIRS, "attach"}  # buttons that come back to this page
DETACH = "detach:"
UPLOAD = "upload"


@dataclass(frozen=True)
class Place:
    """Where a criterion stands among those that apply."""

    number: int
    of: int
    before: str
    after: str
    why: Applicable | None


@bp.get("/<ref>/criteria/<code>")
@access.on_application(Permission.EDIT)
def answer(application: Application, code: str) -> str:
    """One criterion: what is asked, what is claimed, what backs it."""
    if not answers.may_write(db.session(), application, code):
        raise WrongState(LOCKED)
    criterion = _criterion(application, code)
    found = answer_to(db.session(), application.id, code) or Answer(application_id=application.id, criterion=code)
    form = Claim(obj=found)
    return _page(application, criterion, form, found)


@bp.post("/<ref>/criteria/<code>")
@access.on_application(Permission.EDIT)
def save_answer(application: Application, code: str) -> Response | tuple[str, int]:
    """Save the text, and with it attach, detach or go on to the next criterion."""
    criterion = _criterion(application, code)
    found = answer_to(db.session(), application.id, code) or Answer(application_id=application.id, criterion=code)
    form = Claim()
    form.library.choices = _choices(library_of(db.session(), application.vendor_id))
    if not form.validate():
        return _page(application, criterion, form, found), 422
    draft = _draft(form)
    try:
        save = answers.give_way if autosaves.gives_way() else answers.save
        save(db.session(), access.me(), application, code, draft)
    except Conflict as conflict:
        form.version.raw_data, form.version.data = None, found.version
        return _page(application, criterion, form, found, (conflict, drafts.answers_beside(found, draft.text))), 409
    db.commit()
    flash(_("Đã giữ bản kia. Bản của bạn nằm trong các bản đã lưu.") if autosaves.gives_way() else _("Đã lưu."))
    return redirect(_next_url(application, code))


@bp.post("/<ref>/criteria/<code>/draft")
@access.on_application(Permission.EDIT)
def autosave_answer(application: Application, code: str) -> Response | tuple[Response, int]:
    """Save the text as it is being typed; evidence waits for its button."""
    form = Claim()
    form.library.choices = _choices(())
    form.library.data = form.library.raw_data = None
    if not form.validate():
        return autosaves.unread(form)
    typed = replace(_draft(form), attach=(), detach=(), saving=autosaves.saving(auto=True))
    try:
        answer = answers.save(db.session(), access.me(), application, code, typed)
    except Refused as refusal:
        return autosaves.refused(refusal)
    db.commit()
    return autosaves.saved(answer.saved_at, {"version": answer.version})


def _criterion(application: Application, code: str) -> Criterion:
    try:
        return store.load(application.edition_id).criterion(code)
    except UnknownCode as error:
        raise NotFound from error


def _draft(form: Claim) -> Draft:
    then = request.form.get("then", "")
    gone = _uuid(then.removeprefix(DETACH)) if then.startswith(DETACH) else ()
    return Draft(
        claim=form.claim.data or "",
        not_applicable=bool(form.not_applicable.data),
        not_applicable_reason=(form.not_applicable_reason.data or "") if form.not_applicable.data else "",
        version=form.version.data or 0,
        attach=_uuid(form.library.data),
        detach=gone,
        saving=autosaves.saving(),
    )


def _uuid(text: str | None) -> tuple[UUID, ...]:
    try:
        return (UUID(text),) if text else ()
    except ValueError as error:
        raise NotFound from error


def _page(
    application: Application,
    criterion: Criterion,
    form: Claim,
    found: Answer,
    met: tuple[Conflict, list[Compared]] | None = None,
) -> str:
    session = db.session()
    edition = store.load(application.edition_id)
    attached = evidence_for(session, found.id)
    used = {piece.evidence.id for piece in attached}
    form.library.choices = _choices(
        piece for piece in library_of(session, application.vendor_id) if piece.evidence.id not in used
    )
    return render_template(
        "applications/answer.html",
        application=application,
        edition=edition,
        criterion=criterion,
        place=_place(application, edition, criterion.code),
        form=form,
        answer=found,
        attached=pieces.of_answer(application.ref, edition, attached),
        versions=count_answer_texts(session, found),
        asked=_findings(application, criterion.code),
        met=met,
        sentences=sentences,
        to_check=request.args.get("return") == "check",
        may_upload="evidence.new",
        carried=carried_row(session, application, criterion.code),
        renewals=renewals,
    )


def _findings(application: Application, code: str) -> list[Finding]:
    if application.state is not State.CORRECTION:
        return []
    asked = findings.of_round(db.session(), application.id, application.correction_round)
    return [one for one in asked if one.criterion == code]


def _choices(found: Iterable[Piece]) -> list[tuple[str, str]]:
    return [
        ("", _("Chọn một mục")),
        *((str(one.evidence.id), one.evidence.title) for one in found),
    ]


def _place(application: Application, edition: Edition, code: str) -> Place:
    applies = {
        one.criterion.code: one for one in scope_of(edition, from_dict(application.profile), application.asked).applies
    }
    order = [one.code for _group, inner in edition.by_group() for one in inner if one.code in applies]
    if code not in order:
        return Place(0, len(order), "", "", None)
    at = order.index(code)
    before = order[at - 1] if at else ""
    return Place(at + 1, len(order), before, order[at + 1] if at + 1 < len(order) else "", applies[code])


def _next_url(application: Application, code: str) -> str:
    then, ref = request.form.get("then", ""), application.ref
    back: dict[str, Any] = {"return": request.args["return"]} if request.args.get("return") == "check" else {}
    if then == UPLOAD:
        return url_for("evidence.new", ref=ref, criterion=code, **back)
    if then in HERE or then.startswith(DETACH):
        return url_for("applications.answer", ref=ref, code=code, _anchor="evidence", **back)
    if back:
        return url_for("applications.check", ref=ref, _anchor=code)
    return _going_on(application, code, then)


def _going_on(application: Application, code: str, then: str) -> str:
    if application.state is State.CORRECTION:
        return url_for("applications.corrections", ref=application.ref)
    place = _place(application, store.load(application.edition_id), code)
    there = {"next": place.after, "previous": place.before}.get(then, "")
    if not there:
        return url_for("applications.show", ref=application.ref)
    return url_for("applications.answer", ref=application.ref, code=there)
