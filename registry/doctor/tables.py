"""Database, storage, disks, worker and what waits."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from assessments.clock import now
from assessments.models import HistoryEntry
from registry import db, storage
from registry.doctor.findings import Asked, Finding, doubtful, well, wrong
from registry.health.checks import LETTER_WAITS, PUBLICATION_WAITS, WORKER_SILENT
from registry.mail import failures
from registry.mail.models import WORKER, Heartbeat
from registry.metrics import gauges

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LEAST_FREE = 1024**3  # bytes
SOON_FULL = 5 * LEAST_FREE
FAST = timedelta(minutes=1)  # how far clocks may be apart
SCANS_WAIT = timedelta(minutes=30)


def database(_asked: Asked) -> Iterator[Finding]:
    """It answers, is of this version, and keeps its promises."""
    try:
        with db.reading() as session:
            connection = session.connection()
            there = MigrationContext.configure(connection).get_current_revision() or "none"
            lax = [] if connection.dialect.name != "sqlite" else _lax(connection.exec_driver_sql)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or type(error).__name__).splitlines()[0]
        yield wrong("database", f"It does not answer: {reason}", "Look at DATABASE_URL, and whether the server runs.")
        return
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""
    if there != wanted:
        mend = "flask --app registry db upgrade; where it is newer than the program, upgrade the program."
        yield wrong("database", f"It is of version {there}, the program of {wanted}.", mend)
    elif lax:
        yield wrong(
            "database", f"SQLite runs with {lax[0]}.", "Put the file on a local disk; network disks cannot do it."
        )
    else:
        yield well("database", f"It answers and is of version {there}.")


def _lax(ask: object) -> list[str]:
    """What SQLite does not do as it was told to at the beginning of the connection."""
    wanted = {"journal_mode": "wal", "foreign_keys": "1", "synchronous": "2"}
    found = {name: str(ask(f"PRAGMA {name}").scalar()) for name in wanted}  # type: ignore[operator]
    return [f"{name}={found[name]} instead of {value}" for name, value in wanted.items() if found[name] != value]


def clocks(_asked: Asked) -> Iterator[Finding]:
    """This machine and the database agree on the time, and nothing that has happened lies ahead."""
    with db.reading() as session:
        newest = session.exec(select(func.max(HistoryEntry.at))).one()
        beat = session.exec(select(func.max(Heartbeat.at))).one()
        apart = timedelta(0)
        if session.get_bind().dialect.name == "postgresql":
            apart = abs(session.execute(text("SELECT clock_timestamp()")).scalar_one() - now())
    ahead = max((one - now() for one in (newest, beat) if one is not None), default=timedelta(0))
    mend = "Have the clock set by the network on every machine: timedatectl set-ntp true."
    if apart > FAST:
        yield wrong("clock", f"Database and this machine are {apart.total_seconds():.0f} seconds apart.", mend)
    elif ahead > FAST:
        said = (
            f"Something was written down {ahead.total_seconds():.0f} seconds from now: this clock or another is wrong."
        )
        yield wrong("clock", said, mend)
    else:
        yield well("clock", "The clocks agree.")


def files(_asked: Asked) -> Iterator[Finding]:
    """Bytes come into the storage and out of it again as they were, and can be removed."""
    kept, probe = storage.current(), secrets.token_bytes(64)
    name = hashlib.sha256(probe).hexdigest()
    try:
        with kept.begin() as incoming:
            incoming.write(probe)
            incoming.keep()
        with kept.open(name) as source:
            whole = source.read() == probe
        kept.remove(name)
    except Exception as error:  # a bucket has errors of its own
        said = f"It takes nothing or gives nothing back: {type(error).__name__}."
        yield wrong("storage", said, "Look at STORAGE_URL, the rights of its folder or key, and the room that is left.")
        return
    if whole:
        yield well("storage", "What goes in comes out again.")
    else:
        yield wrong("storage", "It gave back other bytes than it took.", "Change the disk; then run fsck.")


def disks(_asked: Asked) -> Iterator[Finding]:
    """There is room where things are kept."""
    for name, folder in gauges.places().items():
        free = shutil.disk_usage(folder).free
        mend = "Make room or give it a larger disk; docs/operations.md says what may be deleted."
        if free < LEAST_FREE:
            yield wrong("disk", f"{free // 1024**2} MB are free for {name} ({folder}).", mend)
            return
        if free < SOON_FULL:
            yield doubtful("disk", f"{free // 1024**2} MB are free for {name} ({folder}).", mend)
            return
    yield well("disk", "There is room.")


def worker(_asked: Asked) -> Iterator[Finding]:
    """A worker is alive, and its jobs work."""
    with db.reading() as session:
        seen = session.exec(select(Heartbeat.at).where(col(Heartbeat.name) == WORKER)).first()
    failing = failures.failing()
    if seen is None or now() - seen > WORKER_SILENT:
        since = f"since {seen:%Y-%m-%d %H:%M} UTC" if seen else "yet"
        yield wrong(
            "worker", f"No worker was seen {since}.", "systemctl restart registry-worker, and read its journal."
        )
    elif failing:
        names = ", ".join(f"{one.name} ({one.error})" for one in failing)
        yield wrong(
            "worker", f"Fails at each turn: {names}.", "Its journal has the reason: journalctl -u registry-worker."
        )
    else:
        yield well("worker", "It works.")


def queues(_asked: Asked) -> Iterator[Finding]:
    """Nothing that is due has waited long."""
    limits = {"letters": LETTER_WAITS, "news": LETTER_WAITS, "publications": PUBLICATION_WAITS, "scans": SCANS_WAIT}
    with db.reading() as session:
        found = gauges.waiting(session)
    late = [name for name, limit in limits.items() if found[name].age > limit.total_seconds()]
    lost = [name for name in ("letters", "news") if found[name].given_up]
    if late:
        queue = found[late[0]]
        said = f"{queue.waiting} {late[0]} wait, the oldest for {queue.age / 60:.0f} minutes."
        yield wrong("queues", said, "Look at worker, mail, scanner and signing keys above.")
    elif lost:
        said = f"{found[lost[0]].given_up} {lost[0]} could not be delivered and are tried no more."
        yield doubtful("queues", said, "Table letter, columns recipient and last_error, says which and why.")
    else:
        yield well("queues", "Nothing waits for long.")


def backups(asked: Asked) -> Iterator[Finding]:
    """The newest backup is young enough; asked for with --backups."""
    if asked.backups is None:
        yield doubtful("backups", "Nobody has said where they are.", "Run doctor --backups DIR.")
        return
    try:
        newest = max((one.stat().st_mtime for one in Path(asked.backups).iterdir()), default=None)
    except OSError:
        newest = None
    hours = None if newest is None else (now().timestamp() - newest) / 3600
    if hours is None:
        yield wrong("backups", f"There is none in {asked.backups}.", "flask --app registry backup create --to DIR")
    elif hours > asked.most_hours:
        mend = "Look at the timer: systemctl status registry-backup.timer registry-backup."
        yield wrong("backups", f"The newest is {hours:.0f} hours old.", mend)
    else:
        yield well("backups", f"The newest is {hours:.0f} hours old. Try one out now and then: see the restore drill.")


def user(_asked: Asked) -> Iterator[Finding]:
    """The process may open enough files, for many visitors at once."""
    import resource  # noqa: PLC0415  not there on every system

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1024:
        yield doubtful("limits", f"A process may open {soft} files.", "Set LimitNOFILE=4096 in the units.")
    else:
        yield well("limits", f"A process of {os.getpid()} may open {soft} files.")
