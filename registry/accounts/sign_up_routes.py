"""Opening an account, confirming its address, and setting a password that was lost."""

import secrets

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from assessments.clock import now
from assessments.errors import Invalid, TooMany
from registry import access, db, sealed
from registry.accounts import carried, letters, login, passwords, seats, signing_in, tokens, users
from registry.accounts.blueprint import bp, count_letter, landing, link_used, refused, sent
from registry.accounts.forms import Address, Button, SetPassword, SignUp, VerifyEmail, typed
from registry.accounts.models import User
from registry.accounts.tokens import Purpose
from registry.i18n import lang


@bp.get("/sign-up")
@access.open_form
def sign_up() -> ResponseReturnValue:
    """The form for a new account."""
    if current_user.is_authenticated:
        return redirect(landing())
    return _sign_up_page(SignUp(data={"language": lang()}), 200)


@bp.post("/sign-up/carried")
@access.open_form
def sign_up_carrying() -> ResponseReturnValue:
    """The same form for somebody who has already written something: it travels on in a hidden field."""
    form = SignUp(formdata=None, data={"language": lang(), "carried": request.form.get("carried", "")})
    return _sign_up_page(form, 200)


@bp.post("/sign-up")
@access.open_form
def register() -> ResponseReturnValue:
    """Take down a new account; the same answer for known and unknown addresses."""
    form = SignUp()
    if not form.validate():
        return _sign_up_page(form, 422)
    try:
        count_letter(typed(form.email))
    except TooMany as refusal:
        return refused(form, refusal, _sign_up_page)
    hashed = passwords.hash_password(typed(form.password))
    newcomer = users.Newcomer(typed(form.name), typed(form.email), str(form.language.data), hashed)
    user = users.sign_up(db.session(), newcomer)
    session["signing_up"] = _marker(user)
    db.commit()
    if kept := carried.unpack(typed(form.carried)):
        return _sent_page("verify_email", newcomer.email, kept)
    return sent("verify_email", newcomer.email)


@bp.get("/mail-sent")
@access.open_form
def mail_sent() -> ResponseReturnValue:
    """What to do now: look into the mailbox."""
    if "sent" not in session:
        return redirect(url_for("accounts.sign_in"))
    purpose, hidden = session["sent"]
    try:
        email = sealed.ring(sealed.SENT_TO).open(hidden, purpose)
    except sealed.Unreadable:  # the key is another one by now
        return redirect(url_for("accounts.sign_in"))
    return _sent_page(purpose, email, None)


@bp.get("/verify-email")
@access.open_form
def resend() -> ResponseReturnValue:
    """Ask for another confirmation letter."""
    return _resend_page(Address(), 200)


@bp.post("/verify-email")
@access.open_form
def send_again() -> ResponseReturnValue:
    """Write another confirmation letter, where there is something to confirm."""
    form = Address()
    if not form.validate():
        return _resend_page(form, 422)
    try:
        count_letter(typed(form.email))
    except TooMany as refusal:
        return refused(form, refusal, _resend_page)
    users.write_again(db.session(), typed(form.email))
    db.commit()
    return sent("verify_email", typed(form.email))


@bp.get("/verify-email/<token>")
@access.open_form
def verify_email(token: str) -> ResponseReturnValue:
    """Where a confirmation letter leads; opening it changes nothing, so that mail scanners may."""
    user = tokens.holder(db.session(), Purpose.VERIFY_EMAIL, token)
    return _verify_page(_verify_form(user), user, 200) if user else link_used()


@bp.post("/verify-email/<token>")
@access.open_form
def confirm_email(token: str) -> ResponseReturnValue:
    """Confirm the address and sign in: by the button where one signed up, elsewhere with the password too."""
    with db.reading() as own:
        user = tokens.holder(own, Purpose.VERIFY_EMAIL, token)
    if user is None:
        return link_used()
    form = _verify_form(user)
    if not form.validate():
        return _verify_page(form, user, 422)
    try:
        if isinstance(form, VerifyEmail):
            signing_in.require_password(user, typed(form.password), seats.here().address)
    except (Invalid, TooMany) as refusal:
        return refused(form, refusal, lambda form, status: _verify_page(form, user, status))
    return _open(token)


