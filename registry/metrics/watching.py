"""Counts every request outside of everything else, so that answers from a cache and failures are counted too."""

import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, request

from registry.metrics.counts import Counts

ROUTE = "registry.route"  # in the environ of a request: the endpoint that answered it
UNROUTED = "-"  # an address that leads nowhere
BEFORE = "kept"  # answered before the application was asked: from a cache in front of it
FOLDER = "metrics"
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LATENCY = "~"  # first letter of the keys of the histogram; those of requests begin with an endpoint


class Watching:
    """The application inside, and a count of each request when its answer begins."""

    def __init__(self, inside: Any, counts: Counts) -> None:
        self.inside = inside
        self.counts = counts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the request on. What takes long after the answer has begun, a download, is not in the seconds."""
        began = time.perf_counter()
        codes = ["500"]

        def begin(status: str, *rest: Any) -> Any:
            codes.append(status)
            return start_response(status, *rest)

        try:
            answer: Iterable[bytes] = self.inside(environ, begin)
        finally:
            self._count(environ, codes[-1], time.perf_counter() - began)
        return answer

    def _count(self, environ: dict[str, Any], status: str, seconds: float) -> None:
        method = environ.get("REQUEST_METHOD", "")
        method = method if method in METHODS else "other"
        route = environ.get(ROUTE, BEFORE)
        bucket = next((f"{one:g}" for one in BUCKETS if seconds <= one), "+Inf")
        self.counts.add(seconds, f"{route}|{method}|{status[:1]}xx", f"{LATENCY}{method}|{bucket}")


def init_app(app: Flask) -> None:
    """Count, where somebody may ask for it; must come after everything else that wraps the application."""
    settings = app.config["SETTINGS"]
    if not settings.metrics_token:
        return
    counts = Counts(settings.var_dir / FOLDER)
    app.extensions["counts"] = counts
    app.before_request_funcs.setdefault(None, []).insert(0, _name_route)
    app.wsgi_app = Watching(app.wsgi_app, counts)  # type: ignore[method-assign]


def _name_route() -> None:
    request.environ[ROUTE] = request.endpoint or UNROUTED
