"""The log of risks to impartiality, and the notes of the committee's meetings."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import impartiality
from assessments.clock import today
from assessments.errors import Conflict, Invalid
from assessments.models import Risk
from assessments.people import Role
from assessments.queries import impartiality as questions
from registry import access, db
from registry.i18n import translate
from registry.impartiality.blueprint import bp
from registry.impartiality.figure_routes import READERS
from registry.impartiality.forms import CloseRiskForm, MeetingForm, RiskForm

WRITERS = (Role.IMPARTIALITY, Role.COORDINATOR)


@bp.get("/risks")
@access.role(*READERS)
def risks() -> str:
    """Every risk, the open ones by the day they are due."""
    return render_template(
        "impartiality/risks.html", risks=questions.risks(db.session()), today=today(), writes=_writes(WRITERS)
    )


@bp.get("/risks/new")
@access.role(*WRITERS)
def new_risk() -> ResponseReturnValue:
    """The form for a risk."""
    return _new_risk_page(RiskForm(formdata=None), 200)


@bp.post("/risks/new")
@access.role(*WRITERS)
def add_risk() -> ResponseReturnValue:
    """Put a risk into the log."""
    form = RiskForm()
    if not form.validate():
        return _new_risk_page(form, 422)
    impartiality.write_risk(db.session(), access.me(), form.text())
    db.commit()
    flash(_("Đã ghi rủi ro."))
    return redirect(url_for("impartiality.risks"))


@bp.get("/risks/<uuid:risk_id>")
@access.role(*WRITERS)
def risk(risk_id: UUID) -> ResponseReturnValue:
    """One risk, to write anew or to close."""
    found = questions.risk(db.session(), risk_id)
    form = RiskForm(formdata=None, obj=found)
    return _risk_page(found, form, CloseRiskForm(formdata=None, data={"seen": found.version}), 200)


@bp.post("/risks/<uuid:risk_id>")
@access.role(*WRITERS)
def save_risk(risk_id: UUID) -> ResponseReturnValue:
    """Keep what is said of it now; a text saved elsewhere meanwhile is shown and not overwritten."""
    found, form = questions.risk(db.session(), risk_id), RiskForm()
    closing = CloseRiskForm(formdata=None, data={"seen": found.version})
    if not form.validate():
        return _risk_page(found, form, closing, 422)
    try:
        impartiality.write_risk(db.session(), access.me(), form.text(), risk_id, form.version.data or 0)
    except Conflict as refusal:
        form.form_errors.append(translate(refusal.message))
        form.version.data, form.version.raw_data = found.version, None
        return _risk_page(found, form, closing, 409)
    db.commit()
    flash(_("Đã lưu rủi ro."))
    return redirect(url_for("impartiality.risks"))


@bp.post("/risks/<uuid:risk_id>/close")
@access.role(*WRITERS)
def close_risk(risk_id: UUID) -> ResponseReturnValue:
    """Close it, and say why."""
    found, form = questions.risk(db.session(), risk_id), CloseRiskForm()
    if not form.validate():
        return _risk_page(found, RiskForm(formdata=None, obj=found), form, 422)
    impartiality.close_risk(db.session(), access.me(), risk_id, form.seen.data or 0, form.closing.data or "")
    db.commit()
    flash(_("Đã đóng rủi ro."))
    return redirect(url_for("impartiality.risks"))


@bp.get("/meetings")
@access.role(*READERS)
def meetings() -> str:
    """Notes of every meeting, the newest first."""
    return render_template(
        "impartiality/meetings.html",
        meetings=questions.meetings(db.session()),
        writes=_writes((Role.IMPARTIALITY,)),
    )


@bp.get("/meetings/new")
@access.role(Role.IMPARTIALITY)
def new_meeting() -> ResponseReturnValue:
    """The form for the notes of a meeting."""
    return _meeting_page(MeetingForm(formdata=None, data={"held_on": today()}), 200)


@bp.post("/meetings/new")
@access.role(Role.IMPARTIALITY)
def add_meeting() -> ResponseReturnValue:
    """Keep the notes."""
    form = MeetingForm()
    if not form.validate():
        return _meeting_page(form, 422)
    said = (form.held_on.data or today(), form.present.data or "", form.notes.data or "")
    try:
        impartiality.write_meeting(db.session(), access.me(), *said)
    except Invalid as refusal:
        form.held_on.errors = [translate(refusal.message)]
        return _meeting_page(form, 422)
    db.commit()
    flash(_("Đã lưu biên bản họp."))
    return redirect(url_for("impartiality.meetings"))


def _writes(roles: tuple[Role, ...]) -> bool:
    return bool(access.me().roles & set(roles))


def _new_risk_page(form: RiskForm, status: int) -> ResponseReturnValue:
    return render_template("impartiality/new_risk.html", form=form), status


def _risk_page(found: Risk, form: RiskForm, closing: CloseRiskForm, status: int) -> ResponseReturnValue:
    return render_template("impartiality/risk.html", risk=found, form=form, closing=closing), status


def _meeting_page(form: MeetingForm, status: int) -> ResponseReturnValue:
    return render_template("impartiality/new_meeting.html", form=form), status