@bp.get("/forgot-password")
@access.open_form
def forgot_password() -> ResponseReturnValue:
    """Ask for a link that sets a new password."""
    return _forgot_page(Address(), 200)


@bp.post("/forgot-password")
@access.open_form
def send_reset() -> ResponseReturnValue:
    """Write that link to whoever has an account; the same answer for known and unknown addresses."""
    form = Address()
    if not form.validate():
        return _forgot_page(form, 422)
    try:
        count_letter(typed(form.email))
    except TooMany as refusal:
        return refused(form, refusal, _forgot_page)
    user = users.user_by_email(db.session(), typed(form.email))
    if user is not None and user.disabled_at is None:
        letters.password_reset(db.session(), user)
    db.commit()
    return sent("password_reset", typed(form.email))


@bp.get("/reset-password/<token>")
@access.open_form
def reset_password(token: str) -> ResponseReturnValue:
    """The form for a new password."""
    user = tokens.holder(db.session(), Purpose.RESET_PASSWORD, token)
    return _reset_page(SetPassword(), 200) if user else link_used()


@bp.post("/reset-password/<token>")
@access.open_form
def set_password(token: str) -> ResponseReturnValue:
    """Set it, once; the link proves the address as well, and every session ends."""
    with db.reading() as own:
        user = tokens.holder(own, Purpose.RESET_PASSWORD, token)
    if user is None:
        return link_used()
    form = SetPassword(user.email, user.name)
    if not form.validate():
        return _reset_page(form, 422)
    hashed = passwords.hash_password(typed(form.password))
    user = tokens.holder(db.session(), Purpose.RESET_PASSWORD, token)
    if user is None:
        return link_used()
    users.reset_password(db.session(), user, hashed)
    db.commit()
    login.leave()
    flash(_("Đã đặt mật khẩu mới. Mọi phiên đăng nhập cũ đã kết thúc."))
    return redirect(url_for("accounts.sign_in"))


def _open(token: str) -> ResponseReturnValue:
    user = tokens.holder(db.session(), Purpose.VERIFY_EMAIL, token)
    if user is None:
        return link_used()
    user.email_verified_at = now()
    key = signing_in.start(db.session(), user, seats.here())
    db.commit()
    login.enter(user, key)
    flash(_("Đã xác nhận email. Tài khoản của bạn đã mở."))
    return redirect(landing())


def _marker(user: User) -> str:
    """What this browser remembers of having signed up: worth something only where there is an address to confirm.

    A marker and a password are asked for so that nobody can prepare an account in the name of an address that is
    not theirs and have its owner open it (account pre-hijacking).
    """
    if user.email_verified_at or user.disabled_at:
        return secrets.token_hex(12)
    return tokens.fingerprint(Purpose.VERIFY_EMAIL, user)


def _verify_form(user: User) -> Button | VerifyEmail:
    known = session.get("signing_up") == tokens.fingerprint(Purpose.VERIFY_EMAIL, user)
    return Button() if known else VerifyEmail()


def _sign_up_page(form: SignUp, status: int) -> ResponseReturnValue:
    kept = carried.unpack(typed(form.carried))
    return render_template("accounts/sign_up.html", form=form, kept=kept), status


def _sent_page(purpose: str, email: str, kept: carried.Carried | None) -> str:
    """Look into the mailbox; what was carried so far waits in this very page."""
    return render_template("accounts/mail_sent.html", purpose=purpose, email=email, kept=kept)


def _resend_page(form: Address, status: int) -> ResponseReturnValue:
    return render_template("accounts/resend.html", form=form), status


def _verify_page(form: Button | VerifyEmail, user: User, status: int) -> ResponseReturnValue:
    return render_template("accounts/verify_email.html", form=form, email=user.email), status


def _forgot_page(form: Address, status: int) -> ResponseReturnValue:
    return render_template("accounts/forgot_password.html", form=form), status


def _reset_page(form: SetPassword, status: int) -> ResponseReturnValue:
    return render_template("accounts/reset_password.html", form=form), status
