"""The commands of `flask --app registry`: db, criteria, users, worker, fsck, backup, audit, keys and so on."""

from typing import Any

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from registry import db, fsck, resealing, timekeeping
from registry.accounts import commands as users
from registry.audit import commands as cases
from registry.audit import trail_commands as audit
from registry.backups import commands as backups
from registry.backups import moving, schema
from registry.copies import commands as copies
from registry.criteria import commands as criteria
from registry.demonstration import commands as demonstration
from registry.doctor import commands as doctor
from registry.identities import commands as identities
from registry.issuing import commands as issuing
from registry.keys import commands as keys
from registry.products import commands as products

MIGRATIONS = schema.MIGRATIONS

database = AppGroup("db", help="Bring the database to this version of the program, or look at it.")


def init_app(app: Flask) -> None:
    """Register every command."""
    app.cli.add_command(database)
    app.cli.add_command(users.group)
    app.cli.add_command(work)
    app.cli.add_command(criteria.group)
    app.cli.add_command(demonstration.group)
    app.cli.add_command(fsck.command)
    app.cli.add_command(backups.group)
    app.cli.add_command(doctor.command)
    app.cli.add_command(cases.group)
    app.cli.add_command(audit.group)
    app.cli.add_command(keys.group)
    keys.group.add_command(resealing.command)
    app.cli.add_command(products.group)
    app.cli.add_command(identities.group)
    app.cli.add_command(issuing.group)
    app.cli.add_command(issuing.body_group)
    app.cli.add_command(copies.command)


@click.command("worker")
@click.option("--trust-clock", is_flag=True, help="The clock is right, although it stands far from the last turn.")
@with_appcontext
def work(*, trust_clock: bool) -> None:
    """Send letters and act on deadlines until stopped."""
    from registry import jobs  # noqa: PLC0415  it measures agreement with a library that no web process should load

    if trust_clock:
        with db.writing() as session:
            timekeeping.trust(session)
    jobs.run(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's way to the app itself


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
