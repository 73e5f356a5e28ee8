"""Keeps whole answers for everyone in front of the application, until anything is committed to the database.

A page for everyone depends on the database, the legal day and files that a running process never sees change. So a kept
answer stands as long as the database is as it was when the page was begun, which is looked up some times a second,
and never longer than the page itself says (Cache-Control: a minute, not past midnight in Viet Nam). Whatever is
written empties the cache; there is no list of which page depends on what that somebody could forget to extend.

Nothing that belongs to one person comes near it: a request with a cookie or Authorization passes, and only answers
marked "public" are kept. A hit is counted by registry.metrics as "kept" and writes no line to the log.
"""

import re
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from assessments import clock
from registry import copied, requested

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 0.4  # between two looks at the database; a change is seen within twice that
MEANWHILE = 0.9  # so long after a change the old answer may go out, where somebody makes the new one
LONGEST = 60  # seconds an answer is kept at most
LARGEST = 256 * 1024  # bytes of an answer worth keeping; bulk data is none
OWN = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE", copied.KEY)  # pass untouched
ASKED = (  # what tells one answer from another; no page for everyone looks at more of a request
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "HTTP_HOST",
    "HTTP_ACCEPT_ENCODING",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
)
OF_ITS_BODY = {"content-length", "content-type", "content-encoding"}  # not said again in a 304
MAX_AGE = re.compile(r"max-age=([0-9]{1,9})")

Headers = list[tuple[str, str]]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, as it goes out, and how long it stands; without a body if only a reader who has it has asked."""

    state: object
    begun: float
    until: float
    etag: str
    headers: Headers
    short: Headers  # of a 304
    body: bytes | None

    def serves(self, environ: "WSGIEnvironment", moment: float) -> bool:
        """Whether this may still go out, and is all that the request needs."""
        return self.begun <= moment < self.until and (self.body is not None or self.known_to(environ))

    def known_to(self, environ: "WSGIEnvironment") -> bool:
        """Whether whoever asks has this answer already (If-None-Match)."""
        return bool(self.etag) and self.etag in environ.get("HTTP_IF_NONE_MATCH", "")


def init_app(app: Flask) -> None:
    """Stand in front of everything that makes a page; PAGE_CACHE_MB=0 leaves it out."""
    settings = app.config["SETTINGS"]
    if settings.page_cache_mb:
        engine: Engine = app.extensions["engine"]
        state = OfSqlite(Path(engine.url.database or "")) if engine.dialect.name == "sqlite" else OfPostgres(engine)
        cache = PageCache(app.wsgi_app, state, settings.page_cache_mb * 1024 * 1024)
        app.extensions["page cache"] = cache
        app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's documented way to wrap


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of the database at the last look, and what before that, by a clock that only goes forward."""

    at: float = float("-inf")
    state: object = None
    before: object = None
    until: float = float("-inf")  # the last look at which it was still as before


