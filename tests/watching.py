"""Watches a database for rows that a request changes, whatever the request answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

CHANGES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
OWN = {"login_session", "attempts", "security_event"}  # when somebody was last here, and how often somebody has tried


class Watch:
    """The tables with rows that were changed: those not yet kept, and those kept for good."""

    def __init__(self) -> None:
        self.pending: list[str] = []
        self.kept: list[str] = []

    def executed(self, _connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        """Remember a statement that has changed something."""
        found = CHANGES.match(statement)
        if found and found[1] not in OWN and cursor.rowcount != 0:
            self.pending.append(found[1])

    def committed(self, _connection: Any) -> None:
        """From now on it is for good."""
        self.kept += self.pending
        self.pending.clear()

    def rolled_back(self, _connection: Any) -> None:
        """It never happened."""
        self.pending.clear()


@contextmanager
def watched(engine: Engine) -> Iterator[list[str]]:
    """The tables in which rows were changed for good; what was rolled back is not among them."""
    watch = Watch()
    listeners = {"after_cursor_execute": watch.executed, "commit": watch.committed, "rollback": watch.rolled_back}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield watch.kept
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
