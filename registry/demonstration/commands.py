"""Command: flask --app registry demonstration load."""

import secrets

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from registry import db, storage
from registry.accounts import passwords
from registry.config import Settings
from registry.demonstration import deployment, signing
from registry.demonstration.fiction import email, read
from registry.demonstration.loading import load as play_the_past

group = AppGroup("demonstration", help="Fill an empty database with fictional companies, products and people.")

NO_SETTING = "DEMONSTRATION is not set: only a database of its own is filled with made-up companies."
NO_TABLES = "The database has no tables yet; make them with: flask --app registry db upgrade"
LOADED = "The demonstration is loaded already. To start afresh, delete its folder or its database."


@group.command("load")
@click.option("--when-empty", is_flag=True, help="Do nothing when the demonstration is there already.")
def load(*, when_empty: bool) -> None:
    """Load the demonstration and print who can sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demonstration:
        raise click.ClickException(NO_SETTING)
    is_demonstration = _kind()
    if is_demonstration is False:
        raise click.ClickException(deployment.IS_REAL)
    if is_demonstration and not when_empty:
        raise click.ClickException(LOADED)
    password = _look_after() if is_demonstration else _fill(settings)
    _say(settings, password)


def _kind() -> bool | None:
    try:
        with db.reading() as session:
            return deployment.kind(session)
    except DBAPIError as error:
        raise click.ClickException(NO_TABLES) from error


def _look_after() -> str:
    """One that was loaded before there were keys gets its own; the worker does the rest. There is no new password."""
    with db.writing() as session:
        signing.begin(session)
    return ""


def _fill(settings: Settings) -> str:
    password = settings.demo_password or "-".join(secrets.token_hex(2) for _ in range(4))
    hashed = passwords.hash_password(password)
    click.echo("Loading the demonstration; this takes some seconds.")
    with db.open_session() as session:
        play_the_past(session, storage.current(), settings, hashed)
        session.commit()  # not db.commit(), which would write a letter to everybody for each step of the past
    return password


def _say(settings: Settings, password: str) -> None:
    people = read("people")["people"]
    click.echo(f"\nAddress   {settings.public_url}\nSign-ins  (a demonstration: nobody and nothing here is real)")
    for person in people:
        click.echo(f"  {email(person['login']):<30} {person['name']}")
    click.echo(f"Password  {password or 'as printed when the demonstration was loaded'}\n")
