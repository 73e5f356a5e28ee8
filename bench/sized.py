"""Databases with generated catalogues of several sizes, made once and kept in var/bench."""

import shutil
import sys
from pathlib import Path

from bench import certified, shelving
from bench.products import stream
from bench.serving import ROOT, flask
from registry import db

KEPT = ROOT / "var" / "bench"


def folder(number: int) -> Path:
    """The folder of a site (VAR_DIR) with so many products; made when it is not there yet.

    Nothing may write into it: copy it first (copied).
    """
    place = KEPT / str(number)
    if not (place / "whole").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        flask(place, "db", "upgrade")
        engine = db.open_engine(f"sqlite:///{place}/registry.db")
        shelving.fill(engine, stream(number), certified.write)
        engine.dispose()
        (place / "whole").touch()
    return place


def copied(number: int, to: Path) -> Path:
    """The same in a folder of one's own, to be written to."""
    shutil.copytree(folder(number), to, dirs_exist_ok=True)
    return to


if __name__ == "__main__":
    print(*(folder(int(number)) for number in sys.argv[1:]))
