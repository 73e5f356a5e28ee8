"""Makes the files: row by row, so that memory stays the same however many there are, and names them by their hash.

A folder beside everything that lasts holds them, each as it is and packed, with a list of what stands for today. The
list is changed in one step; whoever reads by the list of a moment ago still finds its files for an hour.
"""

import csv
import gzip
import hashlib
import io
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlmodel import Session

from assessments.clock import now, today
from assessments.queries import editions, open_data
from criteria.digest import digest
from registry import db
from registry.api.answers import FORM
from registry.data.sets import DATASETS, Dataset, cells

FORMATS = ("jsonl", "csv")
LIST = "list.json"
AT_MOST_EVERY = timedelta(minutes=10)
SHARE = 20  # making them takes a twentieth of the worker's time at most
KEPT = timedelta(hours=1)
LEVEL = 6


@dataclass(frozen=True)
class Made:
    """One finished file."""

    name: str  # products.csv
    sha256: str
    size: int
    packed: int
    rows: int


@dataclass(frozen=True)
class Listed:
    """What stands for today: every file by its name, when they were made, how long it took, and of what state."""

    files: dict[str, Made]
    made_at: datetime
    seconds: float
    measure: list[Any]


def folder() -> Path:
    """Where the files lie, a demonstration's apart from the real ones."""
    settings = current_app.config["SETTINGS"]
    place: Path = settings.var_dir / "demonstration" if settings.demonstration else settings.var_dir
    return place / "open-data"


def listed() -> Listed | None:
    """What stands for today; None before the worker has made any."""
    try:
        found = json.loads((folder() / LIST).read_bytes())
    except FileNotFoundError:
        return None
    files = {one["name"]: Made(**one) for one in found["files"]}
    return Listed(files, datetime.fromisoformat(found["made_at"]), found["seconds"], found["measure"])


def place_of(made: Made, *, packed: bool) -> Path:
    """Where a file lies, as it is or packed."""
    return folder() / f"{made.sha256}{'.gz' if packed else ''}"


def make_when_due() -> int:
    """Make them anew when something public changed, not too often; returns how many files were made."""
    before = listed()
    with db.reading() as session:
        measure = _measure(session)
        if before is not None and not _due(before, measure):
            return 0
        return len(make(session, measure).files)


def make(session: Session, measure: list[Any] | None = None, datasets: Sequence[Dataset] = DATASETS) -> Listed:
    """Make every file, then put the new list in the place of the old one and clear away what nobody reads any more."""
    place, begun = folder(), time.monotonic()
    place.mkdir(parents=True, exist_ok=True)
    measure = measure or _measure(session)
    made = [file for dataset in datasets for file in make_one(session, dataset, place)]
    found = Listed({one.name: one for one in made}, now(), time.monotonic() - begun, measure)
    text = {**asdict(found), "files": [asdict(one) for one in made], "made_at": found.made_at.isoformat()}
    _put(place / LIST, json.dumps(text).encode())
    _clear(place, {one.sha256 for one in made})
    return found


def _due(before: Listed, measure: list[Any]) -> bool:
    if before.measure == measure:
        return False
    wait = max(AT_MOST_EVERY, timedelta(seconds=SHARE * before.seconds))
    return before.measure[-1] != measure[-1] or now() - before.made_at >= wait  # a new day is not waited for


def _measure(session: Session) -> list[Any]:
    """What the files depend on; the day stands last."""
    standing, settings = open_data.standing(session), current_app.config["SETTINGS"]
    digests = [digest(one) for one in editions.public(editions.publications(session))]
    return [FORM, standing.revision, standing.log, digests, settings.public_url, today().isoformat()]


def make_one(session: Session, dataset: Dataset, place: Path) -> list[Made]:
    """Both files of a set, written side by side from one reading."""
    with ExitStack() as stack:
        lines, table = (stack.enter_context(_sink(place)) for _format in FORMATS)
        table.write(_record([column.name for column in dataset.columns]))
        rows = 0
        for row in dataset.rows(session):
            rows += 1
            lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            table.write(_record(cells(dataset, row)))
        return [sink.finish(f"{dataset.name}.{kind}", rows) for kind, sink in zip(FORMATS, (lines, table), strict=True)]


def _record(values: list[str]) -> bytes:
    """One line of CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(values)
    return written.getvalue().encode()


class _Sink:
    """A file being written, as it is and packed, hashed on the way."""

    def __init__(self, place: Path, plain: Any, packed: Any) -> None:
        self.place, self.plain, self.packed = place, plain, packed
        self.zip = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0)
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        self.plain.write(piece)
        self.zip.write(piece)
        self.digest.update(piece)
        self.size += len(piece)

    def finish(self, name: str, rows: int) -> Made:
        """Give both their names."""
        self.zip.close()
        self.plain.flush()
        self.packed.flush()
        sha256, packed = self.digest.hexdigest(), os.fstat(self.packed.fileno()).st_size
        for file, suffix in ((self.plain, ""), (self.packed, ".gz")):
            Path(file.name).replace(self.place / f"{sha256}{suffix}")
            os.utime(self.place / f"{sha256}{suffix}")
        return Made(name, sha256, self.size, packed, rows)


@contextmanager
def _sink(place: Path) -> Iterator[_Sink]:
    """Two temporary files; nothing of them is left when the writing breaks off."""
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.NamedTemporaryFile(dir=place, delete=False)) for _twice in range(2)]
        try:
            yield _Sink(place, *files)
        finally:
            for file in files:
                Path(file.name).unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _clear(place: Path, wanted: set[str]) -> None:
    before = (now() - KEPT).timestamp()
    for path in place.iterdir():
        if path.name != LIST and path.stem not in wanted and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
