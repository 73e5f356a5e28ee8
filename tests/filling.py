"""Fills tables with rows that nobody thought of: seeded, and such as every constraint of that revision allows.

A row begins at random. What the database refuses names a constraint; the columns that it speaks of are drawn anew,
until the row is taken. So the generator knows no table, and follows every migration by itself.
"""

import random
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, JSON, Connection, MetaData, Table, UniqueConstraint, Uuid, func, insert, inspect, select
from sqlalchemy import types as kinds
from sqlalchemy.exc import DBAPIError, IntegrityError

TRIES, BEGINNINGS = 60, 6  # how often a row is mended, and how often it is begun anew where a table has none yet
ROWS, MANY = 1, 16  # for a new table; one, because later steps may allow only one of a kind
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
LITERAL = re.compile(r"(?<!<> )'((?:[^']|'')*)'")  # not what a text may not be
JSONS = ({},)  # nothing in it, for those who expect a list as well


class Filler:
    """One seed; what it cannot fill it remembers."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311  rows of a test
        self.shapes: dict[str, frozenset[str]] = {}
        self.given_up: set[str] = set()

    def after_each_step(self, ctx: Any, **_given: Any) -> None:
        """For Alembic: rows for every table that the step has made or changed, and for those it left empty."""
        connection: Connection = ctx.connection
        if inspect(connection).has_table("user"):
            self.fill(connection)

    def fill(self, connection: Connection) -> None:
        """Two rows in tables that have none, one more in tables that look different from before."""
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                self._fill_one(connection, table)

    def _fill_one(self, connection: Connection, table: Table) -> None:
        columns = frozenset(column.name for column in table.columns)
        looks_as_before = self.shapes.get(table.name) == columns
        there = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if looks_as_before and (there or table.name in self.given_up):
            return
        self.shapes[table.name] = columns
        self.given_up.discard(table.name)
        checks = {one["name"]: one["sqltext"] for one in inspect(connection).get_check_constraints(table.name)}
        added = sum(self._add(connection, table, checks) for _ in range(1 if there else self._many(table)))
        if added or there or any(self._add(connection, table, checks) for _ in range(BEGINNINGS)):
            return
        self.given_up.add(table.name)

    def _many(self, table: Table) -> int:
        """More where others refer to several columns at once: they look for rows of every kind."""
        keys = [one for one in table.constraints if isinstance(one, UniqueConstraint) and len(one.columns) > 2]
        return MANY if keys or table.name in {"user", "application"} else ROWS

    def _add(self, connection: Connection, table: Table, checks: dict[str, str]) -> bool:
        words = self._words(table, checks)
        row = {column.name: self._value(column, words) for column in table.columns}
        row |= self._parents(connection, table)
        for _try in range(TRIES):
            try:
                with connection.begin_nested():
                    connection.execute(insert(table), [row])
            except (IntegrityError, DBAPIError) as error:
                for name in self._blamed(table, checks, error):
                    row[name] = self._value(table.columns[name], words)
                row |= self._parents(connection, table)
            else:
                return True
        return False

    def _parents(self, connection: Connection, table: Table) -> dict[str, Any]:
        """What refers to other tables, from one row of each that is there; NULL now and then where it may be.

        Columns that several references share get what the widest of them says.
        """
        found: dict[str, Any] = {}
        for constraint in sorted(
            table.foreign_key_constraints, key=lambda one: (-len(one.column_keys), one.column_keys)
        ):
            names, targets = list(constraint.column_keys), [element.column for element in constraint.elements]
            rows = connection.execute(select(*targets).order_by(*targets).limit(MANY)).all()
            rows = [
                row
                for row in rows
                if all(found.get(name, value) == value for name, value in zip(names, row, strict=True))
            ]
            free = all(table.columns[name].nullable for name in names)
            if not rows or (free and self.draw.random() < 0.5):
                found |= {name: None for name in names if name not in found}
            else:
                found |= dict(zip(names, self.draw.choice(rows), strict=True))
        return found

    def _blamed(self, table: Table, checks: dict[str, str], error: DBAPIError) -> list[str]:
        """The columns that the refusal is about; all of them where it does not say."""
        said = str(error.orig)
        names = [column.name for column in table.columns]
        for name, text in checks.items():
            if name and re.search(rf"\b{re.escape(name)}\b", said):
                return [one for one in names if re.search(rf"\b{re.escape(one)}\b", text)] or names
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.name and str(constraint.name) in said:
                return [column.name for column in constraint.columns]
        return [one for one in names if re.search(rf"\b{re.escape(one)}\b", said.splitlines()[0])] or names

    def _words(self, table: Table, checks: dict[str, str]) -> dict[str, list[str]]:
        """For each column the texts that stand in the constraints about it."""
        found: dict[str, list[str]] = {}
        for column in table.columns:
            about = [text for text in checks.values() if re.search(rf"\b{re.escape(column.name)}\b", text)]
            only = [text for text in about if re.match(rf'\(*"?{column.name}"?\)*(::text)?\)? (IN|= ANY)', text)]
            found[column.name] = sorted({word for text in only or about for word in LITERAL.findall(text)})
        return found

    def _value(self, column: Any, words: dict[str, list[str]]) -> Any:
        if column.nullable and self.draw.random() < 0.5:
            return None
        for kind, make in self._makers(column, words[column.name]):
            if isinstance(column.type, kind):
                return make()
        raise TypeError(f"{column} is of a kind that nobody can fill")

    def _makers(self, column: Any, words: list[str]) -> Iterator[tuple[Any, Any]]:
        draw = self.draw
        moment = BEGINNING + timedelta(minutes=draw.randrange(500_000))
        zoned = getattr(column.type, "timezone", False)
        yield Uuid, lambda: UUID(int=draw.getrandbits(128))
        yield CHAR, lambda: UUID(int=draw.getrandbits(128)).hex  # as SQLite keeps one
        yield kinds.DateTime, lambda: moment if zoned else moment.replace(tzinfo=None)
        yield kinds.Date, lambda: date(2026, 1, 1) + timedelta(days=draw.randrange(700))
        yield JSON, lambda: draw.choice(JSONS)
        yield kinds.LargeBinary, lambda: draw.randbytes(8)
        yield kinds.Boolean, lambda: draw.random() < 0.5
        yield kinds.Float, lambda: draw.choice((0.0, 0.5, 1.0))
        yield kinds.Integer, lambda: draw.choice((0, 1, 2, 3, 4, 5, 6, 12, 100, 1_000, draw.randrange(10_000)))
        yield kinds.String, lambda: self._text(column.type.length or 40, words)

    def _text(self, length: int, words: list[str]) -> str:
        if words and self.draw.random() < 0.9:
            return self.draw.choice(words)
        if self.draw.random() < 0.2:
            return ""
        letters = string.ascii_lowercase + string.digits
        return "".join(self.draw.choices(letters, k=min(length, self.draw.choice((2, 8, 40, 64)))))
