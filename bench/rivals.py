"""Other people's programs that a measure compares ours with, each in an environment of its own: never in our lock."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.serving import ROOT, Served, environment, wait_for
from bench.sized import KEPT

ENVIRONMENTS = KEPT / "environments"

Row = dict[str, Any]


def binaries(name: str, *packages: str) -> Path:
    """The folder of programs of an environment with these packages (pip's way of naming them); made when not there."""
    place = ENVIRONMENTS / name
    stamp, wanted = place / "made-from", "\n".join(packages)
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        for command in _making(place, packages):
            subprocess.run(command, check=True)  # noqa: S603  our own commands
        stamp.write_text(wanted, "utf-8")
    return place / "bin"


def _making(place: Path, packages: Sequence[str]) -> Iterator[Sequence[str | Path]]:
    """The commands that make an environment: with uv if it is here and with venv and pip otherwise."""
    if uv := shutil.which("uv"):
        yield (uv, "venv", "--quiet", "--no-project", "--python", sys.executable, place)
        yield (uv, "pip", "install", "--quiet", "--python", place / "bin" / "python", *packages)
    else:
        yield (sys.executable, "-m", "venv", place)
        yield (place / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)


@contextmanager
def running(command: Sequence[str | Path], port: int, ready: str, folder: Path) -> Iterator[Served]:
    """A server of theirs in that folder, started by a command that tells it the port, until the end of the block."""
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603  our own command
            command, cwd=ROOT, env=environment(folder, port), stdout=log, stderr=log
        ) as started,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}{ready}")
            yield Served(port, started.pid)
        finally:
            started.terminate()
            started.wait(30)


def rows(site: Path, every: int = 1) -> Iterator[Row]:
    """The listings of a site (one in so many) by their addresses, with their contents read: what they are given."""
    with closing(sqlite3.connect(f"file:{site}/registry.db?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute("SELECT * FROM listing WHERE rowid % ? = 0 ORDER BY slug", (every,)):
            yield {**row, "content": json.loads(row["content"]), "words": json.loads(row["words"])}


def slugs(site: Path) -> list[str]:
    """The addresses of all products of a site, in their order."""
    with closing(sqlite3.connect(f"file:{site}/registry.db?mode=ro", uri=True)) as connection:
        return [slug for (slug,) in connection.execute("SELECT slug FROM listing ORDER BY slug")]


def one_by_one(server: Served, paths: Sequence[str]) -> float:
    """Seconds of CPU of a server for each of these, asked one after the other; for answers that take their time."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    before = server.cpu()
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path} was answered with {answer.status}")
    connection.close()
    return (server.cpu() - before) / len(paths)
