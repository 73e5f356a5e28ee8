"""The crowd of the soak: people who browse, upload, review and decide, at the pace at which people do."""

import base64
import hashlib
import json
import random
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar
from urllib.parse import quote, urlsplit

from bench.acknowledged import Acknowledged
from bench.soaked import PASSWORD
from bench.visitor import FORM, Fields, Page, Unexpected, Visitor
from registry.demonstration.fiction import email

EDGE = "----soak"
MULTIPART = f"multipart/form-data; boundary={EDGE}"
TUS = {"Tus-Resumable": "1.0.0"}
SIZES = (8_000, 60_000, 60_000, 300_000, 300_000, 1_000_000, 4_000_000)  # bytes
PROVED_FOR = 240  # seconds after which a member of the committee proves themselves anew; the site asks after 600
ONWARD = re.compile(r'href="((?:/en)?/(?:products|c|criteria|guides)(?:/[A-Za-z0-9-]+)?)"')
WORDS = ("chặn web đen", "giờ dùng máy", "vị trí", "trường học", "đồng hồ", "router", "bat nat", "home lamp", "sao mai")
STARTS = (
    *("/", "/products", "/products?age=7-11", "/products?platform=android&sort=name", "/products?category=PC"),
    *("/criteria", "/guides", "/en/", "/en/products?age=12-15", "/changes", "/log", "/about", "/api/v1/products"),
)


@dataclass
class Person:
    """Somebody with a browser; `turn` is one thing they do."""

    visitor: Visitor
    done: Acknowledged
    chance: random.Random
    login: str = ""
    pause: ClassVar[tuple[float, float]] = (1, 6)  # seconds between two turns

    def arrive(self) -> None:
        """Sign in by the form, as everybody with an account does."""
        if not self.login:
            return
        form = self.visitor.form(self.visitor.fresh("/sign-in"), "/sign-in")
        self.visitor.send(form, {"email": email(self.login), "password": PASSWORD})

    def turn(self) -> None:
        """One thing."""
        raise NotImplementedError


@dataclass
class Browsing(Person):
    """Reads the public side: lists, searches, products, certificates, and what they lead to."""

    links: Sequence[str] = ()

    def turn(self) -> None:
        """On to something this page leads to, or to somewhere else."""
        luck = self.chance.random()
        if self.links and luck < 0.6:
            path = self.chance.choice(self.links)
        elif luck < 0.8:
            path = f"/products?q={quote(self.chance.choice(WORDS))}"
        else:
            path = self.chance.choice(STARTS)
        self.links = sorted(set(ONWARD.findall(self.visitor.get(path).text)))


