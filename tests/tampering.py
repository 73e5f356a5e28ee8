"""Somebody with the keys of the database: rows changed past the triggers that guard them."""

from sqlalchemy import Executable, text
from sqlmodel import Session

from assessments.models import IMMUTABLE, triggers

GUARDED = ("history_entry", "history_text", "log_entry", "log_tile", "log_head")


def tamper(session: Session, *statements: str | Executable) -> None:
    """Run statements as nobody may."""
    _triggers(session, "DISABLE")
    for statement in statements:
        session.connection().execute(text(statement) if isinstance(statement, str) else statement)
    session.commit()
    _triggers(session, "ENABLE")
    session.commit()
    session.expire_all()


def begin_log_anew(session: Session) -> None:
    """Take everything out of the log: the set-up of the tests has written about its keys."""
    tamper(session, "DELETE FROM log_entry", "DELETE FROM log_tile", "DELETE FROM log_head")


def _triggers(session: Session, verb: str) -> None:
    """On PostgreSQL triggers can look away, those of foreign keys too; on SQLite ours are taken away and put back."""
    connection = session.connection()
    for table in GUARDED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} {verb} TRIGGER ALL"))
        else:
            for statement in _dropped(table) if verb == "DISABLE" else triggers("sqlite", table):
                connection.execute(text(statement))


def _dropped(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_no_{verb.lower()}" for verb in IMMUTABLE[table]]
