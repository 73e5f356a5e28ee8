"""Rows as both databases tell them alike: read in one snapshot and in one order, written into empty tables.

A row is a list of plain values (text, numbers, nothing), so that it can be hashed and put into a file. What a list
holds stands in its table's shape, which is kept beside the rows: they can be read without the tables of today.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from assessments.columns import UtcDateTime
from registry import tables

BATCH = 500
ALL_TABLES = tables.__all__
Row = list[Any]


@dataclass(frozen=True)
class Kind:
    """A kind of value: its name in a file, its column, and its way into a plain value and back."""

    name: str
    column: Any
    plain: Callable[[Any], Any] = lambda value: value
    value: Callable[[Any], Any] = lambda plain: plain


def _as_bytes(text: str) -> bytes:
    return b64decode(text)


KINDS = {
    one.name: one
    for one in (
        Kind("uuid", sa.Uuid(), lambda value: value.hex, lambda plain: UUID(hex=plain)),
        Kind("moment", UtcDateTime(), lambda value: value.isoformat(), datetime.fromisoformat),
        Kind("day", sa.Date(), lambda value: value.isoformat(), date.fromisoformat),
        Kind("json", sa.Text()),  # its very text: what was hashed once must not be written otherwise
        Kind("bytes", sa.LargeBinary(), lambda value: b64encode(value).decode(), _as_bytes),
        Kind("flag", sa.Boolean()),
        Kind("whole", sa.BigInteger()),
        Kind("number", sa.Float(), float, float),
        Kind("text", sa.String()),
    )
}
_BY_TYPE: tuple[tuple[type[Any], str], ...] = (
    (sa.Uuid, "uuid"),
    (UtcDateTime, "moment"),
    (sa.Date, "day"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.Boolean, "flag"),
    (sa.Integer, "whole"),
    (sa.Float, "number"),
    (sa.String, "text"),
)


@dataclass(frozen=True)
class Shape:
    """A table: its name, its columns with their kinds, and the columns that its rows are put in order by."""

    table: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As it stands in a file."""
        return {"table": self.table, "columns": [list(one) for one in self.columns], "key": list(self.key)}


def shape_of(told: dict[str, Any]) -> Shape:
    """The shape that stands in a file. Raises KeyError for a kind that nobody knows here."""
    columns = tuple((name, KINDS[kind].name) for name, kind in told["columns"])
    return Shape(told["table"], columns, tuple(told["key"]))


def shapes() -> list[Shape]:
    """Every table of today, those first that others refer to."""
    return [
        Shape(
            table.name,
            tuple((column.name, _kind_of(column.type)) for column in table.columns),
            tuple(column.name for column in table.primary_key.columns),
        )
        for table in SQLModel.metadata.sorted_tables
    ]


def _kind_of(column: Any) -> str:
    """What a type holds; SQLModel's text is one that dresses up another."""
    if isinstance(column, TypeDecorator) and not isinstance(column, UtcDateTime):
        return _kind_of(column.impl)
    return next(name for kind, name in _BY_TYPE if isinstance(column, kind))


@contextmanager
def snapshot(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, however long it reads; `alone`: nobody writes.

    On PostgreSQL nobody is kept from writing: whoever needs that stops the site.
    """
    if engine.dialect.name == "sqlite":
        options: dict[str, Any] = {"reading": not alone}
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def read(connection: Connection, shape: Shape) -> Iterator[Row]:
    """Every row in the order of its key, byte by byte; a piece at a time."""
    plain = [KINDS[kind].plain for _, kind in shape.columns]
    question = sa.select(*(_asked(name, kind) for name, kind in shape.columns))
    order = [_order(connection, shape, name) for name in shape.key]
    question = question.select_from(sa.table(shape.table)).order_by(*order)
    for row in connection.execute(question, execution_options={"yield_per": BATCH}):
        yield [None if value is None else make(value) for make, value in zip(plain, row, strict=True)]


def _asked(name: str, kind: str) -> Any:
    column: Any = sa.column(name, KINDS[kind].column)
    return sa.cast(column, sa.Text()).label(name) if kind == "json" else column


def _order(connection: Connection, shape: Shape, name: str) -> Any:
    column: Any = sa.column(name)
    if connection.dialect.name == "postgresql" and dict(shape.columns)[name] == "text":
        return sa.collate(column, "C")
    return column


def write(connection: Connection, shape: Shape, rows: Iterable[Row]) -> int:
    """Add the rows to a table; returns how many."""
    into = sa.table(shape.table, *(sa.column(name, KINDS[kind].column) for name, kind in shape.columns))
    statement = sa.insert(into).values({name: _given(connection, name, kind) for name, kind in shape.columns})
    value = [(name, KINDS[kind].value) for name, kind in shape.columns]
    count, coming = 0, iter(rows)
    while piece := list(islice(coming, BATCH)):
        given = [
            {name: None if one is None else make(one) for (name, make), one in zip(value, row, strict=True)}
            for row in piece
        ]
        connection.execute(statement, given)
        count += len(given)
    return count


def _given(connection: Connection, name: str, kind: str) -> Any:
    bound: Any = sa.bindparam(name, type_=KINDS[kind].column)
    return sa.cast(bound, sa.JSON()) if kind == "json" and connection.dialect.name == "postgresql" else bound


def canonical(shape: Shape, row: Row) -> bytes:
    """A row as it is hashed: what is JSON in it with its keys in order."""
    said = [
        json.loads(value) if kind == "json" and value is not None else value
        for value, (_, kind) in zip(row, shape.columns, strict=True)
    ]
    empty = [value is None for value in row]  # a JSON null is not the same as nothing
    return json.dumps([said, empty], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def follow_numbers(connection: Connection, written: Iterable[Shape]) -> None:
    """Have PostgreSQL number new rows after those that were written; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for shape in written:
        for name, kind in shape.columns:
            if kind == "whole" and shape.key == (name,):
                _follow(connection, shape.table, name)


def _follow(connection: Connection, table: str, column: str) -> None:
    asked = sa.text("SELECT pg_get_serial_sequence(:table, :column)")
    sequence = connection.execute(asked, {"table": f'"{table}"', "column": column}).scalar()
    last = connection.execute(sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table))).scalar()
    if sequence is not None and last is not None:
        connection.execute(sa.text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def filled(connection: Connection) -> list[str]:
    """The tables of a database that hold something, whoever made them; the number of its revision does not count."""
    names = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
    return [name for name in names if _holds_something(connection, name)]


def _holds_something(connection: Connection, name: str) -> bool:
    first = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
    return connection.execute(first).first() is not None
