"""`flask --app registry doctor`: every check, one line each, and how to mend what is wrong."""

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from registry.doctor import machine, outside, settings, tables
from registry.doctor.findings import Asked, Check, Finding, Level, wrong

log = logging.getLogger("registry.doctor")

CHECKS: tuple[Check, ...] = (
    *(settings.names, settings.secrets, settings.address, settings.senders, settings.modes),
    *(tables.database, settings.keys, tables.clocks, tables.files, tables.disks),
    *(tables.worker, tables.queues, tables.backups, tables.user),
    *(outside.mail, outside.harmful, outside.front, outside.certificate),
    *(machine.fonts, machine.zone),
)
SIGNS = {Level.WELL: "ok", Level.DOUBTFUL: "??", Level.WRONG: "!!"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for machines.")
@click.option("--backups", type=click.Path(path_type=Path), help="The folder in which backups are made.")
@click.option("--most-hours", default=26, show_default=True, help="How old the newest backup may be.")
@click.option("--offline", is_flag=True, help="Do not ask PUBLIC_URL.")
@click.option("--trust", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust beside the usual.")
@with_appcontext
def command(*, as_json: bool, backups: Path | None, most_hours: int, offline: bool, trust: str | None) -> None:
    """Look this deployment over. Ends with 0 when all is well, 1 when something is wrong, 3 when in doubt."""
    found = list(examined(Asked(backups, most_hours, not offline, trust)))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(_line(one))
    levels = {one.level for one in found}
    sys.exit(1 if Level.WRONG in levels else 3 if Level.DOUBTFUL in levels else 0)


def examined(asked: Asked) -> Iterator[Finding]:
    """What every check says; one that fails itself is a finding too, and does not keep the others from speaking."""
    for check in CHECKS:
        try:
            yield from check(asked)
        except Exception as error:  # the doctor says what it can
            log.debug("%s failed", check.__name__, exc_info=True)
            said = f"This could not be looked at: {type(error).__name__}."
            yield wrong(check.__name__, said, "Mend what is named above first, then run doctor again.")


def _line(one: Finding) -> str:
    first = f"{SIGNS[one.level]}  {one.check}: {one.said}"
    return f"{first}\n      -> {one.mend}" if one.mend else first
