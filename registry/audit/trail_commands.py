"""Commands about what the registry remembers: flask --app registry audit verify|checkpoint|head."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlmodel import Session

from assessments import log
from assessments.merkle import Incomplete
from assessments.queries import history
from assessments.queries import log as queries
from registry import db
from registry.audit import trail
from registry.log import checking, checkpoints, notes
from registry.log.checkpoints import Checkpoint, Forked
from registry.log.notes import NotSigned, Unreadable, Verifier

group = AppGroup(
    "audit", help="Check what the registry remembers: its history, the public log, and one against the other."
)

HISTORY, CONTRADICTION, LOG, PUT_BACK, UNREADABLE = 1, 3, 4, 5, 6  # 2 is the one for what was typed wrongly


@dataclass(frozen=True)
class Part:
    """One thing to check: its name, what ends with when it is wrong, and how the first wrong thing is found."""

    name: str
    code: int
    first_wrong: Callable[[], str]


@group.command("verify")
@click.option(
    "--checkpoint",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A checkpoint that was saved earlier: finds a database that was put back.",
)
@click.option("--key", metavar="KEY", help="The log's public key as it was saved; default: the keys in the database.")
def verify(path: Path | None, key: str | None) -> None:
    """Walk the history and the log, and name the first row of each that is not as it was written.

    Ends with 0 when all is whole; 1 when the history is broken; 3 when the history and what the log remembers of it
    contradict each other; 4 when entries, tiles, head or signature of the log are wrong; 5 when the log does not follow
    the saved checkpoint; 6 when the checkpoint or the key cannot be read, or that key has not signed it. With several
    of them the first one counts; every part is told.
    """
    with _still() as session:
        try:
            known = [notes.verifier_from(key)] if key else checkpoints.verifiers(session)
            saved = checkpoints.opened(path.read_text("utf-8"), known) if path else None
        except (Unreadable, NotSigned, UnicodeDecodeError) as refusal:
            _end(f"The checkpoint cannot be used: {refusal}", UNREADABLE)
        codes = [part.code for part in _parts(session, known, saved) if _is_wrong(part)]
        told = f"{history.head(session)[0]} steps, {queries.head(session).size} entries"
    if not known:
        click.echo("no key of the log is known here: signatures were not checked", err=True)
    if codes:
        sys.exit(codes[0])
    click.echo(f"whole: {told}" + (f", as the checkpoint of {saved.size} entries has them" if saved else ""))


@group.command("checkpoint")
def checkpoint() -> None:
    """Print the checkpoint signed last. Keep it where no copy of the database is; ends with 1 when there is none."""
    with db.reading() as session:
        found = queries.head(session).checkpoint
    if not found:
        _end("No checkpoint was signed yet.", HISTORY)
    click.echo(found, nl=False)


@group.command("head")
def head() -> None:
    """Take the end of the history into the log now, and sign it; the worker does it once an hour."""
    session = db.session()
    noted = log.note_history(session)
    try:
        signed = checkpoints.renew(session)
    except Forked as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.commit()
    click.echo(f"entry {noted.index}" if noted else "the log has the end of the history already")
    if not signed and queries.head(session).size > queries.head(session).signed_size:
        click.echo("not signed: no key of the log can be read here", err=True)


def _parts(session: Session, known: list[Verifier], saved: Checkpoint | None) -> Iterator[Part]:
    yield Part("history", HISTORY, partial(trail.first_broken, session))
    yield Part("history and log", CONTRADICTION, partial(trail.first_contradiction, session))
    yield Part("log", LOG, lambda: next(checking.findings(session, known), ""))
    if saved is not None:
        yield Part("saved checkpoint", PUT_BACK, lambda: checking.against(session, saved, known))


def _is_wrong(part: Part) -> bool:
    """Tell the first thing that is wrong with a part; data of a shape that nobody could have written is wrong too."""
    try:
        wrong = part.first_wrong()
    except (KeyError, TypeError, ValueError, Incomplete) as error:
        wrong = f"A row is not in the shape that this registry writes: {error}"
    if wrong:
        click.echo(f"{part.name}: {wrong}")
    return bool(wrong)


@contextmanager
def _still() -> Iterator[Session]:
    """A look at one moment, while others go on writing: SQLite's readers have it by themselves."""
    with db.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _end(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)
