"""From SQLite to PostgreSQL and back in one command: the same digest at both ends, or nothing at all."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session

from assessments.clock import now
from registry import create_app
from registry.backups import rows
from registry.config import Settings
from registry.mail.models import WORKER, Heartbeat
from tests.registry.backups.folders import fresh_database, run, said
from tests.world import World


def at(settings: Settings, url: str) -> Flask:
    """The program on another database, with the same files."""
    return create_app(replace(settings, database_url=url))


def test_moves_there_and_back_with_one_digest(full: Flask, settings: Settings, tmp_path: Path) -> None:
    before = said(full, "fsck", "--digest")
    here = f"sqlite:///{tmp_path}/moved.db"
    lines = said(full, "db", "move", here)
    assert lines[0].endswith(f"Both ends: {before[0].removeprefix('tables ')}")
    moved = at(settings, here)
    assert said(moved, "fsck", "--digest") == before
    assert said(moved, "fsck") == ["clean"]
    with fresh_database(tmp_path / "back") as there:
        assert said(moved, "db", "move", there)[0] == lines[0]
        back = at(settings, there)
        assert said(back, "fsck", "--digest") == before
        assert said(back, "fsck") == ["clean"]
        assert said(back, "db", "check") == []  # the tables are those of the code
        triggers_hold(back)
        numbers_go_on(back)
        back.extensions["engine"].dispose()
    moved.extensions["engine"].dispose()


def triggers_hold(app: Flask) -> None:
    """History cannot be rewritten there either."""
    with app.extensions["engine"].connect() as connection, pytest.raises(Exception, match="immutable"):
        connection.execute(text("DELETE FROM history_entry"))


def numbers_go_on(app: Flask) -> None:
    """A row that the database numbers gets the number after the last."""
    with app.extensions["engine"].connect() as connection:
        last = connection.execute(text("SELECT max(id) FROM publication")).scalar_one()
        copied = connection.execute(text("SELECT * FROM publication WHERE id = :last"), {"last": last}).mappings().one()
        values = {**copied, "key": "another"}
        del values["id"]
        names = ", ".join(f'"{name}"' for name in values)
        into = text(f"INSERT INTO publication ({names}) VALUES ({', '.join(f':{name}' for name in values)})")  # noqa: S608
        connection.execute(into, values)
        assert connection.execute(text("SELECT max(id) FROM publication")).scalar_one() == last + 1
        connection.rollback()


def test_refuses_where_it_is_a_full_place_and_a_worker_that_runs(
    small: Flask, settings: Settings, tmp_path: Path
) -> None:
    here = settings.database_url
    assert "name another one" in run(small, "db", "move", here).stderr
    url = f"sqlite:///{tmp_path}/moved.db"
    with Session(small.extensions["engine"]) as session:
        session.add(Heartbeat(name=WORKER, at=now()))
        session.commit()
    assert "Stop web and worker first" in run(small, "db", "move", url).stderr
    with Session(small.extensions["engine"]) as session:
        session.get_one(Heartbeat, WORKER).at = now() - timedelta(minutes=2)
        session.commit()
    said(small, "db", "move", url)  # its tables were there already, and empty
    assert "The database is not empty" in run(small, "db", "move", url).stderr


def test_a_row_that_is_not_taken_leaves_nothing(small: Flask, settings: Settings, tmp_path: Path) -> None:
    """SQLite does not mind how long a text is; PostgreSQL does."""
    if "DATABASE_URL" not in os.environ:
        pytest.skip("asked on PostgreSQL")
    here = f"sqlite:///{tmp_path}/moved.db"
    said(small, "db", "move", here)
    moved = at(settings, here)
    with Session(moved.extensions["engine"]) as session:
        session.execute(text('UPDATE "user" SET name = :name'), {"name": "x" * 9_999})
        session.commit()
    with fresh_database(tmp_path / "back") as there:
        result = run(moved, "db", "move", there)
        assert (result.exit_code, "table user is not taken: value too long" in result.stderr) == (1, True)
        assert "x" * 100 not in result.output
        back = at(settings, there)
        with back.extensions["engine"].connect() as connection:
            assert rows.filled(connection) == []
        back.extensions["engine"].dispose()
    moved.extensions["engine"].dispose()


def test_the_digest_sees_every_row_and_file(full: Flask, world: World) -> None:
    tables, files = said(full, "fsck", "--digest")
    engine = full.extensions["engine"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE vendor SET name = name || '.'"))
    changed, same = said(full, "fsck", "--digest")
    assert changed != tables
    assert same == files
    (name, *_others) = full.extensions["storage"].names()
    full.extensions["storage"].remove(name)
    assert said(full, "fsck", "--digest")[1] != files
