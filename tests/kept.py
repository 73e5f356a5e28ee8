"""What a test finds in its database, kept to be written again: on PostgreSQL there is no file to copy."""

from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, text
from sqlmodel import SQLModel

NOTHING = "nothing"  # the name of what stands in no table
_KEPT: dict[str, dict[Table, list[dict[str, Any]]]] = {NOTHING: {}}


def keep(engine: Engine, name: str) -> None:
    """Remember the rows of every table that has some, as they are now."""
    with engine.connect() as connection:
        found = {table: _rows(connection, table) for table in SQLModel.metadata.sorted_tables}
    _KEPT[name] = {table: rows for table, rows in found.items() if rows}


def put_back(engine: Engine, name: str) -> None:
    """Take out what there is and write what was kept; the triggers that keep history look away meanwhile."""
    deletes = [f'DELETE FROM "{table.name}"' for table in SQLModel.metadata.sorted_tables]  # noqa: S608  our own names
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("; ".join(deletes)))
        for table, rows in _KEPT[name].items():
            connection.execute(insert(table), rows)
        last = "(SELECT coalesce(max(id), 1) FROM publication)"  # the one table whose rows the database numbers
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('publication', 'id'), {last})"))


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]
