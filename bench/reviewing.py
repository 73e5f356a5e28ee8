"""Measures the pages that reviewers work on, all criteria by three reviewers, against the same rows read lazily."""

import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from bench.figures import Figure, Limit, in_turns, ratios
from bench.reviewed import REF, fill
from bench.serving import BARE, REGISTRY, Served, environment, flask, load, served
from registry import create_app

LAZY = "bench.lazy:create_app"
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 2  # of pages that take so long, more would only wait for one another
WARM = 5
GOAL = "review page, all criteria x 3 reviewers"
PAGES = {"scores side by side": f"/reviews/{REF}/consensus", "one criterion": f"/reviews/{REF}?c=TN-05"}
NO_LIMIT = Limit(most=math.inf)  # what has a stretch only
STATEMENTS, TIMES, BARE_VIEWS = Limit(most=15), Limit(least=10), Limit(most=12)


def measure() -> list[Figure]:
    """The statements of each page, and what it costs beside the lazy page and beside a bare view."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flask(folder, "db", "upgrade")
        with _app(folder) as app:
            cookie = fill(app)
            counted = {what: _statements(app, page, cookie) for what, page in PAGES.items()}
        figures = [Figure(GOAL, f"{what}: statements", [number], STATEMENTS) for what, number in counted.items()]
        return figures + _costs(folder, cookie)


def _costs(folder: Path, cookie: str) -> list[Figure]:
    figures: list[Figure] = []
    with (
        served(BARE, folder) as bare,
        served(LAZY, folder, ready=f"/{REF}") as lazy,
        served(REGISTRY, folder, ready="/healthz", LOG_LEVEL="warning") as ours,
    ):
        load(ours, list(PAGES.values()), WARM, headers={"Cookie": cookie})  # templates are compiled when first used
        for what, page in PAGES.items():
            measured = in_turns(
                ROUNDS,
                lambda: _cost(lazy, f"/{REF}"),
                partial(_cost, ours, page, cookie),
                lambda: _cost(bare, "/"),
            )
            figures += _figures(what, measured)
    return figures


def _cost(server: Served, page: str, cookie: str = "") -> float:
    return load(server, [page], SECONDS, CONNECTIONS, {"Cookie": cookie} if cookie else None).cost


def _figures(what: str, measured: Sequence[tuple[float, ...]]) -> Iterator[Figure]:
    note = " / ".join(f"{seconds * 1000:.2f}" for seconds in measured[-1]) + " ms of CPU: lazy, ours, bare"
    yield Figure(GOAL, f"{what}: the lazy page costs so many of it", ratios(measured), TIMES, note=note)
    yield Figure(GOAL, f"{what}: bare views", [own / view for _lazy, own, view in measured], NO_LIMIT, BARE_VIEWS)


@contextmanager
def _app(folder: Path) -> Iterator[Flask]:
    """Our app in this process, on the site of that folder."""
    kept = dict(os.environ)
    os.environ.update(environment(folder, 80))
    try:
        app = create_app()
        yield app
        app.extensions["engine"].dispose()
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _statements(app: Flask, page: str, cookie: str) -> int:
    """What a page asks of the database, without the frame of a transaction."""
    seen: list[str] = []
    browser = app.test_client(use_cookies=False)
    asked = {"headers": {"Cookie": cookie}, "base_url": "http://localhost"}
    browser.get(page, **asked)  # the first view also writes down when the session was seen
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda _c, _cursor, said, *_rest: seen.append(said))
    status = browser.get(page, **asked).status_code
    if status != 200:
        raise RuntimeError(f"{page} was answered with {status}")
    return sum(not one.startswith(("BEGIN", "PRAGMA")) for one in seen)
