"""Fixtures: a real database, a real app, and a client that signs in and sends the token of the page it is on."""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from types import MethodType
from typing import Any

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from sqlmodel import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assessments import clock
from registry import create_app, db, db_commands, identity, issuing
from registry.accounts import sessions
from registry.accounts.models import User
from registry.config import Settings
from tests import kept, signing
from tests import world as people

BOTH = sessions.Shown(two=True)
COMPILED = ("arguments", "_parts", "_trace", "_converters", "_build", "_build_unknown")  # of Werkzeug's Rule
EMPTY, PEOPLED = "empty", "peopled"  # what is kept of the databases of the tests
OPENERS = frozenset({"app", "create_app", "create_engine", "open_engine", "settings_in", "site", "Site"})
STATEMENTS = 5_000  # how many compiled ones to keep
SECRET = "a secret of the tests that is long enough"
DAYS = 14  # that anybody stays signed in
CONCERN_KEY = "a key of the tests for contacts of concerns"


def pytest_configure() -> None:
    """Give every worker that tests at the same time a PostgreSQL database of its own; SQLite has one for each test."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and "DATABASE_URL" in os.environ:
        given = make_url(os.environ["DATABASE_URL"])
        own = f"{given.database}_{worker}"
        server = create_engine(given, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{own}"'))
        server.dispose()
        os.environ["DATABASE_URL"] = given.set(database=own).render_as_string(hide_password=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what never opens a database: the run on SQLite has answered for it."""
    if "DATABASE_URL" in os.environ:
        left_out = [item for item in items if not opens_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if opens_a_database(item)]


def opens_a_database(item: pytest.Item) -> bool:
    """Whether a test asks for the app, or stands beside what opens databases: in its module or beside its fixtures."""
    assert isinstance(item, pytest.Function)
    made = [one for each in item._fixtureinfo.name2fixturedefs.values() for one in each]
    beside = {**vars(item.module), **{name: one for each in made for name, one in _globals(each).items()}}
    return "app" in item.fixturenames or bool(OPENERS & beside.keys())


def _globals(made: Any) -> dict[str, Any]:
    """What stands beside a fixture, other than those of this file, which all tests have."""
    return {} if made.func.__module__ == __name__ else made.func.__globals__


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Spell out halves of characters in what a test has printed: between processes only whole ones can travel."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


class Browser(FlaskClient):
    """A test client that signs in, and sends the CSRF token of the page it is on."""

    def open(self, *arguments: Any, **values: Any) -> TestResponse:
        """Ask for a page; where the test has moved the clock, the worker has published by then what is due."""
        if clock.is_held():
            with self.application.app_context():
                issuing.run()
        return super().open(*arguments, **values)

    def sign_in(self, user: User, shown: sessions.Shown = BOTH) -> None:
        """As if the person had just shown their password and a second factor, or what a test says."""
        with self.application.app_context(), Session(self.application.extensions["engine"]) as session:
            key = sessions.begin(session, user, sessions.Seat(), shown)
            session.commit()
        with self.session_transaction("/account") as cookie:  # public pages set no cookie, this one may
            cookie["_user_id"] = key
            cookie["_fresh"] = True

    def token(self, page: str) -> str:
        """The form token of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)
        return found[1] if found else ""

    def press(self, url: str, page: str, **data: object) -> TestResponse:
        """Post a form found on `page`."""
        return self.post(url, data={"csrf_token": self.token(page), **data})


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """Compile each route for the first app only: all have the same, and this is most of what making an app costs."""
    compiled: dict[tuple[object, ...], dict[str, Any]] = {}
    compile_anew = Rule.compile

    def remembered(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, str(rule.defaults), rule.merge_slashes)
        if key not in compiled:
            compile_anew(rule)
            compiled[key] = {name: getattr(rule, name) for name in COMPILED}
        for name, found in compiled[key].items():
            setattr(rule, name, found.__func__.__get__(rule) if isinstance(found, MethodType) else found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Compile each statement for the first engine only: SQLAlchemy keeps what it compiled for one dialect object."""
    compiled = LRUCache[Any, Any](STATEMENTS)
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
        make = Engine.__init__

        def sharing(engine: Engine, pool: Any, dialect: Any, url: Any, hide_parameters: Any = 0, **more: Any) -> None:
            make(engine, pool, dialect, url, hide_parameters=bool(hide_parameters), **more)  # SQLAlchemy asks for names
            engine._compiled_cache = compiled

        patch.setattr(Engine, "__init__", sharing)
        yield


