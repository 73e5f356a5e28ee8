"""A fresh proof before something grave, and back to it with everything that was typed."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessments.errors import Invalid, TooMany
from registry import access, db
from registry.accounts import arriving, carried, confirming, factors, login, proving, seats, sessions, signing_in
from registry.accounts.blueprint import bp, refused
from registry.accounts.challenges import Purpose
from registry.accounts.factor_forms import ShowFactor, ShowPassword
from registry.accounts.forms import typed
from registry.accounts.models import User
from registry.i18n import translate

Confirm = ShowFactor | ShowPassword


@bp.before_app_request
def ask_first() -> ResponseReturnValue | None:
    """Whoever has not proved themselves lately does so before anything grave; nothing typed is lost."""
    if request.endpoint not in confirming.GRAVE or not current_user.is_authenticated or confirming.is_fresh():
        return None
    if request.method in db.READING:
        return redirect(url_for("accounts.confirm", next=carried.here()))
    return _page(_form(kept=carried.pack(carried.gather())), 401)


@bp.get("/account/confirm")
@access.signed_in
def confirm() -> ResponseReturnValue:
    """Asks for a factor, or for the password of whoever has none."""
    return _page(_form(onward=arriving.asked_for()), 200)


@bp.post("/account/confirm")
@access.signed_in
def prove() -> ResponseReturnValue:
    """Take it, and go back to what the person was doing."""
    user, hashed = login.person(), g.login_session
    form: Confirm = ShowFactor() if factors.has_any(db.session(), user.id) else ShowPassword()
    if not form.validate():
        return _page(form, 422)
    try:
        _judge(user, form)
    except TooMany as refusal:
        db.release()
        return refused(form, refusal, _page)
    except Invalid as refusal:
        db.release()
        return _wrong(form, translate(refusal.message))
    key = sessions.confirm(db.session(), hashed, factor=isinstance(form, ShowFactor))
    db.commit()
    login.renew(key)
    return arriving.go_on(form)


def _judge(user: User, form: Confirm) -> None:
    """Refuses (Invalid) a wrong proof, and too many of them (TooMany)."""
    if isinstance(form, ShowFactor):
        tried = proving.begin(user, typed(form.code), typed(form.credential), Purpose.CONFIRM)
        proving.show(db.session(), user, tried)
        return
    db.release()
    if not signing_in.knows_password(user, typed(form.password), seats.here().address):
        raise Invalid(signing_in.WRONG_PASSWORD)


def _wrong(form: Confirm, said: str) -> ResponseReturnValue:
    field = form.password if isinstance(form, ShowPassword) else form.code
    field.errors = [said]
    return _page(form, 422)


def _form(onward: str = "", kept: str = "") -> Confirm:
    about = {"next": onward, "carried": kept}
    if factors.has_any(db.session(), login.person().id):
        return ShowFactor(formdata=None, data=about)
    return ShowPassword(formdata=None, data=about)


def _page(form: Confirm, status: int) -> ResponseReturnValue:
    kept = carried.unpack(typed(form.carried))
    held = factors.held(db.session(), login.person().id)
    minutes = confirming.minutes()
    return render_template("accounts/confirm.html", form=form, held=held, kept=kept, minutes=minutes), status
