"""A copy of the database as it is at one moment, made while the site runs, and back.

SQLite copies itself (its backup interface: readers and writers go on). Of PostgreSQL the rows are read in one snapshot
and packed: it needs no program of the server's version, and any database of ours takes them.
"""

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlmodel import Session, select

from assessments.models import LogHead, SigningKey
from assessments.queries.stored import needed
from registry import db, revisions
from registry.backups import digests, rows
from registry.backups.rows import Row, Shape
from registry.backups.schema import alembic_config
from registry.backups.sealing import Changed

SQLITE, ROWS = "sqlite", "rows"
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Copy:
    """A database in a file, and what the manifest says of it."""

    kind: str
    path: Path
    sha256: str
    size: int
    revision: str
    tables: str  # digest
    checkpoint: str
    keys: list[dict[str, Any]]  # public
    files: Path  # a line for each file that a row needs


def take(engine: Engine, folder: Path) -> Copy:
    """Copy the database into a folder. Refuses (Refused) a copy that is not whole."""
    with _file_of(engine, folder) as (kind, path, connection):
        sha256, size = hash_of(path)
        session, files = Session(connection), folder / "files"
        with files.open("w", encoding="ascii") as out:
            out.writelines(f"{name} {length}\n" for name, length in needed(session))
        head = session.exec(select(LogHead)).first()
        keys = [
            {"kid": one.kid, "purpose": one.purpose, "jwk": one.public_jwk} for one in session.exec(select(SigningKey))
        ]
        return Copy(
            kind=kind,
            path=path,
            sha256=sha256,
            size=size,
            revision=revisions.found(engine),
            tables=digests.of_tables(connection),
            checkpoint=head.checkpoint if head else "",
            keys=keys,
            files=files,
        )


@contextmanager
def _file_of(engine: Engine, folder: Path) -> Iterator[tuple[str, Path, Connection]]:
    """The copy, hashed by the caller before anybody looks into it, and a connection that sees the same."""
    if engine.dialect.name == SQLITE:
        path = folder / "registry.db"
        _copy_sqlite(engine, path)
        with _unchanged(path) as copied, rows.snapshot(copied) as connection:
            yield SQLITE, path, connection
        return
    with rows.snapshot(engine) as connection:
        path = folder / "rows.gz"
        _write_rows(connection, path)
        yield ROWS, path, connection


def _copy_sqlite(engine: Engine, path: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(path)) as target:
        source: Any = connection.connection.driver_connection
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


@contextmanager
def _unchanged(path: Path) -> Iterator[Engine]:
    """An engine that reads a copy without writing so much as a bit of its head."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """An engine on a copy."""
    engine = db.open_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def unsound(path: Path) -> list[str]:
    """What SQLite says of a copy that is not whole; nothing where it is."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            lost = [f"a row of {row[0]} points nowhere" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return said + lost


def _write_rows(connection: Connection, path: Path) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as out:
        for shape in rows.shapes():
            out.write(json.dumps(shape.told()) + "\n")
            for row in rows.read(connection, shape):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.write('"end"\n')


def read_rows(path: Path) -> Iterator[tuple[Shape, Iterator[Row]]]:
    """Every table of packed rows; the rows of one have to be read before the next. Raises Changed where it was cut."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = (json.loads(line) for line in lines)
        following = next(told, None)
        while isinstance(following, dict):
            found: list[Any] = []
            yield rows.shape_of(following), _until_no_row(told, found)
            following = found[0] if found else None
        if following != "end":
            raise Changed


def _until_no_row(told: Iterator[Any], found: list[Any]) -> Iterator[Row]:
    for one in told:
        if not isinstance(one, list):
            found.append(one)
            return
        yield one


def load_rows(path: Path, target: Engine, revision: str) -> str:
    """Write packed rows into an empty database at their revision, in one transaction. Returns the digest of it."""
    command.upgrade(alembic_config(target), revision)
    with target.begin() as connection:
        shapes = []
        for shape, found in read_rows(path):
            rows.write(connection, shape, found)
            shapes.append(shape)
        rows.follow_numbers(connection, shapes)
        return digests.of_tables(connection, shapes)


def hash_of(path: Path) -> tuple[str, int]:
    """sha256 and length of a file."""
    found = hashlib.sha256()
    for piece in pieces(path):
        found.update(piece)
    return found.hexdigest(), path.stat().st_size


def pieces(path: Path) -> Iterator[bytes]:
    """A file, a piece at a time."""
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece
