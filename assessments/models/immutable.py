"""What the database itself refuses: changing history, a submission or the log. Triggers on both databases."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import DDL, event

from assessments.models.applications import Submission
from assessments.models.credentials import Credential
from assessments.models.history import HistoryEntry, HistoryText
from assessments.models.log import LogEntry, LogHead, LogTile

# table -> statements refused; the text of history may be deleted (erasure by law), never rewritten; the tiles and the
# head of the log change while it grows
IMMUTABLE = {
    "history_entry": ("UPDATE", "DELETE"),
    "history_text": ("UPDATE",),
    "submission": ("UPDATE", "DELETE"),
    "credential": ("UPDATE", "DELETE"),
    "log_entry": ("UPDATE", "DELETE"),
    "log_tile": ("DELETE",),
    "log_head": ("DELETE",),
    "security_event": ("UPDATE",),  # of the web; forgotten after its time
}


def triggers(dialect: str, table: str) -> Iterator[str]:
    """The statements that make a table immutable, for "sqlite" or "postgresql"."""
    if dialect == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'table %% is immutable', TG_TABLE_NAME; END $$"
        )
    for verb in IMMUTABLE[table]:
        name = f"{table}_no_{verb.lower()}"
        if dialect == "postgresql":
            yield (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'table {table} is immutable'); END"
            )


_TABLES: tuple[Any, ...] = (HistoryEntry, HistoryText, Submission, Credential, LogEntry, LogTile, LogHead)

for _table in _TABLES:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in triggers(_dialect, str(_table.__tablename__)):
            _ddl: Any = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
            event.listen(_table.__table__, "after_create", _ddl.execute_if(dialect=_dialect))