class Compiled(BytecodeCache):
    """The templates compiled so far, for every app of the tests."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What an earlier app compiled of the same source."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next."""
        self._code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled_templates() -> Compiled:
    """Compiling a template again for each test would take half of the whole run."""
    return Compiled()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Every table, made once by the migrations, and keys: a file to copy on SQLite, the database on PostgreSQL."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(settings_in(folder))
    with app.app_context():
        command.upgrade(db_commands.alembic_config(), "head")
        if "DATABASE_URL" in os.environ:
            kept.put_back(app.extensions["engine"], kept.NOTHING)  # the tests of the migrations may have been there
        signing.set_up()
        kept.keep(app.extensions["engine"], EMPTY)
    app.extensions["engine"].dispose()
    return None if "DATABASE_URL" in os.environ else folder / "registry.db"


@pytest.fixture(scope="session")
def peopled_database(empty_database: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The same with everybody of the world in it."""
    folder = tmp_path_factory.mktemp("peopled")
    if empty_database is not None:
        shutil.copy(empty_database, folder / "registry.db")
    engine = db.open_engine(settings_in(folder).database_url)
    if empty_database is None:
        empty(engine)
    with Session(engine) as session:
        people.build(session)
    kept.keep(engine, PEOPLED)
    engine.dispose()
    return None if empty_database is None else folder / "registry.db"


def settings_in(folder: Path) -> Settings:
    """Settings with everything under one folder, the database as DATABASE_URL says."""
    return Settings(
        var_dir=folder,
        secret_key=SECRET,
        concern_key=(CONCERN_KEY,),
        public_url="http://localhost",
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/registry.db",
        storage_url=f"file://{folder}/files",
        mail_url=f"file://{folder}/mail",
        keys_dir=str(signing.folder()),
        page_cache_mb=0,  # tests of pages ask the page; see tests/registry/test_page_cache.py
        step_up_minutes=DAYS * 24 * 60,  # tests that move the clock stay signed in; those of limits set their own
        club_idle_minutes=DAYS * 24 * 60,
        club_session_hours=DAYS * 24,
        company_idle_hours=DAYS * 24,
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of one test."""
    return settings_in(tmp_path)


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path, compiled_templates: Compiled
) -> Iterator[Flask]:
    """The app on an empty database with every table; with everybody in it, where the test asks for the world."""
    peopled = "world" in request.fixturenames
    source: Path | None = request.getfixturevalue("peopled_database" if peopled else "empty_database")
    if source is not None:
        shutil.copy(source, tmp_path / "registry.db")
    app = create_app(settings)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Browser
    engine = app.extensions["engine"]
    if engine.dialect.name == "postgresql":
        kept.put_back(engine, PEOPLED if peopled else EMPTY)
    else:
        event.listen(engine, "connect", hasty)
        engine.dispose()  # what was opened before has the manners of the site
    know_the_club(app)
    yield app
    engine.dispose()


def know_the_club(app: Flask) -> None:
    """Who the club is, is read once: by the clock it would be read in the middle of what a slow test counts."""
    identity.forget(app)
    with app.app_context():
        identity.on()
    app.extensions[identity.KEPT] = (float("inf"), app.extensions[identity.KEPT][1])


def hasty(connection: Any, _record: Any) -> None:
    """Wait for no disk: a test's database ends with it, and power cuts are tried on real servers (test_crash)."""
    connection.execute("PRAGMA synchronous=OFF")


def empty(engine: Engine) -> None:
    """Leave nothing in a database whose tables stay but the keys of the tests."""
    kept.put_back(engine, EMPTY)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The test's own session; it holds no lock while pages are asked for, as long as it is committed."""
    with signing.Published(app.extensions["engine"], expire_on_commit=False) as session:
        session.app = app
        yield session


@pytest.fixture
def world(session: Session) -> people.World:
    """Everybody."""
    found = people.load(session)
    return found or people.build(session)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser nobody is signed in with."""
    return app.test_client()
