"""One served site for all hostile requests, on SQLite or on a PostgreSQL database of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from registry import config, create_app
from tests.hostile import cast
from tests.hostile.cast import Target
from tests.site import Site, free_port


def own_database() -> dict[str, str]:
    """Where the site keeps its rows: beside the other tests' database, none of which it meets."""
    if "DATABASE_URL" not in os.environ:
        return {}
    given = make_url(os.environ["DATABASE_URL"])
    name = f"{given.database}_attacked"
    server = create_engine(given, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.dispose()
    return {"DATABASE_URL": given.set(database=name).render_as_string(hide_password=False)}


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The site, its server without a worker: what stands in its tables is what requests have written.

    When all is over nothing may have failed inside, and fsck finds what it found before.
    """
    folder: Path = tmp_path_factory.mktemp("attacked")
    site = Site(folder, free_port(), own_database())
    site.commands(["db", "upgrade"], ["keys", "create"])
    app = create_app(config.from_environment(site.environment))
    prepared = cast.prepare(site, app)
    before = checked(app)
    site.serve()
    site.wait_until_ready("/healthz")
    try:
        yield prepared
        after = checked(app)
    finally:
        site.stop()
        app.extensions["engine"].dispose()
    said = site.log()
    assert "failure" not in said, said
    assert "Traceback" not in said, said
    assert after == before


def checked(app: "cast.Flask") -> str:
    """What fsck says of tables and files."""
    return app.test_cli_runner().invoke(args=["fsck"]).output
