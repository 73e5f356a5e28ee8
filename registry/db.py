"""One engine per app, one session per request. Routes commit; nothing else does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlmodel import Session
from werkzeug.routing import IntegerConverter, Map

from registry import revisions

READING = {"GET", "HEAD", "OPTIONS"}
SQLITE_WAIT_MS = 10_000
LARGEST = 999_999_999  # number in an address: what every column of numbers takes

Hook = Callable[[Session], None]


class Number(IntegerConverter):
    """A number in an address; a larger one is an address that leads nowhere, like an unknown one."""

    def __init__(self, addresses: Map, **options: Any) -> None:
        super().__init__(addresses, **{"max": LARGEST, **options})


def init_app(app: Flask) -> None:
    """Open the engine the settings name; numbers in addresses stay such as it takes."""
    app.url_map.converters["int"] = Number
    app.extensions["engine"] = open_engine(app.config["SETTINGS"].database_url)
    app.extensions["before_commit"] = []
    app.extensions["after_commit"] = []
    app.teardown_appcontext(_close)


def open_engine(url: str) -> Engine:
    """An engine with the manners both databases need; SQLite's folder is made when absent.

    What is written to a table never stands in what is said of a failure: that goes to the log.
    """
    if url.startswith("sqlite:"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        connecting = {"timeout": SQLITE_WAIT_MS / 1000, "check_same_thread": False}
        engine = create_engine(url, connect_args=connecting, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: see _begin_sqlite
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={SQLITE_WAIT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take their place at once (a deferred writer fails under load); readers never wait."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def engine() -> Engine:
    """The engine of the current app."""
    opened: Engine = current_app.extensions["engine"]
    return opened


def open_session(*, reading: bool = False) -> Session:
    """A session of one's own; the caller closes it. Raises revisions.WrongRevision."""
    revisions.require(engine())
    bound = engine().execution_options(reading=True) if reading else engine()
    return Session(bound)


def session() -> Session:
    """The session of this request (or command): it reads on GET and writes otherwise."""
    if "session" not in g:
        g.session = open_session(reading=has_request_context() and request.method in READING)
    opened: Session = g.session
    return opened


def commit(own: Session | None = None) -> None:
    """Write everything, mail included, or nothing."""
    writing = own or session()
    for hook in current_app.extensions["before_commit"]:
        hook(writing)
    writing.commit()
    for hook in current_app.extensions["after_commit"]:
        hook(writing)


def before_commit(app: Flask, hook: Hook) -> None:
    """Have `hook(session)` run inside every transaction that is about to be committed."""
    app.extensions["before_commit"].append(hook)


def after_commit(app: Flask, hook: Hook) -> None:
    """Have `hook(session)` run after every commit; it may not fail, and works in transactions of its own."""
    app.extensions["after_commit"].append(hook)


@contextmanager
def reading() -> Iterator[Session]:
    """A short look that holds nothing."""
    opened = open_session(reading=True)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def writing() -> Iterator[Session]:
    """A short transaction of one's own, committed at the end."""
    opened = open_session()
    try:
        yield opened
        commit(opened)
    finally:
        opened.close()


def release() -> None:
    """Give the request's session back early: before slow work, such as hashing a password or taking an upload."""
    _close(None)


def _close(_error: BaseException | None) -> None:
    if opened := g.pop("session", None):
        opened.close()
