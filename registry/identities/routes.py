"""Routes under /identities: who the club is and in whose name it issues, from which day on; for administrators."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import identities
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.models import Identity
from assessments.people import Role
from assessments.queries import identities as queries
from assessments.queries import issuing_bodies
from registry import access, db, identity, wording
from registry.i18n import LANGUAGES, translate
from registry.identities.forms import BodyForm, IdentityForm
from registry.issuing import bodies

bp = Blueprint("identities", __name__, url_prefix="/identities")


@bp.get("")
@access.role(Role.ADMIN)
def index() -> str:
    """What holds today, what was set for days to come, what held before."""
    session = db.session()
    rows = queries.everything(session)
    return render_template(
        "identities/index.html",
        now=identity.row_of(today()),
        rows=list(reversed(rows)),
        bodies=list(reversed(issuing_bodies.bodies(session))),
        issuer=bodies.issuer(session),
        today=today(),
        words=wording.words,
    )


@bp.get("/new")
@access.role(Role.ADMIN)
def new() -> str:
    """The form, with what holds today in it."""
    values = vars(identities.facts_of(identity.row_of(today())))
    return render_template("identities/new.html", form=IdentityForm(formdata=None, starts_on=today(), **values))


@bp.post("/preview")
@access.role(Role.ADMIN)
def preview() -> Any:
    """How pages, letters and papers would name the club; nothing is kept."""
    form = IdentityForm()
    if not form.validate():
        return render_template("identities/new.html", form=form), 422
    row = Identity(starts_on=form.day, **vars(form.facts()))
    shown = {language: identity.told(row, language) for language in LANGUAGES}
    words = {language: wording.words(row.wording, language) for language in LANGUAGES}
    return render_template("identities/new.html", form=form, shown=shown, words=words)


@bp.post("/new")
@access.role(Role.ADMIN)
def add() -> Any:
    """Let the club be this from that day on."""
    form = IdentityForm()
    if not form.validate():
        return render_template("identities/new.html", form=form), 422
    try:
        identities.set_from(db.session(), access.me(), form.day, form.facts())
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return render_template("identities/new.html", form=form), 422
    db.commit()
    identity.forget()
    flash(_("Đã lưu."))
    return redirect(url_for("identities.index"))


@bp.post("/<starts_on>/drop")
@access.role(Role.ADMIN)
def drop(starts_on: str) -> Any:
    """Take back what was set for a day to come."""
    identities.drop(db.session(), access.me(), _day(starts_on))
    db.commit()
    identity.forget()
    flash(_("Đã bỏ."))
    return redirect(url_for("identities.index"))


@bp.get("/issuing-body")
@access.role(Role.ADMIN)
def issuing_body() -> str:
    """The form of another issuing body, with the one of today in it."""
    issuer = bodies.issuer(db.session())
    return render_template(
        "identities/issuing_body.html",
        form=BodyForm(formdata=None, starts_on=today(), vi=issuer.vi, en=issuer.en),
    )


@bp.post("/issuing-body")
@access.role(Role.ADMIN)
def take_over() -> Any:
    """Let a body issue from a day on; certificates granted before keep the name they were granted in."""
    form = BodyForm()
    if not form.validate():
        return render_template("identities/issuing_body.html", form=form), 422
    try:
        bodies.take_over(db.session(), form.day, form.naming(), access.me())
    except bodies.BodyRefused as refusal:
        form.form_errors.append(translate(refusal.said))
        return render_template("identities/issuing_body.html", form=form), 422
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("identities.index"))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotFound from None
