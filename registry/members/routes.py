"""Routes of the directory: /members, /partners and /join for everybody, /members/office for whoever keeps it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import members
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.members import WRITERS
from assessments.models import Affiliate
from assessments.people import Affiliation
from assessments.queries import members as queries
from registry import access, db
from registry.i18n import translate
from registry.members.forms import MemberForm, SeenForm
from registry.members.words import AFFILIATIONS, KINDS

bp = Blueprint("members", __name__)


@bp.get("/members")
@access.public
def index() -> str:
    """Who belongs to the club, and whose products are certified here."""
    session = db.session()
    lines = queries.with_products(session, queries.directory(session, queries.MEMBERS), today())
    return render_template("members/index.html", lines=lines, affiliations=AFFILIATIONS, kinds=KINDS)


@bp.get("/partners")
@access.public
def partners() -> str:
    """Who works with the club without being a member."""
    found = queries.directory(db.session(), (Affiliation.PARTNER,))
    return render_template("members/partners.html", partners=found, affiliations=AFFILIATIONS, kinds=KINDS)


@bp.get("/join")
@access.public
def join() -> str:
    """How to become a member: in writing, without an account."""
    return render_template("members/join.html")


@bp.get("/members/office")
@access.role(*WRITERS)
def office() -> str:
    """The whole directory, to keep."""
    return render_template(
        "members/office.html", everybody=queries.directory(db.session()), affiliations=AFFILIATIONS, kinds=KINDS
    )


@bp.get("/members/new")
@access.role(*WRITERS)
def new() -> str:
    """The form of another line."""
    return _page(MemberForm(formdata=None), None)


@bp.post("/members/new")
@access.role(*WRITERS)
def add() -> Any:
    """Put somebody into the directory."""
    form = MemberForm()
    if not form.validate():
        return _page(form, None), 422
    try:
        one = members.add(db.session(), access.me(), form.facts())
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(form, None), 422
    db.commit()
    flash(_("Đã thêm %(name)s.", name=one.name_vi))
    return redirect(url_for("members.office"))


@bp.get("/members/<uuid:affiliate_id>")
@access.role(*WRITERS)
def edit(affiliate_id: UUID) -> str:
    """One line, to change or to take out."""
    one = _line(affiliate_id)
    form = MemberForm(formdata=None, obj=one, seen=one.version)
    form.affiliation.data, form.kind.data = one.affiliation.value, one.kind.value
    return _page(form, one)


@bp.post("/members/<uuid:affiliate_id>")
@access.role(*WRITERS)
def save(affiliate_id: UUID) -> Any:
    """Say something else of it."""
    one, form = _line(affiliate_id), MemberForm()
    if not form.validate():
        return _page(form, one), 422
    try:
        members.change(db.session(), access.me(), affiliate_id, form.facts(), form.version)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(form, one), 422
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("members.office"))


@bp.post("/members/<uuid:affiliate_id>/remove")
@access.role(*WRITERS)
def remove(affiliate_id: UUID) -> Any:
    """Take it out at once."""
    members.remove(db.session(), access.me(), affiliate_id, SeenForm().version)
    db.commit()
    flash(_("Đã bỏ khỏi danh sách."))
    return redirect(url_for("members.office"))


def _line(affiliate_id: UUID) -> Affiliate:
    found = queries.affiliate(db.session(), affiliate_id)
    if found is None:
        raise NotFound
    return found


def _page(form: MemberForm, one: Affiliate | None) -> str:
    return render_template("members/edit.html" if one else "members/new.html", form=form, affiliate=one)
