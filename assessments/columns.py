"""Column types shared by every table of ours, and the naming of constraints."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Dialect, Enum, String, or_
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

FURTHEST = timedelta(days=2)  # what is tried again waits less

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def choice(words: type[StrEnum]) -> Any:
    """Store the enum's value (SQLAlchemy would store its name) as text that the database checks."""
    return Enum(
        words,
        name=words.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda e: [w.value for w in e],
    )


def plain_order(length: int) -> Any:
    """Text that both databases order byte by byte, whatever language the server sorts by: for keys and prefixes."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware datetimes out, on SQLite as well as on PostgreSQL."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def is_reached(column: Any, moment: datetime, furthest: timedelta = FURTHEST) -> ColumnElement[bool]:
    """Whether the moment in a column has come, for what is put off by `furthest` at most.

    One that lies further ahead was written by a clock that ran ahead: it counts as reached, or it would hold for years.
    """
    return or_(column <= moment, column > moment + furthest)
