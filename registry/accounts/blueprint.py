"""The blueprint of accounts, and what its pages share: where to go on, and how a refusal looks in a form."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from assessments.errors import Refused, TooMany
from registry import db, sealed
from registry.accounts import attempts, carried, halfway, login, seats
from registry.accounts.menu import first_of
from registry.forms import Form
from registry.i18n import translate
from registry.templating import has_page

bp = Blueprint("accounts", __name__)

Page = Callable[[Any, int], ResponseReturnValue]


def landing() -> str:
    """Where a person goes after signing in: the first page of their menu that presses, or first to their factor."""
    if halfway.person() is not None:
        return url_for("accounts.factor")
    return url_for(first_of(login.person(), has_page).endpoint)


def refused(form: Form, refusal: Refused, page: Page) -> Response:
    """The page of a form again, with the refusal above it and everything typed still there."""
    form.form_errors.append(translate(refusal.message, **refusal.values))
    response = make_response(page(form, 429 if isinstance(refusal, TooMany) else 422))
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def count_letter(email: str) -> None:
    """Count one letter asked for to a typed address; refuses (TooMany) when it is enough."""
    with db.writing() as own:
        attempts.take(own, attempts.Purpose.MAIL, email, seats.here().address)


def sent(purpose: str, email: str) -> ResponseReturnValue:
    """Tell to look into the mailbox: the same for addresses known and unknown."""
    session["sent"] = [purpose, sealed.ring(sealed.SENT_TO).seal(email, purpose)]  # a cookie can be read
    return redirect(url_for("accounts.mail_sent"))


def carried_page(kept: carried.Carried, status: int) -> ResponseReturnValue:
    """What came along, to be sent by hand; whoever has no company yet is asked for that first."""
    person = login.person()
    newcomer = not person.memberships and not person.roles and has_page("company.new")
    page = render_template(
        "accounts/_carried.html",
        kept=kept,
        packed=carried.pack(kept),
        label=carried.label,
        onward=landing(),
        newcomer=newcomer,
    )
    return page, status


def link_used() -> ResponseReturnValue:
    """The page of a link that is good no more."""
    return render_template("accounts/_link_used.html"), 410
