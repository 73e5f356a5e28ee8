"""A company's pages: registering it, its facts, its members and invitations."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field, SelectField

from assessments import vendors
from assessments.clock import now
from assessments.errors import Conflict, Invalid, NotFound, TooMany, Version, WrongState
from assessments.models import Vendor
from assessments.people import MemberRole
from assessments.queries.offers import offers_of
from assessments.queries.vendors import MemberRow, member_rows
from registry import access, db, renewals
from registry.accounts import attempts, carried, invitations, login, security_events, sessions
from registry.accounts.blueprint import carried_page, refused
from registry.accounts.forms import typed
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.accounts.words import MEMBERS
from registry.company import leaving_routes, reading_routes
from registry.company.blueprint import bp
from registry.company.forms import TRAVELLING, Company, Invite, Registration, countries
from registry.differences import Compared, compare
from registry.forms import Form
from registry.i18n import lang, translate
from registry.templating import day

__all__ = ["bp", "leaving_routes", "reading_routes"]  # one blueprint, three files of routes


@bp.get("/company/new")
@access.signed_in
def new() -> ResponseReturnValue:
    """The form for a company; whoever belongs to one sees theirs."""
    if access.me().memberships:
        return redirect(url_for("company.show"))
    return _new_page(Registration(), 200)


@bp.post("/company/new/carried")
@access.signed_in
def new_carrying() -> ResponseReturnValue:
    """The same form for somebody who brings something along: it travels on in a hidden field."""
    packed = request.form.get("carried", "")
    kept = carried.unpack(packed)
    if access.me().memberships:
        return carried_page(kept, 200) if kept else redirect(url_for("company.show"))
    return _new_page(Registration(formdata=None, data={"carried": packed}), 200)


@bp.post("/company/new")
@access.signed_in
def register() -> ResponseReturnValue:
    """Register a company; the person becomes its owner."""
    form = Registration()
    if not form.validate():
        return _new_page(form, 422)
    try:
        _count_number()
        vendor = vendors.register(db.session(), access.me(), form.facts())
    except TooMany as refusal:
        return refused(form, refusal, _new_page)
    except Invalid as refusal:
        form.registration_number.errors = [translate(refusal.message)]
        return _new_page(form, 422)
    db.commit()
    flash(_("Đã đăng ký %(vendor)s. Bạn là người phụ trách.", vendor=vendor.name))
    if kept := carried.unpack(typed(form.carried)):
        sessions.load_standing(db.session(), login.person())  # the page that follows asks who is in a company
        return carried_page(kept, 200)
    return redirect(url_for("company.show"))


@bp.get("/company")
@access.on_vendor()
def show(vendor: Vendor) -> ResponseReturnValue:
    """The facts, the people, and what is offered to whom."""
    return render_template(
        "company/show.html",
        vendor=vendor,
        country=dict(countries()).get(vendor.country, vendor.country),
        members=member_rows(db.session(), vendor.id),
        invited=invitations.open_invitations(db.session(), vendor.id),
        words=MEMBERS,
        owner=access.me().memberships[vendor.id] is MemberRole.OWNER,
        my_id=access.me().id,
        offers=offers_of(db.session(), vendor.id),
        renewals=renewals,
    )


@bp.get("/company/facts")
@access.on_vendor(MemberRole.OWNER)
def facts(vendor: Vendor) -> ResponseReturnValue:
    """The form for its facts."""
    return _facts_page(Company(data=_shown(vendor)), 200)


@bp.post("/company/facts")
@access.on_vendor(MemberRole.OWNER)
def save_facts(vendor: Vendor) -> ResponseReturnValue:
    """Keep new facts."""
    form = Company()
    if not form.validate():
        return _facts_page(form, 422)
    try:
        if form.facts().registration_number != vendor.registration_number:
            _count_number()
        vendors.change_facts(db.session(), access.me(), vendor, form.facts(), typed(form.seen))
    except Conflict:
        form.seen.data = vendors.facts_seen(vendor)
        return _facts_page(form, 409, _beside(vendor, form))
    except TooMany as refusal:
        return refused(form, refusal, _facts_page)
    except Invalid as refusal:
        form.registration_number.errors = [translate(refusal.message)]
        return _facts_page(form, 422)
    db.commit()
    flash(_("Đã lưu. Hồ sơ đã nộp và giấy đã cấp giữ thông tin lúc đó."))
    return redirect(url_for("company.show"))


@bp.get("/company/invite")
@access.on_vendor(MemberRole.OWNER)
def invite(vendor: Vendor) -> ResponseReturnValue:
    """The form for an invitation."""
    offered = {"role": MemberRole.CONTRIBUTOR.value, "language": lang(), "shown": now().isoformat()}
    return _invite_page(Invite(data=offered), vendor, 200)


@bp.post("/company/invite")
@access.on_vendor(MemberRole.OWNER)
def send_invitation(vendor: Vendor) -> ResponseReturnValue:
    """Invite a colleague by e-mail."""
    form = Invite()
    if not form.validate():
        return _invite_page(form, vendor, 422)
    offer = invitations.Offer(
        typed(form.email), language=str(form.language.data), vendor=vendor, member_role=form.member_role
    )
    try:
        if not invitations.was_sent_since(db.session(), access.me(), offer, form.since):
            invitations.invite(db.session(), access.me(), offer, vendor.name)
    except TooMany as refusal:
        return refused(form, refusal, lambda page, status: _invite_page(page, vendor, status))
    except WrongState as refusal:
        form.email.errors = [translate(refusal.message)]
        return _invite_page(form, vendor, 422)
    db.commit()
    flash(_("Đã gửi thư mời đến %(email)s.", email=offer.email))
    return redirect(url_for("company.show"))


@bp.post("/company/invitations/<uuid:invitation_id>/revoke")
@access.on_vendor(MemberRole.OWNER)
def revoke(vendor: Vendor, invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    invited = invitations.revoke(db.session(), invitation_id, vendor.id)
    db.commit()
    flash(_("Đã thu lại lời mời gửi %(email)s.", email=invited.email))
    return redirect(url_for("company.show"))


@bp.get("/company/members/<uuid:person_id>/remove")
@access.on_vendor(MemberRole.OWNER)
def remove(vendor: Vendor, person_id: UUID) -> ResponseReturnValue:
    """Ask before a person leaves the company."""
    return render_template("company/remove.html", vendor=vendor, row=_row(vendor, person_id), form=Form())


@bp.post("/company/members/<uuid:person_id>/remove")
@access.on_vendor(MemberRole.OWNER)
def remove_member(vendor: Vendor, person_id: UUID) -> ResponseReturnValue:
    """End a person's membership; their access ends at their next click."""
    row = _row(vendor, person_id)
    vendors.remove_member(db.session(), access.me(), vendor, person_id)
    invitations.revoke_by(db.session(), person_id, vendor.id)
    sessions.end_all(db.session(), person_id)
    left = db.session().get_one(User, person_id)
    security_events.record(db.session(), left, SecurityKind.LEFT_COMPANY, note=vendor.name)
    db.commit()
    flash(_("%(name)s không còn thuộc đơn vị.", name=row.person.name))
    return redirect(url_for("company.show"))


