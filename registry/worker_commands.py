"""The command that works in the background: flask --app registry worker."""

import click
from flask import current_app
from flask.cli import with_appcontext

from registry import db, jobs, timekeeping


@click.command("worker")
@click.option("--trust-clock", is_flag=True, help="The clock is right, although it stands far from the last turn.")
@with_appcontext
def work(*, trust_clock: bool) -> None:
    """Send letters and act on deadlines until stopped."""
    if trust_clock:
        with db.writing() as session:
            timekeeping.trust(session)
    jobs.run(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's way to the app itself
