"""What the database promises by itself, held against what is in it: for fsck."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, exists, select, text
from sqlmodel import Session, SQLModel

from assessments.models.immutable import IMMUTABLE
from registry import tables

ALL_TABLES = tables.__all__
WEAK = (  # what PostgreSQL can be told not to look at
    (
        "SELECT conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1",
        "Constraint {} was never held against all rows.",
    ),
    (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid ORDER BY 1",
        "Index {} is not whole; make it anew with REINDEX.",
    ),
    ("SELECT DISTINCT tgname FROM pg_trigger WHERE tgenabled = 'D' ORDER BY 1", "Trigger {} is switched off."),
)


def constraints(session: Session, _asked: Any = None) -> Iterator[str]:
    """References lead to rows, constraints hold, and the triggers that keep history are there and awake."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield from _of_sqlite(connection)
    else:
        yield from _of_postgresql(connection)
    yield from _triggers(connection)


def _of_sqlite(connection: Connection) -> Iterator[str]:
    """SQLite looks through its pages, indexes and CHECKs by itself."""
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"Row {row[1]} of {row[0]} points to a row of {row[2]} that is not there."
    for row in connection.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"The database says: {row[0]}."


def _of_postgresql(connection: Connection) -> Iterator[str]:
    """What was switched off, and the rows that came in meanwhile."""
    for question, sentence in WEAK:
        for (name,) in connection.execute(text(question)):
            yield sentence.format(name)
    yield from _checks(connection)
    for table in SQLModel.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            parent = key.referred_table.alias()
            pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
            there = exists().where(*(column == target for column, target in pairs))
            lost = select(text("1")).select_from(table).where(*(column.is_not(None) for column, _ in pairs), ~there)
            if connection.execute(lost.limit(1)).first() is not None:
                yield f"A row of {table.name} points to a row of {key.referred_table.name} that is not there."


def _checks(connection: Connection) -> Iterator[str]:
    """Rows against the rules that were never held against all of them; the others PostgreSQL lets nobody break."""
    asked = text(
        "SELECT conname, conrelid::regclass::text, pg_get_expr(conbin, conrelid) FROM pg_constraint "
        "WHERE contype = 'c' AND NOT convalidated ORDER BY conname"
    )
    for name, table, rule in connection.execute(asked).all():
        broken = text(f"SELECT 1 FROM {table} WHERE NOT ({rule}) LIMIT 1")  # noqa: S608  the database's own words
        if connection.execute(broken).first() is not None:
            yield f"A row of {table} breaks the constraint {name}."


def _triggers(connection: Connection) -> Iterator[str]:
    """History, submissions, credentials and the log are refused every change by the database itself."""
    question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.dialect.name == "postgresql":
        question = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    there = set(connection.execute(text(question)).scalars())
    for table, verbs in IMMUTABLE.items():
        for verb in verbs:
            if f"{table}_no_{verb.lower()}" not in there:
                yield f"Nothing keeps rows of {table} from {verb}: its trigger is gone."
