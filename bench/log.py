"""Measures the public log with many entries: what one more costs, and one proof, as ratios to the same in a small log.

`.venv/bin/python -m bench.log [ENTRIES]` fills a database that vanishes afterwards, by the verb that the site uses.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from alembic import command
from flask import Flask
from sqlalchemy import event
from sqlmodel import Session

from assessments import log, merkle
from assessments.queries import log as queries
from registry import create_app, db_commands
from registry.config import Settings
from registry.keys import making
from registry.log import checking, checkpoints, proofs

SMALL = 1000  # entries of the log that the large one is measured against
TIMES = 300  # a measured thing is done, each time about another entry
BATCH = 1000  # entries of a transaction while filling
SECRET = "a secret of the bench that is long enough"  # noqa: S105  of a database that vanishes


@dataclass
class Counted:
    """What was asked of the database meanwhile."""

    statements: int = 0
    written: Counter[str] = field(default_factory=Counter)  # rows by table


@dataclass(frozen=True)
class Cost:
    """What one thing costs, at the median."""

    seconds: float
    statements: float
    rows: float
    most_rows: int


def main() -> None:
    """Fill, measure at 1,000 entries and at the end, and print both with their ratio."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, _app(Path(folder)) as app:
        _fill(app, SMALL)
        small = _measured(app)
        began = time.process_time()
        _fill(app, entries)
        print(f"{entries} entries, filled at {(entries - SMALL) / (time.process_time() - began):.0f} a second")
        large = _measured(app)
        for name, cost in large.items():
            ratio = cost.seconds / small[name].seconds
            print(
                f"{name:28} {cost.seconds * 1000:7.2f} ms {ratio:6.2f} times that of {SMALL}   "
                f"{cost.statements:3.0f} statements  {cost.rows:3.0f} rows written (most: {cost.most_rows})"
            )
        _check(app, Path(folder))


@contextmanager
def _app(folder: Path) -> Iterator[Flask]:
    app = create_app(
        Settings(
            var_dir=folder,
            secret_key=SECRET,
            database_url=f"sqlite:///{folder}/registry.db",
            storage_url=f"file://{folder}/files",
            mail_url=f"file://{folder}/mail",
        )
    )
    with app.app_context():
        command.upgrade(db_commands.alembic_config(), "head")
        with Session(app.extensions["engine"]) as session:
            making.create(session, making.KeyPurpose.LOG, making.Identity("did:web:localhost", "localhost/log"))
            session.commit()
        yield app
    app.extensions["engine"].dispose()


def _fill(app: Flask, size: int) -> None:
    """Append until the log has this size; the last checkpoint covers it."""
    with Session(app.extensions["engine"]) as session:
        while (at := queries.head(session).size) < size:
            for number in range(at, min(size, at + BATCH)):
                _append(session, number)
            checkpoints.renew(session)
            session.commit()


def _append(session: Session, number: int) -> None:
    body = {"certificate": f"VCSC-26-{number:06}-K", "revision": 1, "on": "2026-11-26", "status": "active"}
    log.append(session, "grant", f"bench:{number}", {**body, "credential": f"{number:064x}", "reason": "0" * 64})


def _measured(app: Flask) -> dict[str, Cost]:
    engine = app.extensions["engine"]
    chosen = Random(9162)  # noqa: S311  the same entries in every run

    def append() -> None:
        with Session(engine) as session:
            _append(session, queries.head(session).size)
            checkpoints.renew(session)
            session.commit()

    def prove() -> None:
        with Session(engine.execution_options(reading=True)) as session:
            head = queries.head(session)
            entry = queries.entry(session, chosen.randrange(head.signed_size))
            if entry is None or proofs.of_entry(session, head, entry) is None:
                raise LookupError("an entry has no proof")

    def consistent() -> None:
        with Session(engine.execution_options(reading=True)) as session:
            head = queries.head(session)
            proofs.growth(session, head, chosen.randrange(1, head.signed_size))

    return {
        "append, sign, commit": _cost(app, append),
        "proof of an entry": _cost(app, prove),
        "proof of consistency": _cost(app, consistent),
    }


def _cost(app: Flask, thing: Callable[[], None]) -> Cost:
    thing()
    taken, counted = [], []
    for _ in range(TIMES):
        with _counting(app) as found:
            began = time.perf_counter()
            thing()
            taken.append(time.perf_counter() - began)
        counted.append(found)
    rows = [one.written.total() for one in counted]
    asked = statistics.median(one.statements for one in counted)
    return Cost(statistics.median(taken), asked, statistics.median(rows), max(rows))


@contextmanager
def _counting(app: Flask) -> Iterator[Counted]:
    found = Counted()

    def note(_connection: object, cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.statements += 1
        if statement.startswith(("INSERT", "UPDATE")):
            found.written[statement.split()[1]] += max(0, getattr(cursor, "rowcount", 0))

    event.listen(app.extensions["engine"], "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(app.extensions["engine"], "after_cursor_execute", note)


def _check(app: Flask, folder: Path) -> None:
    """The tree is that of its entries, worked out anew; and what it takes on disk."""
    with Session(app.extensions["engine"].execution_options(reading=True)) as session:
        began = time.process_time()
        wrong = list(checking.findings(session, checkpoints.verifiers(session)))
        print(f"worked out anew in {time.process_time() - began:.1f} s of CPU: {wrong or 'whole'}")
        head = queries.head(session)
        tiles = queries.tiles(session, [merkle.Place(level, 0) for level in range(3)])
    database = (folder / "registry.db").stat().st_size / head.size
    print(
        f"{head.size} entries, tiles of {len(tiles)} levels, {database:.0f} bytes of database an entry, no other file"
    )


if __name__ == "__main__":
    main()
