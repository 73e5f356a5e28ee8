"""Somebody's browser as plain requests: cookies, forms as the pages have them, and a tally of all that was answered."""

import http.client
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

LONGEST = 30  # seconds an answer may take
BROKEN = (OSError, http.client.HTTPException)
MOVED = {302, 303}
SEEN = {200, *MOVED, 304}
FORM = "application/x-www-form-urlencoded"
MOST_HOPS = 5
KEPT_TAGS = 30  # pages whose ETag a browser remembers

Fields = dict[str, str]


class Unexpected(Exception):
    """An answer that was not the one a person may expect; it has been counted."""


@dataclass
class Tally:
    """What all visitors together have seen."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float) -> None:
        """One answer came, and after how long."""
        with self.lock:
            self.took.append(seconds)

    def fail(self, what: str) -> Unexpected:
        """Something went wrong; the caller raises what it gets."""
        with self.lock:
            self.errors.append(what)
        return Unexpected(what)


@dataclass
class Form:
    """One form of a page, with what stands in it, and what may be chosen of where one thing is chosen."""

    action: str
    fields: Fields = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """An answer."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def form(self, action: str) -> Form | None:
        """The form that is sent to an address beginning like that; None where the page has none."""
        reader = _Forms(self.path)
        reader.feed(self.text)
        return next((one for one in reader.forms if one.action.startswith(action)), None)


@dataclass
class Visitor:
    """One person at one browser at one address of this machine."""

    port: int
    address: str
    tally: Tally
    cookies: Fields = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, expected: Collection[int] = SEEN) -> Page:
        """A page, asked for by its tag where it was seen before; redirects are followed."""
        tag = self.tags.get(path)
        page = self.ask("GET", path, headers={"If-None-Match": tag} if tag else {}, expected=expected)
        if page.status == 200 and (tag := page.headers["ETag"]):
            self.tags[path] = tag
            while len(self.tags) > KEPT_TAGS:
                self.tags.pop(next(iter(self.tags)))
        return self._follow(page)

    def fresh(self, path: str) -> Page:
        """A page, whole."""
        return self._follow(self.ask("GET", path, expected=SEEN))

    def form(self, page: Page, action: str) -> Form:
        """The form of a page; raises Unexpected where it has none."""
        found = page.form(action)
        if found is None:
            raise self.tally.fail(f"{page.path} ({page.status}) has no form {action}")
        return found

    def send(self, form: Form, typed: Mapping[str, str], expected: Collection[int] = MOVED) -> Page:
        """Send a form with what was typed; where to go then is left to the caller."""
        body = urlencode({**form.fields, **typed}).encode()
        return self.ask("POST", form.action, body, {"Content-Type": FORM}, expected)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        expected: Collection[int] = SEEN,
    ) -> Page:
        """One request; raises Unexpected, counted, when it breaks or is answered in another way than expected."""
        began = time.perf_counter()
        try:
            page = self._exchange(method, path, body, headers or {})
        except BROKEN as error:
            raise self.tally.fail(f"{method} {path}: {error!r}") from error
        self.tally.note(time.perf_counter() - began)
        if page.status not in expected:
            raise self.tally.fail(f"{method} {path}: {page.status}")
        return page

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, LONGEST, source_address=(self.address, 0))
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": f"localhost:{self.port}", "Cookie": held, **headers}
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            self._keep(answer.headers)
            return Page(path, answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def _follow(self, page: Page) -> Page:
        for _ in range(MOST_HOPS):
            if page.status not in MOVED:
                return page
            place = urlsplit(page.headers["Location"])
            page = self.ask("GET", place.path + (f"?{place.query}" if place.query else ""))
        raise self.tally.fail(f"{page.path} leads on and on")

    def _keep(self, headers: http.client.HTTPMessage) -> None:
        for line in headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


class _Forms(HTMLParser):
    """Every form of a page that is posted, with what a browser would send of it untouched."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._path = path
        self._open: Form | None = None
        self._name = ""  # of the list or the box of text that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action") or self._path)
            if given.get("method", "get").lower() == "post":
                self.forms.append(self._open)
        elif self._open is not None:
            self._take(self._open, tag, given)

    def _take(self, form: Form, tag: str, given: Fields) -> None:
        fields = form.fields
        if tag == "input":
            fields.update(_sent(given))
            if given.get("type") == "radio":
                form.offered.setdefault(given["name"], []).append(given["value"])
        elif tag in {"select", "textarea"}:
            self._name = given.get("name", "")
            fields[self._name] = ""
        elif tag == "option" and "selected" in given:
            fields[self._name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._name and self.lasttag == "textarea":
            self._open.fields[self._name] += data if self._open.fields[self._name] else data.lstrip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in {"select", "textarea"}:
            self._name = ""


def _sent(given: Fields) -> Iterator[tuple[str, str]]:
    kind, name = given.get("type", "text"), given.get("name", "")
    chosen = kind not in {"checkbox", "radio"} or "checked" in given
    if name and chosen and kind not in {"file", "submit", "button"}:
        yield name, given.get("value", "")
