"""Measures the read API: a page of 20 products, against Django REST framework on the same products.

Theirs (bench/rest) is what people write: a ModelSerializer with nested ones, paged. The same with everything asked for
beforehand (prefetch_related) is told beside it. Ours begins at another product each time, so that no cache answers.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from sqlmodel import Session

from assessments.clock import today
from assessments.queries import open_data
from bench import rivals, sized
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import REGISTRY, ROOT, SECRET, Served, environment, free_port, load, served
from registry import create_app
from registry.api import cursors, shapes
from registry.config import Settings

NUMBER = 10_000
ROUNDS = 5
ITEMS = 20
PACKAGES = ("django~=5.2.0", "djangorestframework~=3.16", "granian~=2.8")
GOAL = "read API, 20 items"
AT_ONCE = 4


def measure(number: int = NUMBER, rounds: int = ROUNDS, seconds: float = 3) -> list[Figure]:
    """The CPU of a page of theirs as so many of ours."""
    site = sized.folder(number)
    fresh = _cursors(site, number)
    share = number // (rounds + 1)
    turns = iter([fresh[begin : begin + share] for begin in range(0, share * (rounds + 1), share)])
    pages = Random(number).sample(range(1, number // ITEMS + 1), number // ITEMS)  # noqa: S311  any order
    with ExitStack() as stack:
        ours = stack.enter_context(served(REGISTRY, site, API_PER_MINUTE="0"))
        theirs = stack.enter_context(rest(site))
        measured = in_turns(
            rounds,
            lambda: _cost(theirs, [f"/api/products/?page={one}" for one in pages], seconds),
            lambda: _cost(ours, [f"/api/v1/products?limit={ITEMS}&cursor={one}" for one in next(turns)], seconds),
            lambda: _cost(theirs, [f"/api/prefetched/?page={one}" for one in pages], seconds),
        )
    return [_figure(measured, number)]


def _figure(measured: Sequence[tuple[float, ...]], number: int) -> Figure:
    ordinary, ours, prefetched = (sum(one) / len(one) * 1000 for one in zip(*measured, strict=True))
    note = (
        f"{number:,} products; CPU of a request {ordinary:.1f} ms against {ours:.2f} ms;"
        f" theirs with prefetch_related {prefetched:.1f} ms, {prefetched / ours:.1f} x ours"
    )
    what = "Django REST framework, nested ModelSerializer, as so many of ours"
    return Figure(GOAL, what, ratios(measured), Limit(least=15), Limit(least=25), note)


def _cost(server: Served, paths: Sequence[str], seconds: float) -> float:
    found = load(server, paths, seconds, AT_ONCE)
    if found.failed:
        raise RuntimeError(f"{paths[0]}: {found.failed} answers failed")
    return found.cost


def _cursors(site: Path, number: int) -> list[str]:
    """Where a page can begin, in any order."""
    slugs = rivals.slugs(site)[: -ITEMS - 1]
    return [cursors.written("products", one) for one in Random(number).sample(slugs, len(slugs))]  # noqa: S311


@contextmanager
def rest(site: Path) -> Iterator[Served]:
    """Django REST framework serving the same products, from a database of its own that is made when it is not there."""
    programs, place = rivals.binaries("rest", *PACKAGES), sized.KEPT / "rest" / site.name
    if not (place / "whole").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        _fill(programs, site, place)
        (place / "whole").touch()
    port = free_port()
    command = [programs / "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "--http", "1"]
    command += ["--no-ws", "--log-level", "warning", "bench.rest.wsgi:application"]
    with rivals.running(command, port, "/api/products/", place) as server:
        yield server


def _fill(programs: Path, site: Path, place: Path) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as file:
        for line in lines(site):
            file.write(line)
        file.flush()
        command = [programs / "python", "-m", "bench.rest.fill", file.name]
        subprocess.run(command, check=True, cwd=ROOT, env=environment(place, 80))  # noqa: S603  our own command


def lines(site: Path) -> Iterator[str]:
    """Every product of a site as the API gives it."""
    app = create_app(Settings(var_dir=site, secret_key=SECRET, database_url=f"sqlite:///{site}/registry.db"))
    with app.app_context(), Session(app.extensions["engine"].execution_options(reading=True)) as session:
        for row in open_data.every_product(session, today()):
            yield json.dumps(shapes.product(row, today()), ensure_ascii=False) + "\n"
