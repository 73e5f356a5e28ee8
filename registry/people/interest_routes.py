"""Registers of interests: one's own to keep, those of others to read by whoever assigns and watches over fairness."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import interests as verbs
from assessments.clock import today
from assessments.errors import Invalid
from assessments.models import Interest
from assessments.people import Role
from assessments.queries import interests as queries
from assessments.queries.vendors import vendor_names
from registry import access, db
from registry.accounts.club import club_person
from registry.accounts.words import INTERESTS, roles_in_words
from registry.forms import Form
from registry.i18n import translate
from registry.people.blueprint import bp
from registry.people.forms import EndInterest, NewInterest


@bp.get("/account/interests")
@access.role(*Role)
def own_interests() -> ResponseReturnValue:
    """One's own register."""
    entries = queries.interests_of(db.session(), access.me().id)
    return render_template("people/own_interests.html", entries=entries, words=INTERESTS, is_past=queries.is_past)


@bp.get("/account/interests/new")
@access.role(*Role)
def new_interest() -> ResponseReturnValue:
    """The form for a line."""
    return _new_page(NewInterest(vendor_names(db.session())), 200)


@bp.post("/account/interests/new")
@access.role(*Role)
def add_interest() -> ResponseReturnValue:
    """Write a line into one's own register."""
    form = NewInterest(vendor_names(db.session()))
    if not form.validate():
        return _new_page(form, 422)
    try:
        added = verbs.add(db.session(), access.me(), form.entry())
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message))
        return _new_page(form, 422)
    db.commit()
    flash(_("Đã ghi vào bản kê: %(organisation)s.", organisation=added.organisation))
    return redirect(url_for("people.own_interests"))


@bp.get("/account/interests/<uuid:interest_id>/end")
@access.role(*Role)
def end_interest(interest_id: UUID) -> ResponseReturnValue:
    """Ask on which day it ended."""
    entry = verbs.own_entry(db.session(), access.me(), interest_id)
    return _end_page(EndInterest(data={"until": today()}), entry, 200)


@bp.post("/account/interests/<uuid:interest_id>/end")
@access.role(*Role)
def save_end(interest_id: UUID) -> ResponseReturnValue:
    """Keep that day."""
    entry = verbs.own_entry(db.session(), access.me(), interest_id)
    form = EndInterest()
    if not form.validate():
        return _end_page(form, entry, 422)
    try:
        verbs.end(db.session(), access.me(), interest_id, form.until.data or today())
    except Invalid as refusal:
        form.until.errors = [translate(refusal.message)]
        return _end_page(form, entry, 422)
    db.commit()
    flash(_("Đã ghi ngày kết thúc."))
    return redirect(url_for("people.own_interests"))


@bp.get("/account/interests/<uuid:interest_id>/retract")
@access.role(*Role)
def retract_interest(interest_id: UUID) -> ResponseReturnValue:
    """Ask before a line counts no more."""
    entry = verbs.retractable(db.session(), access.me(), interest_id)
    return render_template("people/retract_interest.html", entry=entry, words=INTERESTS, form=Form())


@bp.post("/account/interests/<uuid:interest_id>/retract")
@access.role(*Role)
def save_retraction(interest_id: UUID) -> ResponseReturnValue:
    """Report a line as made by mistake; it counts until somebody else agrees."""
    verbs.ask_retraction(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã báo khai nhầm. Mục này vẫn được tính cho đến khi một người khác xác nhận."))
    return redirect(url_for("people.own_interests"))


@bp.get("/people/interests")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def registers() -> ResponseReturnValue:
    """Everybody's registers."""
    return render_template("people/registers.html", registers=queries.registers(db.session()), in_words=roles_in_words)


@bp.get("/people/<uuid:person_id>/interests")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def interests(person_id: UUID) -> ResponseReturnValue:
    """One person's register."""
    person = club_person(db.session(), person_id)
    entries = queries.interests_of(db.session(), person_id)
    return render_template(
        "people/interests.html",
        who=person,
        entries=entries,
        words=INTERESTS,
        is_past=queries.is_past,
        answers=person_id != access.me().id,
    )


@bp.post("/people/interests/<uuid:interest_id>/confirm")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def confirm_retraction(interest_id: UUID) -> ResponseReturnValue:
    """Agree that a line was a mistake."""
    entry = verbs.confirm_retraction(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã xác nhận khai nhầm. Mục này không được tính nữa."))
    return redirect(url_for("people.interests", person_id=entry.person_id))


@bp.post("/people/interests/<uuid:interest_id>/keep")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def keep_interest(interest_id: UUID) -> ResponseReturnValue:
    """Disagree: the line goes on counting."""
    entry = verbs.keep(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã giữ mục này trong bản kê. Mục này vẫn được tính."))
    return redirect(url_for("people.interests", person_id=entry.person_id))


def _new_page(form: NewInterest, status: int) -> ResponseReturnValue:
    return render_template("people/new_interest.html", form=form), status


def _end_page(form: EndInterest, entry: Interest, status: int) -> ResponseReturnValue:
    return render_template("people/end_interest.html", form=form, entry=entry, words=INTERESTS), status