class PageCache:
    """The application inside, and its answers for everyone, the latest asked for within so many bytes."""

    def __init__(self, inside: "WSGIApplication", state: Callable[[], object], room: int) -> None:
        self.inside = inside
        self.seconds = SECONDS
        self._state = state
        self._room = room
        self._held = 0
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()
        self._looking = Lock()
        self._making: set[Key] = set()
        self._seen = Seen()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from what is kept, or pass the request on and keep the answer if everyone may have it."""
        if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in OWN):
            return self.inside(environ, start_response)
        seen = self._looked_up()
        if seen is None or seen.state is None:
            return self.inside(environ, start_response)
        key = tuple(map(environ.get, ASKED))
        moment = clock.now().timestamp()
        kept = self._pages.get(key)
        if kept is not None and kept.serves(environ, moment) and self._stands(kept, key, seen):
            return self._answer(key, kept, moment, environ, start_response)
        return self._asked(key, seen.state, moment, environ, start_response)

    def _stands(self, kept: Kept, key: Key, seen: Seen) -> bool:
        """Whether nothing has changed since; or so lately that the old answer goes out while somebody makes the new."""
        if kept.state == seen.state:
            return True
        late = time.monotonic() - seen.until > MEANWHILE
        return kept.state == seen.before and not late and key in self._making

    def _answer(
        self, key: Key, kept: Kept, moment: float, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with suppress(KeyError):  # somebody else has just thrown it away
            self._pages.move_to_end(key)
        age = ("Age", str(int(moment - kept.begun)))
        if kept.body is None or kept.known_to(environ):
            start_response("304 NOT MODIFIED", [*kept.short, age])
            return []
        start_response("200 OK", [*kept.headers, age])
        return [kept.body]

    def _asked(
        self, key: Key, state: object, moment: float, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        begun: list[Any] = []

        def keep(status: str, headers: Headers, exc_info: Any = None) -> Any:
            begun[:] = [status, headers]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        self._making.add(key)
        try:
            body = self.inside(environ, keep)
            status, headers = begun
            if seconds := _lasting(status, headers):
                whole = _joined(body)
                body = [whole]
                known = status.startswith("304")
                self._put(key, _kept(state, moment, moment + seconds, headers, None if known else whole))
        finally:
            self._making.discard(key)
        return body

    def _put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._held += _size(kept) - (_size(before) if before else 0)
            self._pages[key] = kept
            while self._held > self._room:
                _key, gone = self._pages.popitem(last=False)
                self._held -= _size(gone)

    def _looked_up(self) -> Seen | None:
        """What the database is at, as it was seen some moments ago; None when nobody can say."""
        seen, moment = self._seen, time.monotonic()
        if moment - seen.at < self.seconds:
            return seen
        if not self._looking.acquire(blocking=False):  # somebody looks
            return seen if moment - seen.at < 2 * self.seconds else None
        try:
            state = self._state()
            changed = state != seen.state
            before, until = (seen.state, seen.at) if changed else (seen.before, seen.until)
            self._seen = Seen(moment, state, before, until)
        finally:
            self._looking.release()
        return self._seen


class OfSqlite:
    """The state of an SQLite file: a number that changes with every commit of anybody (PRAGMA data_version)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None

    def __call__(self) -> object:
        """The file and its number; None while it cannot be read."""
        try:
            stat = self._path.stat()
            file = stat.st_dev, stat.st_ino
            if self._connection is None or self._file != file:
                self._connection, self._file = self._opened(), file
            return file, self._connection.execute("PRAGMA data_version").fetchone()[0]
        except (OSError, sqlite3.Error):
            self._connection = None
            return None

    def _opened(self) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=0.1, check_same_thread=False)


class OfPostgres:
    """The state of a PostgreSQL server: which transactions have ended. Equal snapshots see the same rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> object:
        """The snapshot of this moment; None while the database does not answer."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(text("SELECT pg_current_snapshot()::text")).scalar()
        except SQLAlchemyError:
            return None


def _lasting(status: str, headers: Headers) -> int:
    """For how many seconds an answer may be kept; 0 for what is not for everyone, or too large, or not whole."""
    said = {name.lower(): value for name, value in headers}
    control = said.get("cache-control", "")
    length = "0" if status.startswith("304") else said.get("content-length", "")
    if status[:3] not in {"200", "304"} or "public" not in control or "set-cookie" in said:
        return 0
    if not length.isdigit() or int(length) > LARGEST or said.get("vary", "Accept-Encoding") != "Accept-Encoding":
        return 0
    found = MAX_AGE.search(control)
    return min(int(found[1]), LONGEST) if found else 0


def _joined(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


def _kept(state: object, begun: float, until: float, headers: Headers, body: bytes | None) -> Kept:
    """The answer without the id of the request that it was made for."""
    lasting = [(name, value) for name, value in headers if name.lower() not in {requested.HEADER.lower(), "age"}]
    etag = next((value for name, value in lasting if name.lower() == "etag"), "").removeprefix("W/")
    short = [(name, value) for name, value in lasting if name.lower() not in OF_ITS_BODY]
    return Kept(state, begun, until, etag, lasting, short, body)


def _size(kept: Kept) -> int:
    return len(kept.body or b"") + 2_000  # its headers and its key
