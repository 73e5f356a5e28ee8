"""One's own account: name and language, the password, and the browsers that are signed in."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from assessments.errors import TooMany
from registry import access, db
from registry.accounts import factors, login, passwords, seats, security_events, sessions, signing_in, users
from registry.accounts.blueprint import bp, refused
from registry.accounts.forms import ChangePassword, Details, typed
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.accounts.words import roles_in_words


@bp.get("/account")
@access.signed_in
def account() -> ResponseReturnValue:
    """What is known of the person, and where they are signed in."""
    user = login.person()
    running = sessions.running(db.session(), user)
    return render_template(
        "accounts/account.html",
        user=user,
        roles=roles_in_words(user.roles),
        running=[(row, seats.in_words(row.browser)) for row in running],
        current=g.login_session,
        held=factors.held(db.session(), user.id),
    )


@bp.get("/account/details")
@access.signed_in
def details() -> ResponseReturnValue:
    """The form for name and language."""
    return _details_page(Details(obj=login.person()), 200)


@bp.post("/account/details")
@access.signed_in
def save_details() -> ResponseReturnValue:
    """Keep name and language."""
    form = Details()
    if not form.validate():
        return _details_page(form, 422)
    user = users.change_details(db.session(), login.person(), typed(form.name), str(form.language.data))
    db.commit()
    g.language = user.language
    refresh()
    flash(_("Đã lưu."))
    return redirect(url_for("accounts.account"))


@bp.get("/account/password")
@access.signed_in
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return _password_page(ChangePassword(), 200)


@bp.post("/account/password")
@access.signed_in
def change_password() -> ResponseReturnValue:
    """Change it, for whoever knows the present one; every other session ends."""
    user, kept = login.person(), g.login_session
    db.release()  # hashing takes its time: nobody waits for our lock meanwhile
    form = ChangePassword(user.email, user.name)
    if not form.validate():
        return _password_page(form, 422)
    try:
        right = signing_in.knows_password(user, typed(form.current), seats.here().address)
    except TooMany as refusal:
        return refused(form, refusal, _password_page)
    if not right:
        form.current.errors = [_("Mật khẩu hiện tại chưa đúng.")]
        return _password_page(form, 422)
    hashed = passwords.hash_password(typed(form.password))
    users.set_password(db.session(), db.session().get_one(User, user.id), hashed, keep=kept)
    db.commit()
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác đã kết thúc."))
    return redirect(url_for("accounts.account"))


@bp.post("/account/sessions/end")
@access.signed_in
def end_session() -> ResponseReturnValue:
    """End one of one's own sessions; others are not touched, whatever is asked."""
    if sessions.end_own(db.session(), login.person().id, request.form.get("session", "")):
        security_events.record(db.session(), login.person(), SecurityKind.SESSION_ENDED)
    db.commit()
    flash(_("Đã kết thúc phiên."))
    return redirect(url_for("accounts.account"))


@bp.post("/account/sessions/end-all")
@access.signed_in
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    sessions.end_all(db.session(), login.person().id)
    security_events.record(db.session(), login.person(), SecurityKind.SESSIONS_ENDED)
    db.commit()
    login.leave()
    flash(_("Bạn đã đăng xuất trên mọi thiết bị."))
    return redirect(url_for("accounts.sign_in"))


def _details_page(form: Details, status: int) -> ResponseReturnValue:
    return render_template("accounts/details.html", form=form), status


def _password_page(form: ChangePassword, status: int) -> ResponseReturnValue:
    return render_template("accounts/password.html", form=form, email=login.person().email), status
