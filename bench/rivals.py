"""Other people's programs that a measure compares ours with, each in an environment of its own: never in our lock."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.serving import ROOT, Served, environment, wait_for
from bench.sized import KEPT

ENVIRONMENTS = KEPT / "environments"


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
    """A server of theirs, started by a command that tells it the port, until the end of the block. `folder` is its VAR_DIR."""
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
