"""Runs the migrations on the engine of the app; see registry/cli.py for the commands."""

from typing import Any, Literal

from alembic import context
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


def run() -> None:
    """Migrate in one transaction; SQLite alters tables by copying them."""
    with context.config.attributes["engine"].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
