"""Which failures are not ours: the database, the storage or the disk is away or full, and heals without us."""

import sqlite3
import sys
from enum import Enum

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from registry.storage.incoming import NO_ROOM

RETRY_SECONDS = 30  # what Retry-After says: long enough for a restart, short enough to wait for
FULL_SQLITE = {sqlite3.SQLITE_FULL}
FULL_POSTGRES = {"53100"}  # disk_full
READ_ONLY = {"25006"}  # read_only_sql_transaction, which psycopg counts as an internal error
BUCKETS = {"botocore.exceptions": ("BotoCoreError", "ClientError"), "boto3.exceptions": ("Boto3Error",)}


class Outage(Enum):
    """What is out of order; the value is the HTTP code that says so."""

    AWAY = 503
    FULL = 507


def outage_of(error: BaseException) -> Outage | None:
    """What is out of order around us; None when the failure is our own."""
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, OSError):
        return Outage.FULL if error.errno in NO_ROOM else Outage.AWAY
    return Outage.AWAY if isinstance(error, (NoConnection, *_bucket_errors())) else None


def _of_database(error: DBAPIError) -> Outage | None:
    code = getattr(error.orig, "sqlstate", None)
    if code in FULL_POSTGRES or getattr(error.orig, "sqlite_errorcode", None) in FULL_SQLITE:
        return Outage.FULL
    away = error.connection_invalidated or code in READ_ONLY or type(error) is DatabaseError  # the last: a broken file
    return Outage.AWAY if away or isinstance(error, OperationalError) else None


def _bucket_errors() -> tuple[type[Exception], ...]:
    """What a bucket raises, where its library was loaded: only who stores there pays for it."""
    loaded = {name: sys.modules[name] for name in BUCKETS if name in sys.modules}
    return tuple(getattr(module, one) for name, module in loaded.items() for one in BUCKETS[name])
