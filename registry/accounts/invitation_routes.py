"""The link in an invitation: who invites into what, and the one way to accept that fits the person who came."""

from enum import StrEnum

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlmodel import Session

from assessments.models import Vendor
from registry import access, db
from registry.accounts import invitations, login, passwords, seats, signing_in, users
from registry.accounts.blueprint import bp, landing, link_used
from registry.accounts.forms import Accept, Button, typed
from registry.accounts.models import Invitation, User
from registry.accounts.words import DUTIES, MEMBERS, ROLES


class Case(StrEnum):
    """How the person who opened the link stands to it."""

    NEW = "new"  # no account of that address is open: choose a name and a password
    MINE = "mine"  # signed in with that address: one button
    SIGN_IN = "sign_in"  # there is an account: sign in first
    OTHER = "other"  # signed in with another address
    DISABLED = "disabled"


@bp.get("/invitations/<token>")
@access.open_form
def invitation(token: str) -> ResponseReturnValue:
    """Show what is offered; opening it changes nothing, so that mail scanners may."""
    invited = invitations.invitation_of(db.session(), token)
    if invited is None:
        return link_used()
    form = Accept(invited.email, invited.name)
    form.name.data = invited.name
    return _page(db.session(), invited, form, 200)


@bp.post("/invitations/<token>")
@access.open_form
def accept(token: str) -> ResponseReturnValue:
    """Take what is offered: by the button, or with a name and a password."""
    with db.reading() as own:
        invited = invitations.invitation_of(own, token)
        case = _case(own, invited) if invited else Case.OTHER
    if invited is None:
        return link_used()
    if case is Case.MINE:
        return _accepted(token, login.person())
    if case is not Case.NEW:
        return _page(db.session(), invited, Accept(), 409)
    form = Accept(invited.email)
    if not form.validate():
        return _page(db.session(), invited, form, 422)
    hashed = passwords.hash_password(typed(form.password))
    return _accepted(token, users.Newcomer(typed(form.name), invited.email, invited.language, hashed))


def _accepted(token: str, who: User | users.Newcomer) -> ResponseReturnValue:
    invited = invitations.invitation_of(db.session(), token, lock=True)
    if invited is None:
        return link_used()
    if isinstance(who, User):
        invitations.accept(db.session(), invited, who)
        db.commit()
    else:
        user = users.open_account(db.session(), who)
        invitations.accept(db.session(), invited, user)
        key = signing_in.start(db.session(), user, seats.here())
        db.commit()
        login.enter(user, key)
    flash(_("Đã nhận lời mời."))
    return redirect(landing())


def _case(session: Session, invited: Invitation) -> Case:
    if current_user.is_authenticated:
        return Case.MINE if current_user.email == invited.email else Case.OTHER
    user = users.user_by_email(session, invited.email)
    if user is not None and user.disabled_at is not None:
        return Case.DISABLED
    return Case.SIGN_IN if user is not None and user.is_active else Case.NEW


def _page(session: Session, invited: Invitation, form: Accept | Button, status: int) -> ResponseReturnValue:
    inviter = session.get(User, invited.invited_by) if invited.invited_by else None
    vendor = session.get(Vendor, invited.vendor_id) if invited.vendor_id else None
    roles = [(word, DUTIES[role]) for role, word in ROLES.items() if role in invited.club_roles]
    return render_template(
        "accounts/invitation.html",
        form=form,
        invited=invited,
        case=_case(session, invited),
        inviter=inviter.name if inviter else "",
        vendor=vendor.name if vendor else "",
        member_role=MEMBERS[invited.member_role] if invited.member_role else "",
        roles=roles,
    ), status
