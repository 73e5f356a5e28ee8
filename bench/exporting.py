"""Measures the export of every product, downloaded as it is served and made, against the ORM's .all() and json.dumps.

The files are made once after a change, by the worker (plain, packed, as lines and as a table, each with its hash);
every download reads what lies there. The ORM's side has the same rows in the same shape: once as lines alone, as a view
would answer a download with them, and once in the place of our rows when all files are made. Each side runs in a
process of its own, so that peaks of memory are told apart.

`python -m bench.exporting lines|files|rows|ready FOLDER` is one such process and prints its seconds and megabytes.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import Listing
from bench import sized
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import REGISTRY, ROOT, SECRET, Served, environment, served
from registry import create_app
from registry.api import shapes
from registry.config import Settings
from registry.data import files, sets

NUMBER = 100_000
ROUNDS = 3
GOAL = "export of every product"
PRODUCTS = sets.BY_NAME["products"]

Peaks = dict[str, list[float]]


def measure(number: int = NUMBER, rounds: int = ROUNDS) -> list[Figure]:
    """The CPU of the ORM as so many of ours, and what ours takes in memory at most."""
    site = sized.folder(number)
    peaks: Peaks = {}
    made = in_turns(rounds, *(_running(name, site, peaks) for name in ("rows", "files")))
    _running("ready", site, peaks)()
    with served(REGISTRY, _place(site), DATABASE_URL=_database(site)) as server:
        taken = in_turns(rounds, _running("lines", site, peaks), lambda: _download(server, peaks))
    most = {name: max(values) for name, values in peaks.items()}
    return [
        _faster("lines by .all(), as so many downloads", taken, number, most["lines"], 5),
        _faster("all files by .all(), as so many of ours made row by row", made, number, most["rows"], 1),
        _smaller("memory of a download, MB more", peaks["download"]),
        _smaller("memory while all files are made, MB more", peaks["files"]),
    ]


def _faster(what: str, measured: list[tuple[float, ...]], number: int, theirs: float, least: float) -> Figure:
    seconds = [statistics.median(one) for one in zip(*measured, strict=True)]
    note = f"{number:,} products; CPU {seconds[0]:.2f} s against {seconds[1]:.2f} s; .all() takes {theirs:.0f} MB"
    return Figure(GOAL, what, ratios(measured), Limit(least=least), None, note)


def _smaller(what: str, megabytes: list[float]) -> Figure:
    return Figure(GOAL, what, megabytes[1:], Limit(most=20))


def _running(name: str, site: Path, peaks: Peaks) -> Callable[[], float]:
    """What runs one side in a process of its own and gives its seconds of CPU."""

    def run() -> float:
        command = [sys.executable, "-m", "bench.exporting", name, str(site)]
        done = subprocess.run(  # noqa: S603  our own command
            command, check=True, cwd=ROOT, env=environment(_place(site), 80), capture_output=True, text=True
        )
        seconds, peak = map(float, done.stdout.split()[-2:])
        peaks.setdefault(name, []).append(peak)
        return seconds

    return run


def _place(site: Path) -> Path:
    """Where the files are made: nothing is written where the products are kept."""
    return sized.KEPT / "exports" / site.name


def _database(site: Path) -> str:
    return f"sqlite:///{site}/registry.db"


def _download(server: Served, peaks: Peaks) -> float:
    """Seconds of CPU of the server for one download; a first one warms it up."""
    before, used = server.resident(), server.cpu()
    command = [
        "curl",
        "--silent",
        "--fail",
        "--output",
        "/dev/null",
        f"http://127.0.0.1:{server.port}/data/products.jsonl",
    ]
    subprocess.run(command, check=True)  # noqa: S603  our own command
    peaks.setdefault("download", []).append(server.resident("VmHWM") - before)
    return max(server.cpu() - used, 0.01)


# --- one side, in a process of its own ---


def main() -> None:
    """Run one side and print what it took; nothing it writes stays."""
    side, site = SIDES[sys.argv[1]], Path(sys.argv[2])
    app = create_app(Settings(var_dir=_place(site), secret_key=SECRET, database_url=_database(site)))
    reading = app.extensions["engine"].execution_options(reading=True)
    with app.app_context(), tempfile.TemporaryDirectory() as place, Session(reading) as session:
        next(PRODUCTS.rows(session))  # connects, and works addresses out
        before, began = _megabytes("VmRSS"), time.process_time()
        side(session, Path(place))
        print(f"{time.process_time() - began:.4f} {_megabytes('VmHWM') - before:.1f}")


def _lines(session: Session, place: Path) -> None:
    """What a view would answer a download with: every entity, and its line."""
    with (place / "lines").open("wb") as file:
        for row in _all(session):
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _all(session: Session) -> Iterator[dict[str, Any]]:
    day = today()
    return (shapes.product(row, day) for row in session.exec(select(Listing).order_by(col(Listing.slug))).all())


def _files(session: Session, place: Path) -> None:
    """What the worker makes."""
    files.make_one(session, PRODUCTS, place)


def _rows(session: Session, place: Path) -> None:
    """The same of every entity."""
    files.make_one(session, replace(PRODUCTS, rows=_all), place)


def _ready(session: Session, _place: Path) -> None:
    """What the worker makes, where the server looks for it."""
    files.make(session, datasets=(PRODUCTS,))


def _megabytes(what: str) -> float:
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


SIDES: Mapping[str, Callable[[Session, Path], None]] = {
    "lines": _lines,
    "files": _files,
    "rows": _rows,
    "ready": _ready,
}

if __name__ == "__main__":
    main()
