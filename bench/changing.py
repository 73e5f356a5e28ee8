"""Measures a hot page while certificates change 20 times a second, against the same with no change at all.

One process asks, another writes into the same SQLite database. A rate is what one core could answer: the inverse of the
CPU time of a request, in which the pages that had to be made anew are counted too.
"""

import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import addresses, shelving, sized
from bench.figures import Figure, Limit, in_turns
from bench.serving import REGISTRY, ROOT, Load, Served, load, served
from registry import db

PRODUCTS = 1_000
CHANGES = 20  # a second
ROUNDS = 7
SECONDS = 3
ASKED = {"Accept-Encoding": "gzip"}
GOAL = f"rate of a hot page with {CHANGES} certificate changes a second against none"


def measure() -> list[Figure]:
    """The goal of changes, for the list, a product and a certificate."""
    with tempfile.TemporaryDirectory() as place:
        folder = sized.copied(PRODUCTS, Path(place))
        chosen = addresses.known(folder)[:1]
        hot = {"list": ["/products"], "product": addresses.products(chosen), "/c/": addresses.certificates(chosen)}
        with served(REGISTRY, folder, "/products") as server:
            return [_figure(server, folder, name, paths[0]) for name, paths in hot.items()]


def _figure(server: Served, folder: Path, name: str, path: str) -> Figure:
    made: list[float] = []

    def alone() -> float:
        return _asked(server, path).cost

    def meanwhile() -> float:
        with changing(folder) as counted:
            cost = _asked(server, path).cost
        made.append(counted[0])
        return cost

    rounds = in_turns(ROUNDS, alone, meanwhile)
    rate = sorted(made)[len(made) // 2]
    micros = [sorted(one[place] for one in rounds)[len(rounds) // 2] * 1e6 for place in (0, 1)]
    note = f"rate as 1 / CPU of a request; {rate:.1f} changes a second, {micros[1]:,.0f} µs to {micros[0]:,.0f}"
    return Figure(GOAL, name, [alone / changed for alone, changed in rounds], Limit(least=0.9), None, note)


def _asked(server: Served, path: str) -> Load:
    return load(server, [path], SECONDS, headers=ASKED)


@contextmanager
def changing(folder: Path) -> Iterator[list[float]]:
    """Change certificates from another process until the end of the block; then the list has how many a second."""
    command = [sys.executable, "-m", "bench.changing", str(folder)]
    counted: list[float] = []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        if running.stdout is None or not running.stdout.readline():
            raise RuntimeError("nothing was changed")
        yield counted
        written, _ = running.communicate("stop\n", 30)
        counted.append(float(written.split()[-1]))


def change(folder: Path) -> None:
    """Write one change after the other at their pace, until somebody writes a line to this process; print the rate."""
    engine = db.open_engine(f"sqlite:///{folder}/registry.db")
    began, number = time.monotonic(), 0
    while not _told():
        shelving.touch(engine, number % PRODUCTS)
        number += 1
        if number == 1:
            print("changing", flush=True)
        time.sleep(max(0.0, began + number / CHANGES - time.monotonic()))
    print(number / (time.monotonic() - began), flush=True)


def _told() -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(ready)


if __name__ == "__main__":
    change(Path(sys.argv[1]))
