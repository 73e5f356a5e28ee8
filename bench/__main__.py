"""Measures what the public pages cost, as ratios to a bare Flask view, so that they hold on any machine."""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

from flask import Flask
from werkzeug.test import run_wsgi_app

from registry import create_app

ROUNDS = 15
CALLS = 200  # in each round, of each page
WIDE = 0.4  # a spread over this says that the machine was busy with something else
FLASK = (str(Path(sys.executable).parent / "flask"), "--app", "registry")

Call = Callable[[], object]


def main() -> None:
    """Load a demonstration, measure the pages in turns with the bare view, and print one line for each."""
    for command in (["db", "upgrade"], ["demonstration", "load", "--when-empty"]):
        subprocess.run([*FLASK, *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    registry = create_app()
    calls = {"bare view": _asking(_bare(), "/"), **dict(_pages(registry))}
    print(f"{'page':34} {'ms':>8} {'bare views':>11} {'spread':>7}")
    for name, (seconds, ratio, spread) in _measured(calls).items():
        remark = "  unsteady: measure again on a quiet machine" if spread > WIDE else ""
        print(f"{name:34} {seconds * 1000:8.2f} {ratio:11.1f} {spread:6.0%}{remark}")


def _bare() -> Flask:
    app = Flask("bare")
    app.get("/")(lambda: "hello")
    return app


def _pages(registry: WSGIApplication) -> Iterable[tuple[str, Call]]:
    """Name each page and how to ask for it; a search that was never asked before finds no cached answer."""
    product = _first_link(registry, "/products", r"/products/[a-z0-9-]+")
    certificate = _first_link(registry, product, r"/c/[A-Z0-9-]+")
    for path in ("/", "/products", product, certificate, "/criteria"):
        yield path, _asking(registry, path)
    fresh = count()
    yield "/products?q=… (never asked before)", lambda: _ask(registry, "/products", f"q=den+{next(fresh)}")
    yield (
        "/products?after=… (never asked)",
        lambda: _ask(registry, "/products", f"age=6&q={next(fresh)}&sort=name"),
    )


def _first_link(registry: WSGIApplication, path: str, pattern: str) -> str:
    found = re.search(f'href="({pattern})"', _ask(registry, path).decode())
    if found is None:
        raise LookupError(f"{path} has no link to {pattern}.")
    return found.group(1)


def _asking(app: WSGIApplication, path: str) -> Call:
    return lambda: _ask(app, path)


def _ask(app: WSGIApplication, path: str, query: str = "") -> bytes:
    environ: dict[str, object] = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost:8000"}
    setup_testing_defaults(environ)
    body, status, _ = run_wsgi_app(app, environ)
    if not status.startswith("200"):
        raise RuntimeError(f"{path}?{query} answered {status}")
    return b"".join(body)


def _measured(calls: dict[str, Call]) -> dict[str, tuple[float, float, float]]:
    """Return seconds of CPU, ratio to the first call, and the spread of that ratio between the rounds."""
    rounds = [{name: _cost(call) for name, call in calls.items()} for _ in range(ROUNDS + 1)][1:]
    bare = next(iter(calls))
    return {name: _summary([each[name] for each in rounds], [each[bare] for each in rounds]) for name in calls}


def _summary(costs: list[float], bare: list[float]) -> tuple[float, float, float]:
    ratios = [cost / other for cost, other in zip(costs, bare, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return statistics.median(costs), middle, (high - low) / middle


def _cost(call: Call) -> float:
    start = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - start) / CALLS


if __name__ == "__main__":
    main()
