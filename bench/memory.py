"""Measures what a web process holds in memory against a bare Flask, and how it grows over many distinct pages."""

import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from bench.figures import Figure, Limit, ratios
from bench.serving import BARE, REGISTRY, Served, load, served
from bench.sized import copied

PRODUCTS = 1_000
DISTINCT = 10_000
ROUNDS = 3
WARM = 2  # seconds of requests before a process is as it will be
HELD = "resident memory of a web process against bare Flask on the same server"
GROWTH = "growth over 10,000 distinct pages"
FILTERS = {  # more than 10,000 lists
    "level": "L1 L2 L3",
    "made_in": "no partly yes",
    "lang": "vi en",
    "sort": "name new",
    "platform": "windows web ios android chromeos linux smart_tv router_isp",
    "category": "AA BR CD CF CM DL HM HR KP MO PC",
    "age": "0-6 7-11 12-15 16-17",
}


def measure() -> list[Figure]:
    """Both processes after a while of requests, and ours again after many pages that nobody asked for before."""
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = copied(PRODUCTS, Path(folder))
        for number in range(ROUNDS):
            with served(BARE, place) as bare:
                bare_held = _warm(bare, ["/"])
            with served(REGISTRY, place, LOG_LEVEL="warning") as ours:
                pairs.append((_warm(ours, _pages()[:50]), bare_held))
                if number == ROUNDS - 1:
                    _ask_each(ours, _pages())
                    grown = ours.resident() / pairs[-1][0] * 100 - 100
    note = f"{pairs[-1][0]:.0f} MB, bare {pairs[-1][1]:.0f} MB; a catalogue of {PRODUCTS:,} products"
    return [
        Figure(HELD, "after two seconds of requests", ratios(pairs), Limit(most=2.3), Limit(most=1.8), note),
        Figure(GROWTH, "lists with six filters, percent", [grown], Limit(most=10)),
    ]


def _warm(server: Served, paths: Sequence[str]) -> float:
    """MB held after some seconds of requests, the same for both: threads and their stacks are there by then."""
    load(server, paths, WARM)
    return server.resident()


def _pages() -> list[str]:
    """Lists that differ in what they are filtered by: none of them is kept anywhere."""
    asked = [f"/products?{'&'.join(one)}" for one in product(*(_each(*facet) for facet in FILTERS.items()))]
    return asked[:DISTINCT]


def _each(facet: str, values: str) -> list[str]:
    return [f"{facet}={value}" for value in values.split()]


def _ask_each(server: Served, paths: Sequence[str]) -> None:
    """Ask for every page at least once, however long that takes."""
    asked = 0.0
    while asked < len(paths):
        left = paths[int(asked) :]
        found = load(server, left, 5)
        asked += found.rate * 5
