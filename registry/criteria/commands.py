"""Commands: flask --app registry criteria list|check|digest|publish|export."""

from collections.abc import Iterable

import click
from flask.cli import AppGroup

from assessments import editions
from assessments.errors import Refused
from assessments.queries.editions import publication_of
from criteria import store
from criteria.check import faults
from criteria.digest import digest
from criteria.model import Edition
from criteria.source import EDITION_FILE, EditionError, Fault
from registry import db
from registry.criteria import exporting
from registry.i18n import translate

group = AppGroup("criteria", help="Look at, check and publish the editions of the criteria set.")
wanted = click.argument("edition_ids", metavar="[EDITION]...", nargs=-1)


@group.command("list")
def list_() -> None:
    """Name every edition, its status, and whether it was published and kept."""
    for edition_id in store.ids():
        try:
            click.echo(f"{edition_id}  {_described(store.load(edition_id))}")
        except EditionError as error:
            click.echo(f"{edition_id}  unreadable: {error}")


@group.command("check")
@wanted
def check(edition_ids: tuple[str, ...]) -> None:
    """Name every fault of the editions (default: all) by file and line; fail when there is one.

    The files of a published edition that no longer say what was published are a fault.
    """
    wanted_ids = edition_ids or store.ids()
    found = [fault for edition_id in wanted_ids for fault in _faults(edition_id)] + _changed(wanted_ids)
    for fault in found:
        click.echo(str(fault))
    if found:
        raise click.exceptions.Exit(1)
    click.echo("No faults.")


@group.command("digest")
@wanted
def digest_(edition_ids: tuple[str, ...]) -> None:
    """Print the digest of the editions (default: all)."""
    for edition_id in edition_ids or store.ids():
        try:
            click.echo(f"{edition_id}  {digest(store.load(edition_id))}")
        except EditionError as error:
            raise click.ClickException(str(error)) from error


@group.command("publish")
@wanted
def publish(edition_ids: tuple[str, ...]) -> None:
    """Record the text of the editions (default: all whose files call them published) as published."""
    chosen = edition_ids or tuple(edition.id for edition in store.editions() if edition.status == "published")
    with db.writing() as session:
        for edition_id in chosen:
            try:
                record = editions.publish(session, edition_id, by=None)
            except Refused as refusal:
                raise click.ClickException(translate(refusal.message, **refusal.values)) from refusal
            click.echo(f"{edition_id}  {record.digest}")


@group.command("export")
@click.argument("edition_id", metavar="EDITION")
@click.option("--oscal", is_flag=True, required=True, help="As a catalog of NIST OSCAL, in JSON.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def export(edition_id: str, language: str, *, oscal: bool) -> None:
    """Print an edition for other programs."""
    try:
        edition = store.load(edition_id)
    except EditionError as error:
        raise click.ClickException(str(error)) from error
    with db.reading() as session:
        record = publication_of(session, edition_id)
    click.echo(exporting.written(edition, language, record), nl=False)


def _described(edition: Edition) -> str:
    """Status, date and whether the files still say what was published."""
    with db.reading() as session:
        record = publication_of(session, edition.id)
        if record is None:
            kept = "not yet published"
        else:
            word = "unchanged since" if editions.matches(edition, record) else "CHANGED since"
            kept = f"{word} {record.published_at:%Y-%m-%d}"
    return f"{edition.status}, in force from {edition.in_force_from}, {kept}"


def _changed(edition_ids: Iterable[str]) -> list[Fault]:
    with db.reading() as session:
        changed = editions.changed(session)
    return [
        Fault(store.folder_of(one.edition_id) / EDITION_FILE, 1, f"{one.edition_id} is not what was published.")
        for one in changed
        if one.edition_id in set(edition_ids)
    ]


def _faults(edition_id: str) -> list[Fault]:
    try:
        return faults(store.folder_of(edition_id))
    except EditionError as error:
        return [error.fault]
