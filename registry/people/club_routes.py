"""Club people for administrators: the list, invitations, roles, and keeping somebody out."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.errors import TooMany, WrongState
from assessments.people import Role
from registry import access, db
from registry.accounts import club, invitations
from registry.accounts.blueprint import refused
from registry.accounts.forms import typed
from registry.accounts.words import roles_in_words
from registry.i18n import lang, translate
from registry.people.blueprint import bp
from registry.people.forms import Invite, RoleForm


@bp.get("/people")
@access.role(Role.ADMIN)
def index() -> ResponseReturnValue:
    """Everybody with a role, and the invitations that are open."""
    return render_template(
        "people/index.html",
        people=club.club_people(db.session()),
        invited=invitations.open_invitations(db.session(), None),
        in_words=roles_in_words,
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
    offer = invitations.Offer(typed(form.email), typed(form.name), str(form.language.data), roles=form.chosen)
    settings = current_app.config["SETTINGS"]
    organisation = settings.issuer_en if offer.language == "en" else settings.issuer_vi
    try:
        invitations.invite(db.session(), access.me(), offer, organisation)
    except TooMany as refusal:
        return refused(form, refusal, _invite_page)
    except WrongState as refusal:
        form.email.errors = [translate(refusal.message)]
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
    person = club.club_person(db.session(), person_id)
    return _person_page(person, RoleForm(data={"roles": sorted(person.roles)}), 200)


@bp.post("/people/<uuid:person_id>/roles")
@access.role(Role.ADMIN)
def save_roles(person_id: UUID) -> ResponseReturnValue:
    """Set what a person is trusted with."""
    form = RoleForm()
    if not form.validate():
        return _person_page(club.club_person(db.session(), person_id), form, 422)
    user = club.change_roles(db.session(), access.me(), person_id, form.chosen)
    db.commit()
    flash(_("Đã đổi vai trò của %(name)s.", name=user.name))
    return redirect(url_for("people.index"))


@bp.post("/people/<uuid:person_id>/disable")
@access.role(Role.ADMIN)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Keep a person out, at once."""
    user = club.club_person(db.session(), person_id).user
    club.disable(db.session(), access.me(), user)
    db.commit()
    flash(_("Đã khóa tài khoản của %(name)s. Mọi phiên đăng nhập đã kết thúc.", name=user.name))
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


def _person_page(person: club.ClubPerson, form: RoleForm, status: int) -> ResponseReturnValue:
    oneself = person.user.id == access.me().id
    return render_template("people/show.html", who=person, form=form, oneself=oneself), status
