"""One's own second factors: seeing, adding and removing them, and making recovery codes anew."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.errors import Invalid, TooMany
from registry import access, db, identity
from registry.accounts import arriving, attempts, challenges, factors, halfway, login, passkeys, proving, sessions
from registry.accounts.blueprint import bp, refused
from registry.accounts.challenges import Purpose
from registry.accounts.factor_forms import NewCodes, NewPasskey, Onward
from registry.accounts.forms import typed
from registry.accounts.models import User
from registry.i18n import lang, translate


@bp.get("/account/factors")
@halfway.enrolling
def second_factors(user: User) -> ResponseReturnValue:
    """What is set up; to whoever must set up their first, the ways there are."""
    return render_template(
        "accounts/second_factors.html",
        held=factors.held(db.session(), user.id),
        first=halfway.person() is not None,
        onward=arriving.asked_for(),
    )


@bp.get("/account/factors/codes")
@halfway.enrolling
def new_codes(user: User) -> ResponseReturnValue:
    """Shows an app its secret, and asks for the first code."""
    return arriving.codes_page(user, NewCodes(data={"next": arriving.asked_for()}), 200)


@bp.post("/account/factors/codes")
@halfway.enrolling
def save_codes(user: User) -> ResponseReturnValue:
    """Set up one-time codes with the app that has the secret."""
    form = NewCodes()
    if not form.validate():
        return arriving.codes_page(user, form, 422)
    try:
        proving.count(attempts.Purpose.FACTOR, user.email)
        factors.add_codes(db.session(), user, arriving.secret_in(form), typed(form.code))
    except TooMany as refusal:
        return refused(form, refusal, lambda again, status: arriving.codes_page(user, again, status))
    except Invalid as refusal:
        form.code.errors = [translate(refusal.message)]
        return arriving.codes_page(user, form, 422)
    return _added(user, form)


@bp.post("/account/factors/codes/remove")
@access.signed_in
def remove_codes() -> ResponseReturnValue:
    """Do without one-time codes."""
    factors.remove_codes(db.session(), login.person())
    return _changed(_("Đã gỡ mã dùng một lần."))


@bp.get("/account/factors/passkeys/new")
@halfway.enrolling
def new_passkey(_user: User) -> ResponseReturnValue:
    """Asks for the name of a passkey; the rest is between browser and device."""
    return _passkey_page(NewPasskey(data={"next": arriving.asked_for()}), 200)


@bp.post("/account/factors/passkeys/options")
@halfway.enrolling
def new_passkey_options(user: User) -> ResponseReturnValue:
    """What a browser needs to make a passkey."""
    bound = proving.bound()
    proving.count(attempts.Purpose.PASSKEY, bound)
    asked = passkeys.ask_new(db.session(), user, bound, identity.on(language=lang()).site_name)
    db.commit()
    return asked, 200, {"Content-Type": "application/json"}


@bp.post("/account/factors/passkeys")
@halfway.enrolling
def add_passkey(user: User) -> ResponseReturnValue:
    """Keep the passkey that the browser has made."""
    form = NewPasskey()
    if not form.validate():
        return _passkey_page(form, 422)
    challenge = challenges.taken(proving.bound(), Purpose.REGISTER)
    try:
        factors.add_passkey(db.session(), user, challenge, typed(form.credential), typed(form.name))
    except Invalid as refusal:
        return refused(form, refusal, _passkey_page)
    return _added(user, form)


@bp.post("/account/factors/passkeys/<uuid:passkey_id>/remove")
@access.signed_in
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Do without a passkey."""
    factors.remove_passkey(db.session(), login.person(), passkey_id)
    return _changed(_("Đã gỡ khóa đăng nhập."))


@bp.post("/account/factors/recovery")
@access.signed_in
def renew_recovery() -> ResponseReturnValue:
    """Ten new recovery codes, shown in the answer and nowhere again."""
    made = factors.renew_recovery(db.session(), login.person())
    db.commit()
    return _shown_once(made, Onward(formdata=None))


@bp.post("/account/carried")
@access.signed_in
def carry_on() -> ResponseReturnValue:
    """From the recovery codes on to where the person was going, or to what they had typed before."""
    return arriving.go_on(Onward())


def _added(user: User, form: Onward) -> ResponseReturnValue:
    """A factor is set up, and was shown by that: other sessions end, and this one goes on under a new key."""
    made = factors.first_codes(db.session(), user)
    was_halfway = halfway.person() is not None
    key = sessions.confirm(db.session(), g.login_session, factor=True)
    sessions.end_all(db.session(), user.id, but=sessions.key_hash(key))
    db.commit()
    if was_halfway:
        login.enter(user, key)
    else:
        login.renew(key)
    if made:
        return _shown_once(made, form)
    flash(_("Đã thêm. Các phiên đăng nhập khác đã kết thúc."))
    return redirect(url_for("accounts.second_factors"))


def _changed(said: str) -> ResponseReturnValue:
    user = login.person()
    key = sessions.confirm(db.session(), g.login_session, factor=False)
    sessions.end_all(db.session(), user.id, but=sessions.key_hash(key))
    db.commit()
    login.renew(key)
    flash(said)
    return redirect(url_for("accounts.second_factors"))


def _shown_once(made: list[str], form: Onward) -> ResponseReturnValue:
    onward = Onward(formdata=None, data={"next": form.next.data, "carried": form.carried.data})
    return render_template("accounts/renew_recovery.html", made=made, form=onward)


def _passkey_page(form: NewPasskey, status: int) -> ResponseReturnValue:
    return render_template("accounts/new_passkey.html", form=form, first=halfway.person() is not None), status
