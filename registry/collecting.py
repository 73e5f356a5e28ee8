"""Runs Python's garbage collector between requests, where Python 3.11 would run it in the middle of one.

Up to 3.11 whatever needs memory may start a collection, be it C code half through with changing an object. The
collection calls back whoever watches what is forgotten (SQLAlchemy: rows); they may touch the same object, and the
process dies with SIGSEGV; busy review pages took some seconds to get there. From 3.12 on Python collects between two
instructions only (https://github.com/python/cpython/issues/97922), and nothing of this is done. docs/decisions/0055.
"""

import gc
import sys
from collections.abc import Callable, Iterable
from operator import call
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BY_ITSELF = sys.version_info >= (3, 12)
# Making a list has Python collect what it thinks is due. Called by C code, for no other thread gets in between.
ALLOWED_ONCE: tuple[Callable[[], object], ...] = (gc.enable, list, gc.disable)


def init_app(app: Flask) -> None:
    """Stand around everything that reads rows, on a Python that needs it."""
    if not BY_ITSELF:
        app.wsgi_app = Between(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap


class Between:
    """The application inside; collects at the end of a request what is due, and nothing while one runs."""

    def __init__(self, inside: "WSGIApplication") -> None:
        self._inside = inside
        self._lock = Lock()
        self._running = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; a server that asks for one thing at a time, such as that of tests, is left alone."""
        if not environ.get("wsgi.multithread"):
            return self._inside(environ, start_response)
        self._enter()
        try:
            return self._inside(environ, start_response)
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            self._running += 1
            gc.disable()

    def _leave(self) -> None:
        with self._lock:
            self._running -= 1
            if self._running:
                tuple(map(call, ALLOWED_ONCE))
            else:
                gc.enable()
