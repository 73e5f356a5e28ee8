"""The way from one kind of database to the other: `flask --app registry db move postgresql+psycopg://...`, and back."""

from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from assessments.clock import now
from registry import db, revisions
from registry.backups import digests, rows
from registry.backups.refusal import Refused
from registry.backups.schema import alembic_config
from registry.mail.models import WORKER, Heartbeat

SEEN_LATELY = timedelta(minutes=1)


def move(source: Engine, url: str) -> tuple[int, str]:
    """Write everything into the empty database at `url`, in one transaction. Returns the number of rows and the digest.

    Refuses (Refused) the same database, one that holds something, a worker that still runs, and a row that the other
    kind of database does not take; nothing has been written then.
    """
    if make_url(url) == source.url:
        raise Refused("That is the database this program works on: name another one.")
    revisions.require(source)
    target = db.open_engine(url)
    try:
        prepare(target, revisions.head())
        with rows.snapshot(source, alone=True) as reading:
            _require_stopped(reading)
            with target.begin() as writing:
                return copy(reading, writing)
    finally:
        target.dispose()


def prepare(target: Engine, revision: str) -> None:
    """Make the tables of a revision in an empty database. Refuses (Refused) one that holds something."""
    require_empty(target, revision)
    command.upgrade(alembic_config(target), revision)


def require_empty(target: Engine, revision: str) -> None:
    """Refuse (Refused) a database with rows in it, in tables of ours or of anybody else."""
    with target.execution_options(reading=True).connect() as connection:
        there = rows.filled(connection)
        at = revisions.found(target)
    if there:
        raise Refused(f"The database is not empty: there are rows in {', '.join(there[:3])}. Nothing was written.")
    if at not in {"", revision}:
        raise Refused(f"The database has the tables of another version ({at}). Give an empty one.")


def copy(reading: Connection, writing: Connection) -> tuple[int, str]:
    """Copy every row, and compare what has arrived. Returns the number of rows and the digest of both ends."""
    shapes, count = rows.shapes(), 0
    for shape in shapes:
        try:
            count += rows.write(writing, shape, rows.read(reading, shape))
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]  # what follows may tell of the row's content
            raise Refused(f"A row of the table {shape.table} is not taken: {reason}. Nothing was written.") from error
    rows.follow_numbers(writing, shapes)
    before, after = digests.of_tables(reading), digests.of_tables(writing)
    if before != after:
        raise Refused(f"What arrived is not what was sent ({before}, {after}). Nothing was written.")
    if writing.dialect.name == "postgresql":
        writing.execute(text("ANALYZE"))  # so that the first questions are answered well
    return count, after


def _require_stopped(connection: Connection) -> None:
    seen = Session(connection).exec(select(Heartbeat.at).where(Heartbeat.name == WORKER)).first()
    if seen is not None and now() - seen < SEEN_LATELY:
        raise Refused(
            "The worker was seen a moment ago. Stop web and worker first: what they write while the rows are moved "
            "would be missing at the other end. Then wait a minute."
        )
