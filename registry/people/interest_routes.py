"""One's own register of interests: to keep, to end, to correct, and to answer where the office has written."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import interests as verbs
from assessments.clock import today
from assessments.errors import Invalid
from assessments.models import Interest
from assessments.people import Role
from assessments.queries import interests as queries
from assessments.queries.seats import seats_of
from assessments.queries.vendors import vendor_names
from registry import access, db
from registry.accounts.words import INTERESTS
from registry.forms import Form
from registry.i18n import translate
from registry.people.blueprint import bp
from registry.people.forms import AnswerInterest, EndInterest, NewInterest

QUESTIONS = {"reviews": "reviews.declare", "decisions": "decisions.declare"}  # pages that ask about interests


@bp.get("/account/interests")
@access.role(*Role)
def own_interests() -> ResponseReturnValue:
    """One's own register."""
    entries = queries.interests_of(db.session(), access.me().id)
    return render_template(
        "people/own_interests.html",
        entries=entries,
        words=INTERESTS,
        is_past=queries.is_past,
        seated=bool(seats_of(db.session(), access.me().id)),
    )


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
    except verbs.Known as refusal:
        flash(translate(refusal.message), "warning")
        return redirect(_back())
    db.commit()
    flash(_("Đã ghi vào bản kê: %(organisation)s.", organisation=added.organisation))
    return redirect(_back())


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


@bp.get("/account/interests/<uuid:interest_id>/answer")
@access.role(*Role)
def answer_interest(interest_id: UUID) -> ResponseReturnValue:
    """What the office wrote, and room to answer."""
    entry = verbs.answerable_by_person(db.session(), access.me(), interest_id)
    return _answer_page(AnswerInterest(formdata=None, data={"answer": entry.answer}), entry, 200)


@bp.post("/account/interests/<uuid:interest_id>/answer")
@access.role(*Role)
def save_answer(interest_id: UUID) -> ResponseReturnValue:
    """Keep the answer."""
    entry = verbs.answerable_by_person(db.session(), access.me(), interest_id)
    form = AnswerInterest()
    if not form.validate():
        return _answer_page(form, entry, 422)
    verbs.answer(db.session(), access.me(), interest_id, form.answer.data or "")
    db.commit()
    flash(_("Đã ghi câu trả lời."))
    return redirect(url_for("people.own_interests"))


def _new_page(form: NewInterest, status: int) -> ResponseReturnValue:
    values: dict[str, Any] = {**_origin()}
    here = url_for("people.new_interest", **values)
    return render_template("people/new_interest.html", form=form, here=here, back=_back()), status


def _origin() -> dict[str, str]:
    """The question about one application that led here, if one did."""
    about, ref = request.args.get("from", ""), request.args.get("ref", "")
    return {"from": about, "ref": ref} if about in QUESTIONS and ref else {}


def _back() -> str:
    """Where the person came from: the question about one application, or their own register."""
    origin = _origin()
    return url_for(QUESTIONS[origin["from"]], ref=origin["ref"]) if origin else url_for("people.own_interests")


def _answer_page(form: AnswerInterest, entry: Interest, status: int) -> ResponseReturnValue:
    return render_template("people/answer_interest.html", form=form, entry=entry, words=INTERESTS), status


def _end_page(form: EndInterest, entry: Interest, status: int) -> ResponseReturnValue:
    return render_template("people/end_interest.html", form=form, entry=entry, words=INTERESTS), status
