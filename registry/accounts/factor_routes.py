"""Showing a second factor at sign-in: a code, a passkey, or a recovery code; and a passkey in place of a password."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessments.errors import Invalid, Refused, TooMany
from registry import access, db
from registry.accounts import (
    arriving,
    attempts,
    challenges,
    factors,
    halfway,
    login,
    passkeys,
    proving,
    seats,
    security_events,
    sessions,
    signing_in,
)
from registry.accounts.blueprint import Page, bp, refused
from registry.accounts.challenges import Purpose
from registry.accounts.factor_forms import Onward, ShowFactor, ShowPasskey, ShowRecovery
from registry.accounts.forms import SignIn, typed
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.accounts.sign_in_routes import end_former, sign_in_page
from registry.i18n import translate


@bp.get("/sign-in/factor")
@halfway.owing
def factor(user: User) -> ResponseReturnValue:
    """Asks for the factor; whoever has none sets up the first."""
    if not factors.has_any(db.session(), user.id):
        return redirect(url_for("accounts.second_factors", next=arriving.asked_for() or None))
    return arriving.factor_page(user, ShowFactor(data={"next": arriving.asked_for()}), 200)


@bp.post("/sign-in/factor")
@halfway.owing
def show_factor(user: User) -> ResponseReturnValue:
    """Take a code, or a passkey's answer, and go on."""
    form = ShowFactor()
    if not form.validate():
        return arriving.factor_page(user, form, 422)
    try:
        tried = proving.begin(user, typed(form.code), typed(form.credential), Purpose.FACTOR)
        proving.show(db.session(), user, tried)
    except (Invalid, TooMany) as refusal:
        db.release()
        return _refused_in(user, form, refusal, lambda again, status: arriving.factor_page(user, again, status))
    return _let_in(user, form)


@bp.get("/sign-in/recovery")
@halfway.owing
def recovery(_user: User) -> ResponseReturnValue:
    """Asks for a recovery code."""
    return _recovery_page(ShowRecovery(data={"next": arriving.asked_for()}), 200)


@bp.post("/sign-in/recovery")
@halfway.owing
def use_recovery(user: User) -> ResponseReturnValue:
    """Take a recovery code in place of the factor, once."""
    form = ShowRecovery()
    if not form.validate():
        return _recovery_page(form, 422)
    try:
        proving.count(attempts.Purpose.FACTOR, user.email)
        factors.use_recovery(db.session(), user, typed(form.code))
    except (Invalid, TooMany) as refusal:
        db.release()
        return _refused_in(user, form, refusal, _recovery_page)
    return _let_in(user, form)


@bp.post("/sign-in/passkey/options")
@access.open_form
def passkey_options() -> ResponseReturnValue:
    """What a browser needs to ask a passkey, by what the answer will be for; says nothing about accounts."""
    user = halfway.person() or (login.person() if current_user.is_authenticated else None)
    purpose = Purpose.SIGN_IN if user is None else Purpose.CONFIRM if current_user.is_authenticated else Purpose.FACTOR
    bound = proving.bound()
    proving.count(attempts.Purpose.PASSKEY, bound)
    asked = passkeys.ask(db.session(), bound, purpose, user)
    db.commit()
    return asked, 200, {"Content-Type": "application/json"}


@bp.post("/sign-in/passkey")
@access.open_form
def enter_with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey alone: its device has made sure of the person, so that both factors are shown."""
    form = ShowPasskey()
    answer = typed(form.credential)
    if not form.validate():
        return sign_in_page(_door(form), 422)
    try:
        proving.count(attempts.Purpose.PASSKEY, passkeys.credential_of(answer))
        challenge = challenges.taken(proving.bound(), Purpose.SIGN_IN)
        shown = passkeys.check(db.session(), challenge, answer, alone=True)
        user, key = signing_in.begin_with_passkey(db.session(), shown, seats.here())
    except (Invalid, TooMany) as refusal:
        db.release()
        return refused(_door(form), refusal, sign_in_page)
    end_former()
    db.commit()
    login.enter(user, key)
    return arriving.go_on(form)


def _door(form: ShowPasskey) -> SignIn:
    """The sign-in form again, with what travels along."""
    return SignIn(formdata=None, data={"next": form.next.data, "carried": form.carried.data})


def _let_in(user: User, form: Onward) -> ResponseReturnValue:
    """The factor is shown: the session goes on under a new key, and the person to where they were going."""
    key = sessions.confirm(db.session(), g.login_session, factor=True)
    db.commit()
    login.enter(user, key)
    return arriving.go_on(form)


def _refused_in(user: User, form: ShowFactor | ShowRecovery, refusal: Refused, page: Page) -> ResponseReturnValue:
    """A wrong code beside its field, and in the history of the account; too many above the form."""
    with db.writing() as session:
        security_events.record(session, user, SecurityKind.FACTOR_FAILED)
    if isinstance(refusal, TooMany) or (isinstance(form, ShowFactor) and typed(form.credential)):
        return refused(form, refusal, page)
    form.code.errors = [translate(refusal.message)]
    return page(form, 422)


def _recovery_page(form: ShowRecovery, status: int) -> ResponseReturnValue:
    return render_template("accounts/recovery.html", form=form), status
