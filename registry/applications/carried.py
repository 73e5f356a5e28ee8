"""Routes of renewals and changes: beginning one, what changed, and the answers of the last time beside the present."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from assessments import renewals as verbs
from assessments.applications import DRAFTING, LOCKED
from assessments.errors import Invalid, NotFound, WrongState
from assessments.models import Application, Certificate, Vendor
from assessments.policy import Permission
from assessments.queries.answers import answer_to, evidence_for
from assessments.queries.renewals import Later, Settled, later_of
from assessments.renewals import Wish
from assessments.states import LATER, Kind
from criteria import store
from registry import access, db, renewals
from registry.applications import pieces
from registry.applications.blueprint import bp
from registry.applications.forms import Changed
from registry.forms import Form
from registry.i18n import translate


@bp.get("/new/<kind>/<number>")
@access.on_vendor()
def follow(vendor: Vendor, kind: str, number: str) -> str:
    """Ask what has changed since a certificate was granted."""
    wanted = _kind(kind)
    certificate = verbs.require_offered(db.session(), access.me(), vendor.id, wanted, number)
    return _follow_page(certificate, wanted, Changed())


@bp.post("/new/<kind>/<number>")
@access.on_vendor()
def start_later(vendor: Vendor, kind: str, number: str) -> Response | tuple[str, int]:
    """Open the draft of a renewal or change."""
    session, wanted, form = db.session(), _kind(kind), Changed()
    certificate = verbs.require_offered(session, access.me(), vendor.id, wanted, number)
    if not form.validate():
        return _follow_page(certificate, wanted, form), 422
    wish = Wish(wanted, number, form.kinds, form.note.data or "")
    try:
        edition_id = verbs.edition_for(session, certificate, wanted)
        application = verbs.start(session, access.me(), vendor.id, edition_id, wish)
    except Invalid as refusal:
        _fault(form, refusal)
        return _follow_page(certificate, wanted, form), 422
    except WrongState as refusal:
        return lead_to_running(refusal)
    db.commit()
    flash(_("Đã lập hồ sơ %(ref)s từ câu trả lời lần trước. Xem lại từng mục rồi nộp.", ref=application.ref))
    return redirect(url_for("applications.show", ref=application.ref))


@bp.get("/<ref>/changed")
@access.on_application(Permission.EDIT)
def changed(application: Application) -> str:
    """What the company has said of what changed."""
    later = _later(application)
    return _changes_page(application, Changed(data={"changes": list(later.basis.changes), "note": later.basis.note}))


@bp.post("/<ref>/changed")
@access.on_application(Permission.EDIT)
def tell(application: Application) -> Response | tuple[str, int]:
    """Keep what is said now."""
    _later(application)
    form = Changed()
    if not form.validate():
        return _changes_page(application, form), 422
    try:
        verbs.tell(db.session(), access.me(), application, form.kinds, form.note.data or "")
    except Invalid as refusal:
        _fault(form, refusal)
        return _changes_page(application, form), 422
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("applications.carried", ref=application.ref))


@bp.get("/<ref>/carried")
@access.on_application(Permission.EDIT)
def carried(application: Application) -> str:
    """Which answers of the last time are looked at one by one, which carry over together, and what is new."""
    return render_template(
        "applications/carried.html",
        application=application,
        later=_later(application),
        renewals=renewals,
        form=Form(),
        kept=_kept(),
    )


@bp.post("/<ref>/carried")
@access.on_application(Permission.EDIT)
def confirm_rest(application: Application) -> Response:
    """Say once for all the rest that it is still right."""
    count = verbs.confirm_rest(db.session(), access.me(), application)
    db.commit()
    flash(ngettext("Đã xác nhận %(num)d câu trả lời.", "Đã xác nhận %(num)d câu trả lời.", count))
    return redirect(_onward(application, ""))


@bp.get("/<ref>/carried/<code>")
@access.on_application(Permission.EDIT)
def beside(application: Application, code: str) -> str:
    """One answer: what was asked and said the last time, what is asked and said now."""
    later = _later(application)
    row = later.row(code)
    if row is None or row.settled is Settled.NEW:
        raise NotFound
    return render_template(
        "applications/beside.html",
        application=application,
        later=later,
        row=row,
        then=_side(later.before, row.origin),
        now=_side(application, code),
        renewals=renewals,
        form=Form(),
        kept=_kept(),
    )


@bp.post("/<ref>/carried/<code>")
@access.on_application(Permission.EDIT)
def confirm(application: Application, code: str) -> Response:
    """Say of one answer that it is still right, and go on to the next."""
    verbs.confirm(db.session(), access.me(), application, code)
    db.commit()
    flash(_("Đã xác nhận %(code)s vẫn đúng.", code=code))
    return redirect(_onward(application, code))


def lead_to_running(refusal: WrongState) -> Response:
    """Show the application that runs already instead of a second one; any other refusal goes on."""
    if "ref" not in refusal.values:
        raise refusal
    flash(translate(refusal.message, **refusal.values), "warning")
    return redirect(url_for("applications.show", ref=refusal.values["ref"]))


def _kind(text: str) -> Kind:
    if text not in LATER:
        raise NotFound
    return Kind(text)


def _later(application: Application) -> Later:
    """What the application follows; refuses (NotFound) a first one, and (WrongState) one that is not being written."""
    later = later_of(db.session(), application)
    if later is None:
        raise NotFound
    if application.state not in DRAFTING:
        raise WrongState(LOCKED)
    return later


def _side(application: Application, code: str) -> dict[str, Any]:
    """One answer with its evidence as rows."""
    found = answer_to(db.session(), application.id, code)
    attached = evidence_for(db.session(), found.id) if found else []
    return {
        "answer": found,
        "evidence": pieces.of_answer(application.ref, store.load(application.edition_id), attached),
    }


def _onward(application: Application, code: str) -> str:
    """Back to the check page where it came from there, else to the next open answer, else to the list."""
    if _kept():
        return url_for("applications.check", ref=application.ref)
    again = _later(application).again
    codes = [row.code for row in again]
    start = codes.index(code) if code in codes else 0
    following = next((row.code for row in (*again[start:], *again[:start]) if row.is_open), "")
    if code and following:
        return url_for("applications.beside", ref=application.ref, code=following)
    return url_for("applications.carried", ref=application.ref)


def _kept() -> dict[str, Any]:
    return {"return": "check"} if request.args.get("return") == "check" else {}


def _fault(form: Changed, refusal: Invalid) -> None:
    """Put a refusal of the procedure beside the field it is about."""
    field = form.note if form.changes.data else form.changes
    field.errors = [translate(refusal.message, **refusal.values)]


def _follow_page(certificate: Certificate, kind: Kind, form: Changed) -> str:
    return render_template(
        "applications/follow.html",
        certificate=certificate,
        kind=kind,
        form=form,
        edition=store.load(verbs.edition_for(db.session(), certificate, kind)),
        renewals=renewals,
    )


def _changes_page(application: Application, form: Changed) -> str:
    return render_template("applications/changed.html", application=application, form=form, renewals=renewals)
