"""The commands that bring the database to this version of the program: flask --app registry db."""

from typing import Any

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import AppGroup

from registry.backups import moving, schema

database = AppGroup("db", help="Bring the database to this version of the program, or look at it.")


def alembic_config() -> Config:
    """Alembic's configuration for the current app; there is no ini file."""
    return schema.alembic_config(current_app.extensions["engine"])


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Upgrade to REVISION (default: the newest)."""
    command.upgrade(alembic_config(), revision)


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to REVISION."""
    command.downgrade(alembic_config(), revision)


@database.command("current")
def current() -> None:
    """Print the revision the database is at."""
    command.current(alembic_config(), verbose=True)


@database.command("check")
def check() -> None:
    """Fail when the tables in the code and the migrations differ."""
    command.check(alembic_config())


@database.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from what changed in the tables."""
    options: dict[str, Any] = {"message": message, "autogenerate": True}
    command.revision(alembic_config(), **options)


@database.command("move")
@click.argument("url")
def move(url: str) -> None:
    """Write everything into the empty database at URL: SQLite to PostgreSQL, or back. Stop web and worker first."""
    count, digest = moving.move(current_app.extensions["engine"], url)
    click.echo(f"{count} rows. Both ends: {digest}")
    click.echo("Now set DATABASE_URL to the new one, run fsck, and start web and worker.")