@bp.get("/company/members/<uuid:person_id>/hand-over")
@access.on_vendor(MemberRole.OWNER)
def hand_over(vendor: Vendor, person_id: UUID) -> ResponseReturnValue:
    """Ask before ownership changes hands."""
    return render_template("company/hand_over.html", vendor=vendor, row=_row(vendor, person_id), form=Form())


@bp.post("/company/members/<uuid:person_id>/hand-over")
@access.on_vendor(MemberRole.OWNER)
def give_ownership(vendor: Vendor, person_id: UUID) -> ResponseReturnValue:
    """Make a contributor the owner in one's own place."""
    row = _row(vendor, person_id)
    vendors.hand_over(db.session(), access.me(), vendor, person_id)
    invitations.revoke_by(db.session(), access.me().id, vendor.id)
    db.commit()
    flash(_("%(name)s nay là người phụ trách. Bạn là người cùng soạn.", name=row.person.name))
    return redirect(url_for("company.show"))


@bp.get("/company/leave")
@access.on_vendor()
def leave(vendor: Vendor) -> ResponseReturnValue:
    """Ask before one leaves."""
    return render_template("company/leave.html", vendor=vendor, form=Form())


@bp.post("/company/leave")
@access.on_vendor()
def leave_company(vendor: Vendor) -> ResponseReturnValue:
    """Leave the company; the last owner stays."""
    vendors.remove_member(db.session(), access.me(), vendor, access.me().id)
    invitations.revoke_by(db.session(), access.me().id, vendor.id)
    db.commit()
    flash(_("Bạn không còn thuộc %(vendor)s.", vendor=vendor.name))
    return redirect(url_for("accounts.account"))


def _count_number() -> None:
    """Count one number a person has typed, whatever comes of it: the answer tells whether it is registered here."""
    attempts.take(db.session(), attempts.Purpose.NUMBER, str(access.me().id))
    db.commit()


def _row(vendor: Vendor, person_id: UUID) -> MemberRow:
    found = [row for row in member_rows(db.session(), vendor.id) if row.person.id == person_id]
    if not found:
        raise NotFound
    return found[0]


def _new_page(form: Registration, status: int) -> ResponseReturnValue:
    return render_template("company/new.html", form=form), status


def _facts_page(form: Company, status: int, beside: list[Compared] | None = None) -> ResponseReturnValue:
    return render_template("company/facts.html", form=form, beside=beside, theirs=Version({})), status


def _shown(vendor: Vendor) -> dict[str, Any]:
    return asdict(vendors.facts_of(vendor)) | {"seen": vendors.facts_seen(vendor)}


def _beside(vendor: Vendor, form: Company) -> list[Compared]:
    """What somebody has saved meanwhile beside what was typed, field by field."""
    stored = Company(formdata=None, data=_shown(vendor))
    visible = [one for one in form if one.short_name not in TRAVELLING]
    return [compare(str(one.label.text), _told(stored[one.short_name]), _told(one)) for one in visible]


def _told(field: Field) -> str:
    if isinstance(field.data, bool):
        return str(_("Có") if field.data else _("Không"))
    if isinstance(field, SelectField):
        return dict(countries()).get(str(field.data), str(field.data))
    return day(field.data) if isinstance(field.data, date) else str(field.data or "")


def _invite_page(form: Invite, vendor: Vendor, status: int) -> ResponseReturnValue:
    return render_template("company/invite.html", form=form, vendor=vendor), status
