"""The command flask --app registry publish DIR|s3://bucket/prefix."""

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.copies.folders import Busy
from registry.copies.publishing import Done, place_of, publish
from registry.copies.rendering import PublishFailed


@click.command("publish")
@click.argument("where")
@click.option("--all", "everything", is_flag=True, help="Ask for every page, also where nothing can have changed.")
@with_appcontext
def command(where: str, *, everything: bool) -> None:
    """Write the public side as static files to WHERE, a folder or s3://bucket/prefix; only what has changed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's way to the app itself
    try:
        done = publish(app, place_of(where), everything=everything)
    except Busy:
        raise click.ClickException(f"Another run is publishing to {where}; let it finish.") from None
    except PublishFailed as failure:
        raise click.ClickException(f"Nothing was published: the application answered {failure}.") from None
    click.echo(said(done))


def said(done: Done) -> str:
    """What a run did, in one line."""
    return (
        f"{done.files} files, {done.written} written, {done.removed} removed, "
        f"{done.asked} pages asked for, {done.seconds:.1f} s"
    )
