"""What the tests of backups share: a registry with something in every corner, and commands run on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from registry import create_app
from registry.config import Settings

KEY = "k" * 40


def run(app: Flask, *words: object) -> Result:
    """A command of the registry."""
    return app.test_cli_runner().invoke(args=[str(one) for one in words])


def said(app: Flask, *words: object, code: int = 0) -> list[str]:
    """The lines of a command that ends with this code."""
    result = run(app, *words)
    assert result.exit_code == code, (result.output, result.stderr, result.exception)
    return (result.stdout if code == 0 else result.output).splitlines()


def key_file(folder: Path, content: str = KEY) -> Path:
    """A key that only its owner reads."""
    path = folder / "backup.key"
    path.touch(mode=0o600)
    path.write_text(content, "ascii")
    return path


@contextmanager
def another(settings: Settings, folder: Path, **changed: object) -> Iterator[Flask]:
    """The program at another place, on another host, with nothing in its database yet."""
    own = {
        "var_dir": folder,
        "public_url": "https://elsewhere.example",
        "trusted_hosts": ("elsewhere.example",),
        "storage_url": f"file://{folder}/kept elsewhere".replace(" ", "%20"),
        **changed,
    }
    with fresh_database(folder) as url:
        app = create_app(replace(settings, database_url=url, **own))
        app.config["TESTING"] = True
        yield app
        app.extensions["engine"].dispose()


@contextmanager
def fresh_database(folder: Path, kind: str = "") -> Iterator[str]:
    """The address of a database nobody has written to: of the kind of this run, or of the one that was asked for."""
    given = os.environ.get("DATABASE_URL")
    if given is None or kind == "sqlite":
        yield f"sqlite:///{folder}/another place.db"
        return
    name = f"another_{os.getpid()}"
    server = create_engine(make_url(given), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(given).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
