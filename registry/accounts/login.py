"""Ties Flask-Login to our sessions: the cookie names a row of login_session, never a person."""

from flask import Flask, g, request
from flask_login import LoginManager, current_user
from sqlmodel import col, update

from assessments.clock import now
from registry import db
from registry.accounts import sessions
from registry.accounts.models import LoginSession, User


def init_app(app: Flask) -> None:
    """Load the person of each request from the session table."""
    # Templates ask for current_user themselves: given to every template, it would read the session on public pages
    # too, and show them, for any cache to keep, in the language of whoever asked first.
    manager = LoginManager(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    manager.session_protection = None  # the table is the protection; addresses of phones change
    manager.user_loader(_load)


def _load(key: str) -> User | None:
    found = sessions.find(db.session(), key)
    if found is None:
        return None
    user, row = found
    object.__setattr__(user, "_session_key", key)
    g.language = user.language
    g.login_session = row.key_hash
    if request.method in db.READING and now() - row.seen_at > sessions.SEEN_EVERY:
        _touch(row.key_hash)
    return user


def _touch(hashed: str) -> None:
    with db.writing() as session:
        session.exec(update(LoginSession).where(col(LoginSession.key_hash) == hashed).values(seen_at=now()))
