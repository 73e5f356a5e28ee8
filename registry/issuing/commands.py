"""Commands about what is issued: flask --app registry issuing catch-up, issuing-body set|list."""

from datetime import date, datetime

import click
from flask.cli import AppGroup

from assessments.clock import today
from assessments.queries import issuing_bodies, publications
from registry import db, issuing, keys
from registry.issuing import bodies
from registry.issuing.bodies import BodyRefused, Naming

group = AppGroup("issuing", help="What was decided and has to be signed, logged and shown.")
body_group = AppGroup("issuing-body", help="In whose name certificates are issued, from which day on.")


@group.command("catch-up")
def catch_up() -> None:
    """Publish everything that is due: certificates granted before there were keys, and what was cut off."""
    count = issuing.turn()
    with db.reading() as session:
        waiting, missing = publications.count_waiting(session), keys.missing(session)
    click.echo(f"{count} published, {waiting} waiting.")
    for sentence in missing:
        click.echo(sentence)


@body_group.command("set")
@click.option("--from", "starts", type=click.DateTime(["%Y-%m-%d"]), help="Its first day; default: today.")
@click.option("--vi", required=True, help="Its name in Vietnamese.")
@click.option("--en", required=True, help="Its name in English.")
@click.option("--signatory", default="", help="The name of whoever signs; printed on certificates.")
@click.option("--office-vi", default="", help="Their office in Vietnamese.")
@click.option("--office-en", default="", help="Their office in English.")
def take_over(starts: datetime | None, vi: str, en: str, **signs: str) -> None:
    """Let a body issue from a day on; certificates granted before keep the name they were granted in."""
    day: date = starts.date() if starts else today()
    try:
        bodies.take_over(db.session(), day, Naming(vi, en, **signs))
    except BodyRefused as error:
        raise click.ClickException(str(error)) from error
    db.commit()
    click.echo(f"From {day.isoformat()} on: {vi}")


@body_group.command("list")
def show() -> None:
    """List the issuing bodies by their first day; before the first the settings name it."""
    with db.reading() as session:
        for one in issuing_bodies.bodies(session):
            signs = f"\t{one.signatory}, {one.office_vi}" if one.signatory else ""
            click.echo(f"{one.starts_on.isoformat()}\t{one.name_vi}{signs}")
