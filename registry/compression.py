"""Packs what everyone may read: public pages and the stylesheet, between the app and the server.

Only answers that any cache may keep are packed, and what a public page answers to a form. Neither holds a token, so
their size tells nobody a secret (BREACH).
"""

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SMALLEST = 1024  # below that the header costs more than is won
LEVEL = 6
NO_SECRETS = "registry.no_secrets"  # in the environ of a request: its answer is for one person, and no token is in it
PACKABLE = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "image/svg+xml",
    "application/javascript",
)


def init_app(app: Flask) -> None:
    """Stand between the app and the server."""
    app.wsgi_app = Packing(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap


class Packing:
    """Packs public answers for browsers that can read them, and tells caches that there are two forms."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun: list[Any] = []

        def keep(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            begun[:] = [status, Headers(headers), exc_info]
            return _no_write

        body = self.app(environ, keep)
        status, headers, exc_info = begun
        open_to_all = environ.get(NO_SECRETS, False)
        if not (_is_public(headers) or open_to_all):
            start_response(status, headers.to_wsgi_list(), exc_info)
            return body
        _vary(headers)
        if (
            _worth_packing(status, headers)
            and (open_to_all or environ["REQUEST_METHOD"] == "GET")
            and _accepted(environ)
        ):
            body = _packed_body(body, headers, _pack_once if open_to_all else _pack)
        start_response(status, headers.to_wsgi_list(), exc_info)
        return body


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("the app answers with an iterable")


def _is_public(headers: Headers) -> bool:
    return "public" in headers.get("Cache-Control", "") and "Set-Cookie" not in headers


def _vary(headers: Headers) -> None:
    named = headers.get("Vary", "")
    if "accept-encoding" not in named.lower():
        headers["Vary"] = ", ".join(part for part in (named, "Accept-Encoding") if part)


def _worth_packing(status: str, headers: Headers) -> bool:
    size = headers.get("Content-Length", type=int)
    return (
        status.startswith("200")
        and "Content-Encoding" not in headers
        and headers.get("Content-Type", "").startswith(PACKABLE)
        and (size is None or size >= SMALLEST)
    )


def _accepted(environ: "WSGIEnvironment") -> bool:
    return parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""), Accept).quality("gzip") > 0


def _packed_body(body: Iterable[bytes], headers: Headers, pack: Callable[[bytes], bytes]) -> Iterable[bytes]:
    try:
        whole = b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    packed = pack(whole)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    headers.pop("Accept-Ranges", None)
    etag = headers.get("ETag", "")
    if etag.startswith('"'):  # two forms of one file are no longer the same bytes
        headers["ETag"] = f"W/{etag}"
    return [packed]


def _pack_once(whole: bytes) -> bytes:
    return gzip.compress(whole, LEVEL, mtime=0)


@lru_cache(maxsize=128)
def _pack(whole: bytes) -> bytes:
    """Kept for the pages asked for again and again; the time is fixed, so that the same page packs the same."""
    return gzip.compress(whole, LEVEL, mtime=0)
