"""Asks the application for a page as it is written for the copy, and gives it its stamp, its name and its links."""

import hashlib
import re
from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape, unescape
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder, run_wsgi_app

from assessments import clock
from registry import copied, templating
from registry.copies.plan import PUBLISHED, VIETNAMESE

HTML = "text/html"
Found = TypeVar("Found")
IN_ENGLISH = re.compile(r'\b(href|src|data-[a-z-]+)="/en(/[^"?#]*)')
NEXT = re.compile(r'<a [^>]*rel="next"[^>]*href="([^"]+)"')
GONE = {202, 404, 503}  # not there, or not yet: a paper or a file that the worker is about to make


class PublishFailed(RuntimeError):
    """The application answered a public address in a way that no copy can show."""


@dataclass(frozen=True)
class Page:
    """One answer: its bytes without a stamp, and its type."""

    body: bytes
    media_type: str

    @property
    def is_html(self) -> bool:
        """Whether it is a page with a stamp."""
        return self.media_type.startswith(HTML)

    @property
    def next(self) -> str:
        """Where a long list goes on; "" at its end."""
        found = NEXT.search(self.body.decode()) if self.is_html else None
        return unescape(found[1]) if found else ""


@dataclass(frozen=True)
class Renderer:
    """The application at one moment."""

    app: Flask
    moment: datetime

    def ask(self, path: str, query: str = "") -> Page | None:
        """The answer at an address; None where there is nothing to copy. Raises PublishFailed."""
        public = self.app.config["SETTINGS"].public_url.rstrip("/")
        builder = EnvironBuilder(path=path, query_string=query, base_url=public)
        environ: dict[str, Any] = builder.get_environ()
        environ[copied.KEY] = True
        builder.close()
        parts, status, headers = self.apart(lambda: run_wsgi_app(self.app.wsgi_app, environ, buffered=True))
        body, code = b"".join(parts), int(status.split()[0])
        if code == 200:
            page = Page(body, headers.get("Content-Type", "application/octet-stream"))
            return self._led_to_one_language(page) if page.is_html and path.startswith("/en") else page
        if code in GONE:
            return None
        if 300 <= code < 400:
            return self._redirected(path, headers["Location"])
        raise PublishFailed(f"{path}{'?' * bool(query)}{query}: {status}")

    def apart(self, work: Callable[[], Found]) -> Found:
        """Do something at the moment of this run as a server would: in no context that a command has opened."""

        def held() -> Found:
            with clock.at(self.moment):
                return work()

        return Context().run(held)

    def _redirected(self, path: str, location: str) -> Page | None:
        """The same address with another query is followed; another one is led to by a page."""
        target = urlsplit(location)
        if target.path == path:
            return self.ask(path, target.query)
        address = escape(target.path + (f"?{target.query}" if target.query else ""))
        text = (
            f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{address}</title>'
            f'<meta http-equiv="refresh" content="0; url={address}"><p><a href="{address}">{address}</a></p></html>\n'
        )
        return Page(text.encode(), f"{HTML}; charset=utf-8")

    def _led_to_one_language(self, page: Page) -> Page:
        """An English page whose links to what has no language lead to the one file there is of it."""

        def linked(found: re.Match[str]) -> str:
            return f'{found[1]}="{found[2]}' if _has_one_language(self.app, unescape(found[2])) else found[0]

        return Page(IN_ENGLISH.sub(linked, page.body.decode()).encode(), page.media_type)

    def source(self, page: Page) -> str:
        """What a page was made of: its hash, the moment of this run left out wherever it stands."""
        own = self.moment.isoformat(timespec="seconds").encode()
        body = proof_alone(page.body) if page.body.startswith(PROOF) else page.body
        return hashlib.sha256(body.replace(own, b"@")).hexdigest()[:32]

    def stamped(self, page: Page, language: str, until: date) -> bytes:
        """A page with its moment and its last day."""
        if not page.is_html:
            return page.body
        with force_locale(language):
            said = {
                copied.AS_OF: templating.moment(self.moment),
                copied.AS_OF_ISO: templating.iso(self.moment),
                copied.UNTIL: templating.day(until),
                copied.UNTIL_ISO: until.isoformat(),
            }
        body = page.body
        for mark, text in said.items():
            body = body.replace(mark.encode(), text.encode())
        return body


@lru_cache(maxsize=10_000)
def _has_one_language(app: Flask, path: str) -> bool:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return False
    rule = PUBLISHED.get(endpoint)
    return rule is not None and rule.languages == VIETNAMESE


PROOF = b"c2sp.org/tlog-proof@v1\n"


def proof_alone(proof: bytes) -> bytes:
    """Of a proof which entry it proves: it stays right against its own checkpoint however far the log grows."""
    return b"\n".join(proof.split(b"\n", 3)[:3])


def relinked(page: Page, addresses: Mapping[str, str]) -> Page:
    """A page of a long list whose links to other pages of it lead to those of the copy."""

    def linked(found: re.Match[str]) -> str:
        address = addresses.get(unescape(found[1]))
        return f'href="{escape(address)}"' if address else found[0]

    return Page(re.sub(r'href="([^"]*)"', linked, page.body.decode()).encode(), page.media_type)


def name_of(address: str, media_type: str) -> str:
    """The name of the file of an address: pages end in .html, so that /products and /products/x can both be there."""
    name = address.lstrip("/")
    if media_type.startswith(HTML):
        return f"{name}.html" if name not in {"", "en"} else f"{name}/index.html".lstrip("/")
    if "." not in name.rpartition("/")[2] and media_type.startswith("application/json"):
        return f"{name}.json"
    return name