@dataclass
class Uploading(Person):
    """Adds evidence to a company's library, by the plain form and by the tus protocol in turns."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    pause: ClassVar[tuple[float, float]] = (3, 9)

    def turn(self) -> None:
        """One file."""
        number = next(self.numbers)
        title = f"Nhật ký {self.login} {number}"
        line = f"{self.login} {number} {self.chance.random()}\n".encode()
        content = line * (self.chance.choice(SIZES) // len(line))
        if number % 2:
            page = self.visitor.fresh("/evidence/new")
            self._send(page, title, _part('name="file"; filename="nhat-ky.txt"', content))
        else:
            upload = self._in_pieces(content)
            self._send(self.visitor.fresh("/evidence/new"), title, _part('name="upload"', upload.encode()))
        self.done.files[hashlib.sha256(content).hexdigest()] = (self.login, title)
        self.visitor.fresh("/evidence")

    def _send(self, page: Page, title: str, sent: bytes) -> None:
        form = self.visitor.form(page, "/evidence/upload?")
        fields: Fields = {**form.fields, "kind": "LOG", "title": title, "promise": "y"}
        parts = b"".join(_part(f'name="{name}"', text.encode()) for name, text in fields.items())
        body = parts + sent + f"--{EDGE}--\r\n".encode()
        self.visitor.ask("POST", form.action, body, {"Content-Type": MULTIPART}, expected={303})

    def _in_pieces(self, content: bytes) -> str:
        """Two stretches, each acknowledged; the id of the upload."""
        ask = self.visitor.ask
        endpoint = json.loads(ask("GET", "/evidence/uploads").body)["endpoint"]
        name = base64.b64encode(b"nhat-ky.txt").decode()
        told = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
        place = urlsplit(ask("POST", endpoint, headers=told, expected={201}).headers["Location"])
        half = len(content) // 2
        for offset, stretch in ((0, content[:half]), (half, content[half:])):
            said = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            ask("PATCH", f"{place.path}?{place.query}", stretch, said, expected={204})
        return place.path.rpartition("/")[2]


@dataclass
class Reviewing(Person):
    """Goes through the criteria of one file, again and again: marks, writes a reason, saves."""

    ref: str = ""
    codes: Sequence[str] = ()
    place: int = 0
    pause: ClassVar[tuple[float, float]] = (3, 9)

    def arrive(self) -> None:
        """Sign in, say that there is no interest, and look through the list of criteria."""
        super().arrive()
        self.visitor.fresh("/reviews")
        asked = self.visitor.fresh(f"/reviews/{self.ref}")
        self.visitor.send(self.visitor.form(asked, f"/reviews/{self.ref}/declare"), {"answer": "none"})
        page = self.visitor.fresh(f"/reviews/{self.ref}")
        self.codes = sorted(set(re.findall(rf"/reviews/{self.ref}\?c=([A-Z]+-\d+)", page.text)))
        if not self.codes:
            raise self.visitor.tally.fail(f"{page.path} shows no criteria")

    def turn(self) -> None:
        """One criterion; half of the time the page has saved what was being typed before it is saved by hand."""
        code = self.codes[self.place % len(self.codes)]
        self.place += 1
        page = self.visitor.fresh(f"/reviews/{self.ref}?c={code}")
        form = self.visitor.form(page, f"/reviews/{self.ref}/scores/{code}")
        reason = f"Trang {self.chance.randrange(1, 99)}, lần đọc {self.place}: {self.chance.randrange(10**9)}."
        typed = {"mark": self.chance.choice("123"), "rationale": reason}
        self.done.scores.pop((self.ref, code, self.login), None)  # until the new one is acknowledged, either may stand
        if self.chance.random() < 0.5:
            draft = f"/reviews/{self.ref}/scores/{code}/draft"
            body = "&".join(f"{name}={quote(text)}" for name, text in {**form.fields, **typed}.items()).encode()
            saved = self.visitor.ask("POST", draft, body, {"Content-Type": FORM, "Accept": "application/json"}, {200})
            form.fields.update(json.loads(saved.body)["fields"])
        answer = self.visitor.send(form, typed)
        self.done.scores[self.ref, code, self.login] = (typed["mark"], reason)
        self.visitor.fresh(answer.headers["Location"])


@dataclass
class Deciding(Person):
    """Proposes on every other file that waits, and answers what the other member has proposed."""

    refs: Sequence[str] = ()
    first: int = 0  # 0: proposes on the first, third, ... file; 1: on the second, fourth, ...
    place: int = 0
    proved_at: float = 0
    declared: set[str] = field(default_factory=set)
    pause: ClassVar[tuple[float, float]] = (3, 9)

    def arrive(self) -> None:
        """Sign in, and look at what waits."""
        super().arrive()
        self.proved_at = time.monotonic()
        self.visitor.fresh("/decisions")

    def turn(self) -> None:
        """One file as far as it goes; where nothing is left to do, the list."""
        self._prove()
        waiting = [ref for place, ref in enumerate(self.refs) if not self._is_done(place, ref)]
        if not waiting:
            self.visitor.fresh("/decisions")
            return
        self.place += 1
        ref = waiting[self.place % min(len(waiting), 3)]
        self._declare(ref)
        page = self.visitor.fresh(f"/decisions/{ref}")
        if self.refs.index(ref) % 2 == self.first:
            form = self.visitor.form(page, f"/decisions/{ref}/propose")
            self.visitor.send(form, {"choice": form.offered["choice"][0]})  # what the marks come to
            self.done.proposals[ref] = self.login
        elif answer := page.form(f"/decisions/{ref}/confirm"):  # else the other one has not proposed yet
            self.visitor.send(answer, {})
            self.done.decisions[ref] = self.login

    def _is_done(self, place: int, ref: str) -> bool:
        return ref in (self.done.proposals if place % 2 == self.first else self.done.decisions)

    def _declare(self, ref: str) -> None:
        if ref in self.declared:
            return
        page = self.visitor.fresh(f"/decisions/{ref}/declare")
        self.visitor.send(self.visitor.form(page, f"/decisions/{ref}/declare"), {"answer": "none"})
        self.declared.add(ref)

    def _prove(self) -> None:
        if time.monotonic() - self.proved_at < PROVED_FOR:
            return
        form = self.visitor.form(self.visitor.fresh("/account/confirm"), "/account/confirm")
        self.visitor.send(form, {"password": PASSWORD})
        self.proved_at = time.monotonic()


def live(person: Person, over: threading.Event) -> None:
    """Arrive some time, and do one thing after the other until it is over; what goes wrong has been counted."""
    try:
        over.wait(person.chance.uniform(0, 4))
        person.arrive()
        while not over.wait(person.chance.uniform(*person.pause)):
            _turn(person)
    except Unexpected:
        return
    except Exception as error:
        person.visitor.tally.fail(f"{type(person).__name__} {person.login}: {error!r}")


def _turn(person: Person) -> None:
    try:
        person.turn()
    except Unexpected:
        return


def _part(disposition: str, content: bytes) -> bytes:
    return f"--{EDGE}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"
