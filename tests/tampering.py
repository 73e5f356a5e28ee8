"""Somebody with the keys of the database: rows changed past the triggers that guard them."""

from sqlalchemy import Executable, text
from sqlmodel import Session

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


def _triggers(session: Session, verb: str) -> None:
    """On PostgreSQL triggers can look away, those of foreign keys too; on SQLite ours are taken away."""
    connection = session.connection()
    for table in GUARDED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} {verb} TRIGGER ALL"))
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_update"))
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_delete"))
