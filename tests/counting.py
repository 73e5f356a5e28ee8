"""Counts what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from registry import identity


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements sent meanwhile, without the frame of a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    kept, identity.SECONDS = identity.SECONDS, 3600.0  # who the club is, is read once a second, whatever is asked for
    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    try:
        yield seen
    finally:
        identity.SECONDS = kept
        event.remove(app.extensions["engine"], "before_cursor_execute", note)
