"""Runs the migrations on the engine of the app; see registry/cli.py for the commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from assessments.columns import UtcDateTime
from registry import tables

TABLES = tables.__all__


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our column types by their import, and SQLModel's strings as plain ones."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from assessments.columns import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """SQLite drops the old table after copying it, which rows that refer to it forbid: look at them afterwards instead.

    The pragma does nothing inside a transaction, so it goes past SQLAlchemy, which would begin one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # sqlite3's own connection
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]  # the same


def look(connection: Connection) -> None:
    """Refuse a migration that leaves rows without what they refer to; its transaction is rolled back."""
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"A row of {lost[0]} refers to a row of {lost[2]} that is not there.")


def run() -> None:
    """Migrate in one transaction; SQLite alters tables by copying them."""
    with context.config.attributes["engine"].connect() as connection, unguarded(connection):
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,  # on SQLite too: we say BEGIN ourselves (registry/db.py)
            on_version_apply=context.config.attributes.get("after_each_step", ()),  # of the tests
        )
        with context.begin_transaction():
            context.run_migrations()
            look(connection)


run()
