"""Measures how long a web process takes until it answers, with a million steps of history and with none."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from assessments import history
from assessments.clock import now
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import REGISTRY, flask, served
from bench.sized import KEPT
from registry import db
from registry.mail.models import WORKER, Heartbeat

STEPS = 1_000_000
BATCH = 10_000
ROUNDS = 5
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
ENTRY = (
    "INSERT INTO history_entry (seq, action, from_state, to_state, at, text_hash, previous_hash, hash)"
    " VALUES (?, ?, '', '', ?, ?, ?, ?)"
)
TEXT = "INSERT INTO history_text (seq, salt, actor_name, note) VALUES (?, ?, '', '')"
GOAL = "start to first answer with 1 million history rows against an empty database"


def measure() -> list[Figure]:
    """The first page and the first word of readiness, from both in turns."""
    full = _full()
    with tempfile.TemporaryDirectory() as name:
        empty = Path(name)
        flask(empty, "db", "upgrade")
        return [_figure(full, empty, path) for path in ("/", "/readyz")]


def _figure(full: Path, empty: Path, path: str) -> Figure:
    measured = in_turns(ROUNDS, lambda: _seconds(full, path), lambda: _seconds(empty, path))
    note = " and ".join(f"{seconds:.2f} s" for seconds in measured[len(measured) // 2])
    return Figure(GOAL, f"until {path} is answered", ratios(measured), Limit(most=2), note=note)


def _seconds(folder: Path, path: str) -> float:
    _see_worker(folder)
    began = time.perf_counter()
    with served(REGISTRY, folder, ready=path, LOG_LEVEL="warning"):
        return time.perf_counter() - began


def _see_worker(folder: Path) -> None:
    """Let it seem that a worker runs: without one nobody is ready."""
    engine = _engine(folder)
    with Session(engine) as session:
        session.merge(Heartbeat(name=WORKER, at=now()))
        session.commit()
    engine.dispose()


def _full() -> Path:
    """A site with a long history, made when it is not there yet."""
    place = KEPT / f"history-{STEPS}"
    if not (place / "whole").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        flask(place, "db", "upgrade")
        engine = _engine(place)
        _remember(engine)
        engine.dispose()
        (place / "whole").touch()
    return place


def _engine(folder: Path) -> Engine:
    return db.open_engine(f"sqlite:///{folder}/registry.db")


def _remember(engine: Engine) -> None:
    """Write the steps as one chain, which `audit verify` finds whole, past the models: they would take minutes."""
    raw: Any = engine.raw_connection().driver_connection
    raw.execute("BEGIN")
    coming = _steps()
    while steps := list(islice(coming, BATCH)):
        raw.executemany(ENTRY, [entry for entry, _text in steps])
        raw.executemany(TEXT, [text for _entry, text in steps])
    raw.execute("UPDATE chain_head SET seq = ?, hash = ?", (STEPS, _end(raw)))
    raw.execute("COMMIT")
    raw.close()


def _end(raw: Any) -> str:
    """The hash of the last step."""
    return str(raw.execute("SELECT hash FROM history_entry ORDER BY seq DESC LIMIT 1").fetchone()[0])


def _steps() -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """The values of ENTRY and TEXT, step by step."""
    entry: Any = SimpleNamespace(application_id=None, certificate_id=None, actor_id=None, from_state="", to_state="")
    text: Any = SimpleNamespace(actor_name="", note="")
    entry.action, entry.hash = "save", "0" * 64
    for seq in range(1, STEPS + 1):
        text.salt = f"{seq:032x}"
        entry.seq, entry.at, entry.previous_hash = seq, BEGAN + timedelta(minutes=seq), entry.hash
        entry.text_hash = history.text_hash(text)
        entry.hash = history.entry_hash(entry)
        moment = f"{entry.at:%Y-%m-%d %H:%M:%S}.000000"
        yield (seq, entry.action, moment, entry.text_hash, entry.previous_hash, entry.hash), (seq, text.salt)
