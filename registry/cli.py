"""The commands of `flask --app registry`: db, criteria, users, demonstration, worker, fsck, audit, keys and so on."""

from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from registry import fsck
from registry.accounts import commands as users
from registry.audit import commands as cases
from registry.audit import trail_commands as audit
from registry.copies import commands as copies
from registry.criteria import commands as criteria
from registry.demonstration import commands as demonstration
from registry.identities import commands as identities
from registry.issuing import commands as issuing
from registry.keys import commands as keys
from registry.products import commands as products

MIGRATIONS = Path(__file__).parent / "migrations"

database = AppGroup("db", help="Bring the database to this version of the program, or look at it.")


def init_app(app: Flask) -> None:
    """Register every command."""
    app.cli.add_command(database)
    app.cli.add_command(users.group)
    app.cli.add_command(work)
    app.cli.add_command(criteria.group)
    app.cli.add_command(demonstration.group)
    app.cli.add_command(fsck.command)
    app.cli.add_command(cases.group)
    app.cli.add_command(audit.group)
    app.cli.add_command(keys.group)
    app.cli.add_command(products.group)
    app.cli.add_command(identities.group)
    app.cli.add_command(issuing.group)
    app.cli.add_command(issuing.body_group)
    app.cli.add_command(copies.command)


@click.command("worker")
@with_appcontext
def work() -> None:
    """Send letters and act on deadlines until stopped."""
    from registry import jobs  # noqa: PLC0415  it measures agreement with a library that no web process should load

    jobs.run(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's way to the app itself


def alembic_config() -> Config:
    """Alembic's configuration for the current app; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = current_app.extensions["engine"]
    return config


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
