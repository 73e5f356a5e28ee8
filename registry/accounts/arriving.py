"""On after a sign-in: to the factor that is still owed, then to where the person was going or what they had typed."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry import db, identity
from registry.accounts import carried, codes, factors, halfway, recalled
from registry.accounts.blueprint import carried_page, landing
from registry.accounts.factor_forms import NewCodes, Onward, ShowFactor
from registry.accounts.forms import SignIn, typed
from registry.accounts.models import User
from registry.i18n import lang


def go_on(form: Onward | SignIn) -> ResponseReturnValue:
    """The next page of whoever has just shown who they are."""
    onward, packed = typed(form.next), typed(form.carried)
    if (user := halfway.person()) is not None:
        return owe(user, onward, packed)
    if kept := carried.unpack(packed):
        return recalled.page(kept, 200) or carried_page(kept, 200)
    return redirect(onward if carried.is_local(onward) else landing())


def owe(user: User, onward: str, packed: str) -> ResponseReturnValue:
    """To the page that asks for the factor; with what was typed the page itself, for no address could carry that."""
    if carried.unpack(packed):
        return ask_factor(user, kept=packed, status=200)
    return redirect(url_for("accounts.factor", next=onward if carried.is_local(onward) else None))


def ask_factor(user: User, *, kept: str, status: int) -> ResponseReturnValue:
    """The page that asks for the factor, or sets up the first one, with what was typed in it."""
    if factors.has_any(db.session(), user.id):
        return factor_page(user, ShowFactor(formdata=None, data={"carried": kept}), status)
    return codes_page(user, NewCodes(formdata=None, data={"carried": kept}), status)


def factor_page(user: User, form: ShowFactor, status: int) -> ResponseReturnValue:
    """Asks for a code or a passkey."""
    kept = carried.unpack(typed(form.carried))
    held = factors.held(db.session(), user.id)
    return render_template("accounts/factor.html", form=form, held=held, kept=kept), status


def codes_page(user: User, form: NewCodes, status: int) -> ResponseReturnValue:
    """Shows an app its secret and asks for the first code; the same secret as long as the page goes back and forth."""
    secret = secret_in(form) or codes.new_secret()
    form.secret.data = codes.hide(secret, g.login_root)
    address = codes.address(secret, user, identity.on(language=lang()).site_name)
    return render_template(
        "accounts/new_codes.html",
        form=form,
        picture=codes.picture(address),
        address=address,
        secret=codes.in_groups(secret),
        first=halfway.person() is not None,
        kept=carried.unpack(typed(form.carried)),
    ), status


def secret_in(form: NewCodes) -> str:
    """The secret that the page has shown; empty when it is not from this session."""
    return codes.reveal(typed(form.secret), g.login_root)


def asked_for() -> str:
    """Where the address says to go on; empty when that is not on this site."""
    onward = request.args.get("next", "")
    return onward if carried.is_local(onward) else ""
