"""Routes under /laboratories: whose reports the club accepts, for everybody to read, and the register of the office."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import laboratories
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.models import Laboratory
from assessments.people import Role
from assessments.queries import laboratories as queries
from registry import access, db, editions
from registry.i18n import translate
from registry.laboratories.forms import EndForm, LaboratoryForm, fresh

bp = Blueprint("laboratories", __name__, url_prefix="/laboratories")

READERS = (Role.COORDINATOR, Role.REVIEWER, Role.DECIDER, Role.AUDITOR)


@bp.get("")
@access.public
def index() -> str:
    """The laboratories whose reports are accepted today, for vendors who choose where to have a product tested."""
    found = queries.accepted_on(db.session(), today())
    return render_template("laboratories/index.html", laboratories=found, edition=editions.current())


@bp.get("/office")
@access.role(*READERS)
def office() -> str:
    """The whole register, those that were ended and those still to come too."""
    day = today()
    return render_template(
        "laboratories/office.html",
        laboratories=queries.registered(db.session()),
        accepted=lambda one: queries.is_accepted(one, day),
        today=day,
        edition=editions.current(),
        writes=Role.COORDINATOR in access.me().roles,
    )


@bp.get("/new")
@access.role(Role.COORDINATOR)
def new() -> str:
    """The form of another laboratory."""
    return _form_page(fresh(editions.current()), None)


@bp.post("/new")
@access.role(Role.COORDINATOR)
def add() -> Any:
    """Accept it."""
    form = LaboratoryForm().offer(editions.current())
    if not form.validate():
        return _form_page(form, None), 422
    try:
        one = laboratories.accept(db.session(), access.me(), form.facts())
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _form_page(form, None), 422
    db.commit()
    flash(_("Đã ghi %(name)s vào danh mục.", name=one.name))
    return redirect(url_for("laboratories.office"))


@bp.get("/<uuid:laboratory_id>")
@access.role(Role.COORDINATOR)
def edit(laboratory_id: UUID) -> str:
    """What the register says of one, to change."""
    one = _laboratory(laboratory_id)
    form = LaboratoryForm(formdata=None, obj=one, seen=laboratories.mark(one)).offer(editions.current())
    return _form_page(form, one)


@bp.post("/<uuid:laboratory_id>")
@access.role(Role.COORDINATOR)
def save(laboratory_id: UUID) -> Any:
    """Say something else of it."""
    one, form = _laboratory(laboratory_id), LaboratoryForm().offer(editions.current())
    if not form.validate():
        return _form_page(form, one), 422
    try:
        laboratories.change(db.session(), access.me(), laboratory_id, form.facts(), form.seen.data or "")
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _form_page(form, one), 422
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("laboratories.office"))


@bp.post("/<uuid:laboratory_id>/end")
@access.role(Role.COORDINATOR)
def end(laboratory_id: UUID) -> Any:
    """Accept no report of it any more."""
    one, form = _laboratory(laboratory_id), EndForm()
    if form.validate():
        try:
            laboratories.end(db.session(), access.me(), laboratory_id, form.since.data or today(), form.why.data or "")
        except Invalid as refusal:
            form.form_errors.append(translate(refusal.message, **refusal.values))
        else:
            db.commit()
            flash(_("Đã ghi: thôi chấp nhận báo cáo của %(name)s.", name=one.name))
            return redirect(url_for("laboratories.office"))
    kept = LaboratoryForm(formdata=None, obj=one, seen=laboratories.mark(one)).offer(editions.current())
    return _form_page(kept, one, form), 422


def _laboratory(laboratory_id: UUID) -> Laboratory:
    found = queries.laboratory(db.session(), laboratory_id)
    if found is None:
        raise NotFound
    return found


def _form_page(form: LaboratoryForm, one: Laboratory | None, ending: EndForm | None = None) -> str:
    template = "laboratories/edit.html" if one else "laboratories/new.html"
    return render_template(
        template, form=form, laboratory=one, ending=ending or EndForm(formdata=None, since=today()), today=today()
    )
