"""Signing in and out, and what somebody had typed when their session ended."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from assessments.errors import Invalid, TooMany
from registry import access, db
from registry.accounts import arriving, carried, halfway, login, recalled, seats, security_events, sessions, signing_in
from registry.accounts.blueprint import bp, carried_page, landing, refused
from registry.accounts.forms import SignIn, typed
from registry.accounts.security_models import SecurityKind
from registry.errors import page


@bp.get("/sign-in")
@access.open_form
def sign_in() -> ResponseReturnValue:
    """The sign-in form; whoever is signed in goes on."""
    onward = request.args.get("next", "")
    if current_user.is_authenticated:
        return redirect(onward if carried.is_local(onward) else landing())
    if halfway.person() is not None:
        return redirect(url_for("accounts.factor", next=onward or None))
    return sign_in_page(SignIn(data={"next": onward}), 200)


@bp.post("/sign-in")
@access.open_form
def enter() -> ResponseReturnValue:
    """Sign in, and go on to where the person was going, or to what they had typed."""
    form = SignIn()
    if not form.validate():
        return sign_in_page(form, 422)
    seat = seats.here()
    try:
        proof = signing_in.prove(typed(form.email), typed(form.password), seat.address)
        user, key = signing_in.begin(db.session(), proof, seat)
    except (Invalid, TooMany) as refusal:
        return refused(form, refusal, sign_in_page)
    end_former()
    db.commit()
    login.enter(user, key)
    return arriving.go_on(form)


@bp.post("/sign-out")
@access.open_form
def sign_out() -> ResponseReturnValue:
    """End this session; pressing it twice does no harm."""
    if current_user.is_authenticated:
        security_events.record(db.session(), login.person(), SecurityKind.SIGNED_OUT)
    end_former()
    db.commit()
    login.leave()
    flash(_("Bạn đã đăng xuất."))
    return redirect(url_for("accounts.sign_in"))


@bp.app_errorhandler(401)
def ask_to_sign_in(_error: Exception) -> ResponseReturnValue:
    """Visitors of the workspace sign in first; what they had typed stays in the page."""
    uploading = (access.declared(request.endpoint) or "").startswith("upload:")
    if request.method in db.READING and not uploading:  # a client that asks how far its upload has come reads no page
        door = "accounts.sign_in" if halfway.person() is None else "accounts.factor"
        return redirect(url_for(door, next=carried.here()))
    kept = "" if uploading else carried.pack(carried.gather())
    if (user := halfway.person()) is not None:
        return arriving.ask_factor(user, kept=kept, status=401)
    return sign_in_page(SignIn(formdata=None, data={"carried": kept}), 401)


@bp.app_errorhandler(CSRFError)
def ask_again(error: CSRFError) -> ResponseReturnValue:
    """A token that is too old comes from a page left open: nobody has to type its text again.

    An empty one comes from a page that has none to give: a public page that hands something over to the workspace.
    """
    tokens = [value for name, value in request.form.items() if name.endswith("csrf_token")]
    if not tokens or access.declared(request.endpoint) in {access.PUBLIC, "open form", None}:
        return page(400)
    if not current_user.is_authenticated:
        return ask_to_sign_in(error)
    if request.accept_mimetypes.best == "application/json":  # a script of ours, which gets itself a new token
        return page(400)
    kept, status = carried.gather(), 400 if any(tokens) else 200
    return recalled.page(kept, status) or carried_page(kept, status)


def end_former() -> None:
    """End the session this browser had so far."""
    if (current_user.is_authenticated or halfway.person()) and (former := g.get("login_session")):
        sessions.end(db.session(), former)


def sign_in_page(form: SignIn, status: int) -> ResponseReturnValue:
    """The door, with what was typed before a session ended."""
    kept = carried.unpack(typed(form.carried))
    return render_template("accounts/sign_in.html", form=form, kept=kept), status
