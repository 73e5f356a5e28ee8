"""One engine per app, one session per request. Routes commit; nothing else does."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlmodel import Session
from werkzeug.routing import IntegerConverter, Map

from registry import revisions

READING = {"GET", "HEAD", "OPTIONS"}
SQLITE_WAIT_MS = 10_000
UNSYNCED = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}  # written, and perhaps there after a restart
POOL_WAIT = 10  # seconds for a connection of this process
STATEMENT_WAIT = 30  # seconds for one statement of a request, on PostgreSQL
POSTGRES: dict[str, Any] = {  # nothing waits for ever: for the server, for a lock, for a line that was cut
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=10min",
}
LARGEST = 999_999_999  # number in an address: what every column of numbers takes

Hook = Callable[[Session], None]


class Number(IntegerConverter):
    r"""A number in an address, written in one way only (\d would take the digits of every script).

    A larger one is an address that leads nowhere, like an unknown one.
    """

    regex = r"[0-9]{1,18}"

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
        engine = create_engine(url, connect_args=connecting, hide_parameters=True, pool_timeout=POOL_WAIT)
        _SameFile(Path(url.removeprefix("sqlite:///"))).watch(engine)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    connecting = {name: value for name, value in POSTGRES.items() if name not in make_url(url).query}
    engine = create_engine(
        url, pool_pre_ping=True, hide_parameters=True, pool_timeout=POOL_WAIT, connect_args=connecting
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


class _SameFile:
    """Sees to it that nobody writes into a database that lies elsewhere by now, or makes an empty one in its place.

    A process goes on with the file it has opened, whatever is put under its name: what it acknowledged would be gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = False

    def watch(self, engine: Engine) -> None:
        """Look whenever a connection is opened or taken from the pool."""
        event.listen(engine, "do_connect", self._refuse_empty_place)
        event.listen(engine, "connect", self._remember)
        event.listen(engine, "checkout", self._refuse_other)

    def _refuse_empty_place(self, *_connecting: Any) -> None:
        if self._known and not self._path.exists():
            raise sqlite3.OperationalError("the file of the database is gone")

    def _remember(self, _connection: Any, record: Any) -> None:
        record.info["file"] = self._number()
        self._known = True

    def _refuse_other(self, _connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != self._number():
            raise DisconnectionError("another file is in the place of the database")

    def _number(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """Somebody waits for the answer to a request; the worker and commands may take their time."""
    if has_request_context():
        connection.execute(f"SET statement_timeout = '{STATEMENT_WAIT}s'")
        connection.commit()


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
    _commit(writing)
    for hook in current_app.extensions["after_commit"]:
        hook(writing)


def may_be_written() -> bool:
    """Whether this request has committed something, or lost the database in the middle of it."""
    return bool(g.get("may_be_written"))


def _commit(writing: Session) -> None:
    """Commit, and know what can be said should the request fail: nothing is written, or perhaps it is."""
    writing.flush()
    before, g.may_be_written = may_be_written(), True
    try:
        writing.commit()
    except DBAPIError as error:
        if not error.connection_invalidated and getattr(error.orig, "sqlite_errorcode", None) not in UNSYNCED:
            g.may_be_written = before
        raise


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
