"""One's own data: to see, to take away, and the account that one closes."""

import json
from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.clock import today
from assessments.errors import TooMany, WrongState
from registry import access, db, identity
from registry.accounts import closing, copies, login, seats, signing_in
from registry.accounts.blueprint import bp, refused
from registry.accounts.forms import CloseAccount, typed
from registry.accounts.models import User
from registry.accounts.periods import PERIODS
from registry.documents.attachment import attachment
from registry.i18n import translate


@bp.get("/account/data")
@access.signed_in
def data() -> str:
    """What the site knows of the person, how much of it, and how long it is kept."""
    known = copies.of_person(db.session(), login.person())
    sections = [(one.title, known[one.name]) for one in copies.SECTIONS]
    return render_template(
        "accounts/data.html",
        known=known,
        sections=[(title, found) for title, found in sections if found],
        periods=PERIODS,
        moment_of=datetime.fromisoformat,
        office_email=identity.on().email,
    )


@bp.get("/account/data.json")
@access.signed_in
def data_file() -> Response:
    """The same for programs, to be saved."""
    known = copies.of_person(db.session(), login.person())
    content = json.dumps(known, ensure_ascii=False, indent=2).encode()
    return attachment(content, f"account-{today().isoformat()}.json", "application/json")


@bp.get("/account/close")
@access.signed_in
def close() -> ResponseReturnValue:
    """What closing does, said plainly, and the question."""
    return _close_page(CloseAccount(), 200)


@bp.post("/account/close")
@access.signed_in
def close_account() -> ResponseReturnValue:
    """Close it, for whoever knows the password; the person is signed out everywhere."""
    user = login.person()
    db.release()  # hashing takes its time: nobody waits for our lock meanwhile
    form = CloseAccount()
    if not form.validate():
        return _close_page(form, 422)
    try:
        right = signing_in.knows_password(user, typed(form.current), seats.here().address)
    except TooMany as refusal:
        return refused(form, refusal, _close_page)
    if not right:
        form.current.errors = [_("Mật khẩu hiện tại chưa đúng.")]
        return _close_page(form, 422)
    return _closed(user, form)


def _closed(user: User, form: CloseAccount) -> ResponseReturnValue:
    found = db.session().get_one(User, user.id)
    found.stand(user.roles, user.memberships)
    try:
        closing.close(db.session(), found)
    except WrongState as refusal:
        db.session().rollback()
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _close_page(form, 409)
    db.commit()
    login.leave()
    flash(_("Tài khoản của bạn đã đóng."))
    return redirect(url_for("accounts.sign_in"))


def _close_page(form: CloseAccount, status: int) -> ResponseReturnValue:
    person = login.person()
    return (
        render_template(
            "accounts/close.html",
            form=form,
            email=person.email,
            club=bool(person.roles),
            company=bool(person.memberships),
            office_email=identity.on().email,
        ),
        status,
    )
