"""Ties Flask-Login to our sessions: the cookie names a row of login_session, never a person."""

import logging
from typing import Any, cast

from flask import Flask, g, has_request_context, request, session
from flask_babel import refresh
from flask_login import LoginManager, current_user
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, update

from assessments.clock import now
from registry import access, db
from registry.accounts import devices, limits, sessions
from registry.accounts.menu import menu_of
from registry.accounts.models import LoginSession, User
from registry.templating import has_page

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Load the person of each request from the session table."""
    # Templates ask for current_user themselves: given to every template, it would read the session on public pages
    # too, and show them, for any cache to keep, in the language of whoever asked first.
    manager = LoginManager(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    manager.session_protection = None  # the table is the protection; addresses of phones change
    manager.user_loader(_load)
    app.context_processor(_who)
    app.teardown_appcontext(_write_seen)


def person() -> User:
    """The person signed in, as their row; only where the route asks for one."""
    return cast("User", access.me())


def enter(user: User, key: str) -> None:
    """Give this browser a session: everything it held before is gone, the form token too."""
    leave()
    renew(key)
    session.permanent = True
    if current_user.is_authenticated:  # whoever owes a factor has not shown yet that it is them
        devices.remember(user)
    g.language = user.language
    refresh()


def renew(key: str) -> None:
    """Let this browser's session go on under another key; who is behind it is looked up anew when it is asked."""
    session["_user_id"] = key
    for name in ("_login_user", "halfway"):
        g.pop(name, None)


def leave() -> None:
    """Take the session from this browser; its row is ended by whoever calls."""
    session.clear()
    for name in ("csrf_token", "_login_user", "login_session", "login_root", "login_row", "halfway"):
        g.pop(name, None)


def _who() -> dict[str, Any]:
    """For templates: the person signed in, or None, and their menu. Public pages ask for neither."""
    if not has_request_context() or access.declared(request.endpoint) == access.PUBLIC:
        return {"me": None, "menu": menu_of(None, has_page)}
    try:
        found = cast("User", current_user) if current_user.is_authenticated else None
        return {"me": found, "menu": menu_of(found, has_page), "halfway": g.get("halfway")}
    except SQLAlchemyError:  # the page that says so must still be written
        return {"me": None, "menu": menu_of(None, has_page)}


def _load(key: Any) -> User | None:
    found = sessions.find(db.session(), key) if isinstance(key, str) else None
    if found is None:
        return None
    user, row = found
    object.__setattr__(user, "_session_key", key)
    g.language = user.language
    g.login_session, g.login_root, g.login_row = row.key_hash, row.root or row.key_hash, row
    g.who = user.id
    if now() - row.seen_at > min(sessions.SEEN_EVERY, limits.of(user).idle / 4):
        _touch(row)
    if limits.owes_factor(user, row):
        g.halfway = user  # for every page but those that ask for the factor, nobody is signed in
        return None
    return user


def _touch(row: LoginSession) -> None:
    """Write down that the session was used: in the transaction of a change, or once a page that only reads is made."""
    if request.method in db.READING:
        g.seen_session = row.key_hash
    else:
        row.seen_at = now()


def _write_seen(_error: BaseException | None) -> None:
    """At the end, so that nobody holds one connection and waits for another; a page is not refused for want of it."""
    key_hash = g.pop("seen_session", None)
    if key_hash is None:
        return
    db.release()
    try:
        with db.writing() as own:
            own.exec(update(LoginSession).where(col(LoginSession.key_hash) == key_hash).values(seen_at=now()))
    except SQLAlchemyError as error:
        log.warning("when a session was used is not written: %s", type(error).__name__)
