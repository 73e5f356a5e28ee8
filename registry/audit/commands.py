"""Command: flask --app registry case verify."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from flask.cli import AppGroup

from registry import db
from registry.audit import verifying
from registry.audit.verifying import CaseFile, Unknown, Unreadable

group = AppGroup("case", help="Check case files that were taken away.")

WRONG, UNREADABLE, UNKNOWN = 1, 2, 3


@group.command("verify")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--offline", is_flag=True, help="Hold it against itself only: no database is asked.")
def verify(path: Path, *, offline: bool) -> None:
    """Check a case file and name the first thing that is wrong.

    Ends with 0 when it is whole, 1 when something was changed, 2 when it cannot be read, 3 when this registry did
    not make it.
    """
    try:
        with closing(verifying.opened(path)) as case:
            wrong = _first(verifying.offline(case)) if offline else _against(case)
    except Unreadable as refusal:
        _end(str(refusal), UNREADABLE)
    except Unknown as refusal:
        _end(str(refusal), UNKNOWN)
    else:
        if wrong:
            _end(wrong, WRONG)
        where = "in itself" if offline else "as the history says"
        click.echo(f"{case.manifest['ref']}: whole {where}, {len(case.entries)} files.")


def _against(case: CaseFile) -> str:
    with db.reading() as session:
        return _first(verifying.against(session, case))


def _first(found: Iterator[str]) -> str:
    """The first thing that is wrong; data whose shape nobody could have written is wrong too."""
    try:
        return next(found, "")
    except (KeyError, TypeError, AttributeError, ValueError):
        return "The data is not in the shape that this registry writes."


def _end(sentence: str, code: int) -> None:
    click.echo(sentence)
    sys.exit(code)
