"""Measures whether public pages stay as quick when the catalogue grows: 1,000 products, 100,000, and a million.

Latency as one connection sees it, of addresses that are not asked twice; both sites are up at the same time and asked
in turns. A million is measured where `.venv/bin/python -m bench.sized 1000000` has made it (30 GB, some 15 minutes).
"""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from bench import addresses, shelving, sized
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import REGISTRY, Load, Served, fetched, load, served
from registry import db

SMALL, LARGE, LARGEST = 1_000, 100_000, 1_000_000
ROUNDS = 7
SECONDS = 2
PATIENCE = 900  # seconds for the first answer
CHOSEN = 20_000  # products of a large catalogue whose addresses are asked
LASTING = 500  # addresses that are enough for some seconds
WARM = 10  # of each kind are asked before and not counted
P50, P99 = Limit(most=1.25), Limit(most=1.5)
NOTHING = Limit(least=0)


@dataclass
class Site:
    """A site of some size: what to ask of it, and how it began."""

    number: int
    server: Served
    kinds: Mapping[str, Sequence[str]]
    first: float  # seconds to the first list, which reads the catalogue
    engine: Engine | None = None  # of a small one: its addresses are few, so that everything is written anew
    at: dict[str, int] = field(default_factory=dict)

    def asked(self, name: str) -> Load:
        """Some seconds of addresses of a kind that were not asked before."""
        if self.engine is not None:
            shelving.touch_all(self.engine)
            fetched(self.server, "/products")
        begin = self.at.setdefault(name, 0)
        if self.engine is not None and len(self.kinds[name]) - begin < LASTING:
            begin = 0  # what was drawn or looked up for the first ones is forgotten by now
        paths = self.kinds[name][begin:]
        for path in paths[:WARM]:
            fetched(self.server, path)
        done = load(self.server, paths[WARM:], SECONDS, connections=1)
        used = round(done.rate * SECONDS)
        if used > len(paths) - WARM:
            raise RuntimeError(f"{len(paths)} addresses did not last for {SECONDS} s")
        self.at[name] = begin + WARM + used + 10
        return done


def measure() -> list[Figure]:
    """The goal of sizes: median and 99th percentile of four kinds of page, against those of a small catalogue."""
    million = (sized.KEPT / str(LARGEST) / "whole").exists()
    return [one for size in (LARGE, *([LARGEST] if million else [])) for one in _against_small(size)]


def _against_small(size: int) -> list[Figure]:
    try:
        with site(SMALL) as small, site(size) as large:
            figures = [figure for name in small.kinds for figure in _figures(name, small, large)]
            return [*figures, _beginning(small, large)]
    except (RuntimeError, OSError) as error:
        return [
            Figure(_goal(size), "every page", [float("inf")], P50, None, f"not measured: {str(error).splitlines()[0]}")
        ]


@contextmanager
def site(number: int) -> Iterator[Site]:
    """Serve a catalogue of this size; a small one in a copy that is written to."""
    with tempfile.TemporaryDirectory() as place:
        copy = number == SMALL
        folder = sized.copied(number, Path(place)) if copy else sized.folder(number)
        found = addresses.known(folder, CHOSEN)
        kinds = {
            "list": addresses.lists(found, ("",)),
            "list with two filters": addresses.lists(found, addresses.TWICE),
            "product": addresses.products(found),
            "verify": addresses.checks(found),
        }
        with served(REGISTRY, folder, "/verify") as server:
            began = time.monotonic()
            fetched(server, "/products", patience=PATIENCE)
            first = time.monotonic() - began
            yield Site(
                number, server, kinds, first, db.open_engine(f"sqlite:///{folder}/registry.db") if copy else None
            )


def _figures(name: str, small: Site, large: Site) -> list[Figure]:
    loads: list[tuple[Load, Load]] = []

    def turn() -> float:
        loads.append((large.asked(name), small.asked(name)))
        return 0.0

    in_turns(ROUNDS, turn)
    pairs = loads[1:]  # the first round is thrown away
    p50, p99 = [(a.p50, b.p50) for a, b in pairs], [(a.p99, b.p99) for a, b in pairs]
    return [_compared(f"{name}, p50", p50, P50, large), _compared(f"{name}, p99", p99, P99, large)]


def _compared(what: str, pairs: Sequence[tuple[float, float]], limit: Limit, large: Site) -> Figure:
    """A million is asked of the stretch alone."""
    must, stretch = (limit, None) if large.number == LARGE else (NOTHING, limit)
    return Figure(_goal(large.number), what, ratios(pairs), must, stretch, _note(pairs))


def _goal(size: int) -> str:
    return f"1 thousand -> {'100 thousand' if size == LARGE else '1 million'} products"


def _note(pairs: Sequence[tuple[float, float]]) -> str:
    large, small = (sorted(one[place] for one in pairs)[len(pairs) // 2] * 1000 for place in (0, 1))
    return f"{large:.1f} ms to {small:.1f}"


def _beginning(small: Site, large: Site) -> Figure:
    """No goal, but what a large catalogue asks of a process: the first answer, and the memory."""
    grown = large.server.resident() / small.server.resident()
    note = f"no goal; first list after {large.first:.1f} s to {small.first:.1f}, "
    note += f"{large.server.resident():.0f} MB to {small.server.resident():.0f}"
    return Figure(_goal(large.number), "memory of the process", [grown], NOTHING, None, note)
