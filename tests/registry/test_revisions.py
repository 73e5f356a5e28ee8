"""A program refuses the database of another version: pages, commands, worker and /readyz, with the command to run."""

import threading
from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, text

from registry import create_app, db, jobs, revisions
from registry.backups.schema import MIGRATIONS
from registry.config import Settings
from registry.revisions import WrongRevision, complaint, head, known
from tests.conftest import Browser


@pytest.fixture
def at(app: Flask) -> Iterator[Engine]:
    """The engine, and a process that has not looked at its database yet; afterwards the database is what it was."""
    engine: Engine = app.extensions["engine"]
    app.extensions.pop(revisions.KNOWN)
    yield engine
    write(engine, head())


def write(engine: Engine, revision: str) -> None:
    """Say of the database that it is at a revision."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_the_names_of_the_files_tell_the_chain() -> None:
    chain = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert tuple(one.revision for one in chain)[::-1] == known()


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("", "no tables yet. Make them with: flask --app registry db upgrade"),
        ("0001", "of an older version (0001) than this program"),
        ("9999", "of a newer version (9999) than this program"),
    ],
)
def test_each_wrong_version_has_its_sentence(revision: str, words: str) -> None:
    assert words in complaint(revision)
    assert complaint(head()) == ""


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_pages_are_refused_until_the_database_is_right_again(
    app: Flask, at: Engine, browser: Browser, caplog: pytest.LogCaptureFixture, revision: str
) -> None:
    write(at, revision)
    for address in ("/products", "/log"):
        answer = browser.get(address)
        assert answer.status_code == 503, address
        assert answer.headers["Cache-Control"] == "no-store"
    assert any("flask --app registry db" in record.message for record in caplog.records)
    assert browser.get("/readyz").json["checks"]["revision"] is False
    assert browser.get("/healthz").status_code == 200
    write(at, head())
    assert browser.get("/products").status_code == 200


def test_a_process_that_runs_is_taken_out_of_the_round(app: Flask, at: Engine, browser: Browser) -> None:
    assert browser.get("/products").status_code == 200
    write(at, "9999")
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/readyz").json["checks"]["revision"] is False


@pytest.mark.parametrize("command", [("fsck",), ("users", "list"), ("keys", "list"), ("audit", "verify")])
def test_commands_end_with_the_command_to_run(app: Flask, at: Engine, command: tuple[str, ...]) -> None:
    write(at, "0001")
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert "flask --app registry db upgrade" in result.stderr
    assert "Traceback" not in result.output


def test_the_worker_stops(app: Flask, at: Engine) -> None:
    write(at, "9999")
    with pytest.raises(WrongRevision, match="newer version"):
        jobs.run(app, threading.Event())


def test_a_database_without_tables(settings: Settings, tmp_path: object) -> None:
    app = create_app(Settings(**{**vars(settings), "database_url": f"sqlite:///{tmp_path}/none.db"}))
    with app.app_context(), pytest.raises(WrongRevision, match="no tables yet"):
        db.open_session()
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 0
    with app.app_context():
        revisions.require(app.extensions["engine"])
    app.extensions["engine"].dispose()
