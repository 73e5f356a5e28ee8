"""Commands about who the club is: flask --app registry identity set|list."""

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import click
from flask.cli import AppGroup

from assessments import identities
from assessments.clock import today
from assessments.errors import Refused
from assessments.identities import Facts
from assessments.queries import identities as queries
from registry import db, identity
from registry.wording import SETS

group = AppGroup("identity", help="Who the club is: name, contacts, public word, mark; from which day on.")


def _options(command: Any) -> Any:
    for one in reversed(fields(Facts)):
        kind = {"wording": click.Choice(list(SETS)), "logo": click.Choice(identity.LOGOS)}.get(one.name, str)
        command = click.option(f"--{one.name.replace('_', '-')}", type=kind, default=None)(command)
    return command


@group.command("set")
@click.option("--from", "starts", type=click.DateTime(["%Y-%m-%d"]), help="Its first day; default: today.")
@_options
def set_from(starts: datetime | None, **said: str | None) -> None:
    """Let the club be something else from a day on; what is not said stays as it is on that day."""
    day: date = starts.date() if starts else today()
    facts = identities.facts_of(identity.row_of(day))
    facts = replace(facts, **{name: value for name, value in said.items() if value is not None})
    try:
        identities.set_from(db.session(), None, day, facts)
    except Refused as refusal:
        raise click.ClickException(refusal.message % refusal.values) from refusal
    db.commit()
    identity.forget()
    click.echo(f"From {day.isoformat()} on: {facts.name_vi}")


@group.command("list")
def show() -> None:
    """List the identities by their first day; before the first the settings say who the club is."""
    with db.reading() as session:
        for one in queries.everything(session):
            click.echo(f"{one.starts_on.isoformat()}\t{one.name_vi}\t{one.wording}\t{one.email}")
