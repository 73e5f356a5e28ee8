"""Club people for administrators: the list, invitations, roles, and keeping somebody out."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import committee
from assessments.errors import Invalid, TooMany, WrongState
from assessments.people import Role
from assessments.queries.seats import backgrounds
from registry import access, db, identity
from registry.accounts import club, invitations
from registry.accounts.blueprint import refused
from registry.accounts.forms import typed
from registry.accounts.words import roles_in_words
from registry.i18n import lang, translate
from registry.people.blueprint import bp
from registry.people.forms import INSIDE, OUTSIDE, BackgroundForm, Invite, RoleForm


@bp.get("/people")
@access.role(Role.ADMIN)
def index() -> ResponseReturnValue:
    """Everybody with a role, and the invitations that are open."""
    club_people = club.club_people(db.session())
    return render_template(
        "people/index.html",
        people=club_people,
        invited=invitations.open_invitations(db.session(), None),
        in_words=roles_in_words,
        backgrounds=backgrounds(db.session(), [one.user.id for one in club_people]),
    )


@bp.get("/people/invite")
@access.role(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """The form for an invitation."""
    return _invite_page(Invite(data={"language": lang()}), 200)


@bp.post("/people/invite")
@access.role(Role.ADMIN)
def send_invitation() -> ResponseReturnValue:
    """Invite somebody into the club."""
    form = Invite()
    if not form.validate():
        return _invite_page(form, 422)
    who = (typed(form.email), typed(form.name), str(form.language.data))
    offer = invitations.Offer(*who, roles=form.chosen, origin=form.origin)
    organisation = identity.on(language=str(offer.language)).name
    try:
        invitations.invite(db.session(), access.me(), offer, organisation)
    except TooMany as refusal:
        return refused(form, refusal, _invite_page)
    except WrongState as refusal:
        form.email.errors = [translate(refusal.message)]
        return _invite_page(form, 422)
    except Invalid as refusal:
        form.roles.errors = [translate(refusal.message)]
        return _invite_page(form, 422)
    db.commit()
    flash(_("Đã gửi thư mời đến %(email)s.", email=offer.email))
    return redirect(url_for("people.index"))


@bp.post("/people/invitations/<uuid:invitation_id>/revoke")
@access.role(Role.ADMIN)
def revoke(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    invited = invitations.revoke(db.session(), invitation_id, None)
    db.commit()
    flash(_("Đã thu lại lời mời gửi %(email)s.", email=invited.email))
    return redirect(url_for("people.index"))


@bp.get("/people/<uuid:person_id>")
@access.role(Role.ADMIN)
def show(person_id: UUID) -> ResponseReturnValue:
    """One person: roles, and whether they may come in."""
    return _person_page(club.club_person(db.session(), person_id), 200)


@bp.post("/people/<uuid:person_id>/roles")
@access.role(Role.ADMIN)
def save_roles(person_id: UUID) -> ResponseReturnValue:
    """Set what a person is trusted with."""
    form = RoleForm()
    person = club.club_person(db.session(), person_id)
    if not form.validate():
        return _person_page(person, 422, roles=form)
    try:
        user = club.change_roles(db.session(), access.me(), person_id, form.chosen)
    except Invalid as refusal:
        form.roles.errors = [translate(refusal.message)]
        return _person_page(person, 422, roles=form)
    db.commit()
    flash(_("Đã đổi vai trò của %(name)s.", name=user.name))
    return redirect(url_for("people.index"))


@bp.post("/people/<uuid:person_id>/background")
@access.role(Role.ADMIN)
def save_background(person_id: UUID) -> ResponseReturnValue:
    """Keep where a person comes from."""
    form = BackgroundForm()
    person = club.club_person(db.session(), person_id)
    if not form.validate():
        return _person_page(person, 422, background=form)
    try:
        committee.set_background(db.session(), access.me(), person_id, form.origin)
    except Invalid as refusal:
        form.outside.errors = [translate(refusal.message)]
        return _person_page(person, 422, background=form)
    db.commit()
    flash(_("Đã lưu nơi công tác của %(name)s.", name=person.user.name))
    return redirect(url_for("people.show", person_id=person_id))


@bp.post("/people/<uuid:person_id>/disable")
@access.role(Role.ADMIN)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Keep a person out, at once."""
    user = club.club_person(db.session(), person_id).user
    club.disable(db.session(), access.me(), user)
    db.commit()
    flash(_("Đã khóa tài khoản của %(name)s. Mọi phiên đăng nhập đã kết thúc.", name=user.name))
    return redirect(url_for("people.show", person_id=person_id))


@bp.post("/people/<uuid:person_id>/end-sessions")
@access.role(Role.ADMIN)
def end_sessions(person_id: UUID) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    user = club.club_person(db.session(), person_id).user
    club.end_sessions(db.session(), user)
    db.commit()
    flash(_("Đã kết thúc mọi phiên đăng nhập của %(name)s.", name=user.name))
    return redirect(url_for("people.show", person_id=person_id))


@bp.post("/people/<uuid:person_id>/enable")
@access.role(Role.ADMIN)
def enable(person_id: UUID) -> ResponseReturnValue:
    """Let a person in again."""
    user = club.club_person(db.session(), person_id).user
    club.enable(db.session(), access.me(), user)
    db.commit()
    flash(_("Đã mở lại tài khoản của %(name)s.", name=user.name))
    return redirect(url_for("people.show", person_id=person_id))


def _invite_page(form: Invite, status: int) -> ResponseReturnValue:
    return render_template("people/invite.html", form=form), status


def _person_page(
    person: club.ClubPerson, status: int, *, roles: RoleForm | None = None, background: BackgroundForm | None = None
) -> ResponseReturnValue:
    """The page of one person; the form that came back with faults keeps what was typed."""
    known = backgrounds(db.session(), [person.user.id]).get(person.user.id)
    stored = {
        "affiliation": known.affiliation if known else "",
        "outside": OUTSIDE if known and known.outside else INSIDE,
        "represents": known.represents.value if known and known.represents else "",
    }
    return render_template(
        "people/show.html",
        who=person,
        form=roles or RoleForm(formdata=None, data={"roles": sorted(person.roles)}),
        background=background or BackgroundForm(formdata=None, data=stored),
        on_committee=Role.IMPARTIALITY in person.roles,
        oneself=person.user.id == access.me().id,
    ), status
