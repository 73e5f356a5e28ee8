"""Which database this program is written for: with an older or a newer one it refuses to run, and says the command."""

from functools import cache
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import Engine, inspect, text

VERSIONS = Path(__file__).parent / "migrations" / "versions"
KNOWN = "revision is known"  # of an app: its database was looked at and is the right one


class WrongRevision(click.ClickException):
    """The database belongs to another version of this program; a command ends with the sentence and with 1."""


@cache
def known() -> tuple[str, ...]:
    """The revisions this program can bring a database to, oldest first: by the names of their files."""
    return tuple(sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*_*.py")))


def head() -> str:
    """The revision this program works on."""
    return known()[-1]


def found(engine: Engine) -> str:
    """The revision a database is at; "" for one that no migration has touched."""
    with engine.execution_options(reading=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def complaint(revision: str) -> str:
    """Why this program cannot work on a database of that revision, and what to do; "" where it can."""
    if revision == head():
        return ""
    if not revision:
        return "The database has no tables yet. Make them with: flask --app registry db upgrade"
    if revision in known():
        return (
            f"The database is of an older version ({revision}) than this program ({head()}). "
            "Make a backup, then: flask --app registry db upgrade"
        )
    return (
        f"The database is of a newer version ({revision}) than this program ({head()}). "
        "Install the version of the program that it was last used with, or, with that version: "
        f"flask --app registry db downgrade {head()}"
    )


def require(engine: Engine) -> None:
    """Refuse (WrongRevision) the database of another version; one that was right is not asked again by this process."""
    if not current_app.extensions.get(KNOWN):
        require_still(engine)
        current_app.extensions[KNOWN] = True


def require_still(engine: Engine) -> None:
    """The same, asked of the database every time: for the worker's turns and /readyz.

    A web process that runs while others bring the database further answers what it is asked until it is restarted;
    /readyz sends it no new visitors.
    """
    if sentence := complaint(found(engine)):
        raise WrongRevision(sentence)
