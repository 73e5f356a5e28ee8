"""kill -9 of server and worker at random moments: what was acknowledged is there, nothing is half done."""

import hashlib
import html
import http.client
import json
import random
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlmodel import Session, select

from assessments.models import Application, Evidence, HistoryEntry, Receipt, StoredFile, Submission
from assessments.states import State
from registry import config, create_app
from registry.accounts import sessions
from registry.accounts.models import User
from tests import drafting, world
from tests.site import Site, free_port

SEED = 20260722
KILLS = 5
UPLOADERS = 3
APPLICATIONS = 30
LONGEST = 1.5  # seconds from the first request of a round to its end
CUT = (OSError, http.client.HTTPException)


@dataclass
class Acknowledged:
    """What the clients were told has been done, and how often they were cut off."""

    files: dict[str, int] = field(default_factory=dict)
    submissions: set[str] = field(default_factory=set)
    cut: int = 0


@dataclass
class Client:
    """One person's browser, as plain requests."""

    site: Site
    cookie: str

    def get(self, path: str) -> str:
        """A page."""
        return self._ask("GET", path, b"", "text/html")[1]

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Send a form; the status of the answer."""
        return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")[0]

    def upload(self, action: str, content: bytes) -> int:
        """Send a file; the status of the answer."""
        edge = "--------crash"
        fields = {"kind": "LOG", "title": "Nhật ký", "promise": "y"}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="nhat-ky.txt"\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", action, body, f"multipart/form-data; boundary={edge}")[0]

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("localhost", self.site.port, timeout=30)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, "Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with a database of its own, not yet started."""
    site = Site(tmp_path, free_port())
    site.command("db", "upgrade")
    yield site
    site.stop(signal.SIGKILL)


@pytest.fixture
def app_of_site(site: Site) -> Iterator[Flask]:
    """The same site seen from within: for what stands in its tables."""
    app = create_app(config.from_environment(site.environment))
    yield app
    app.extensions["engine"].dispose()


def test_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(site: Site, app_of_site: Flask) -> None:
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    waiting, cookie = prepared(app_of_site)
    done = Acknowledged()
    for number in range(KILLS):
        site.start()
        work_until_killed(Client(site, cookie), waiting, done, chance.uniform(0.2, LONGEST), number)
    assert done.files
    assert done.submissions
    assert done.cut
    swept = site.command("fsck", "--all", "--repair")
    assert swept.splitlines()[-1] == "clean"
    assert site.command("fsck", "--all") == "clean\n"
    with Session(app_of_site.extensions["engine"]) as session:
        every_acknowledged_file_is_whole(app_of_site, session, done)
        every_submission_is_whole(session, done)


def prepared(app: Flask) -> tuple[Queue[str], str]:
    """Applications that wait to be handed in, and the cookie of their owner's browser."""
    waiting: Queue[str] = Queue()
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        people = world.build(session)
        piece = drafting.piece(session, people)
        for number in range(1, APPLICATIONS + 1):
            waiting.put(drafting.ready(people, piece, ref=f"HS-2026-{number:04d}").ref)
        return waiting, cookie_of(app, session, people.an)


def cookie_of(app: Flask, session: Session, person: User) -> str:
    """What a browser sends after its person has signed in."""
    with app.app_context():
        key = sessions.begin(session, person, sessions.Seat())
    session.commit()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    held = {"_user_id": key, "_fresh": True, "csrf_token": "c" * 40}
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"


def work_until_killed(client: Client, waiting: Queue[str], done: Acknowledged, seconds: float, number: int) -> None:
    """Upload and submit from several threads; end the site without a word after so many seconds."""
    form = re.search(r'action="(/evidence/upload\?[^"]*)"', client.get("/evidence/new"))
    assert form is not None
    action = html.unescape(form[1])
    threads = [
        threading.Thread(target=upload_for_ever, args=(client, action, done, f"{number}-{one}"))
        for one in range(UPLOADERS)
    ]
    threads.append(threading.Thread(target=submit_for_ever, args=(client, waiting, done)))
    for thread in threads:
        thread.start()
    threading.Event().wait(seconds)  # the moment is random on purpose; nothing is waited for
    client.site.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()


def upload_for_ever(client: Client, action: str, done: Acknowledged, name: str) -> None:
    """Send one file after the other, none like another, until the connection breaks."""
    chance = random.Random(name)  # noqa: S311 - lengths, not secrets
    try:
        for number in range(1_000_000):
            content = f"{name} {number} ".encode() * chance.randrange(100, 200_000)
            assert client.upload(action, content) == 303
            done.files[hashlib.sha256(content).hexdigest()] = len(content)
    except CUT:
        done.cut += 1


def submit_for_ever(client: Client, waiting: Queue[str], done: Acknowledged) -> None:
    """Hand in one application after the other until the connection breaks or none is left."""
    try:
        while True:
            ref = waiting.get_nowait()
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(f"/applications/{ref}/check"))
            assert token is not None
            assert client.post(f"/applications/{ref}/submit", {"csrf_token": token[1]}) in {302, 303}
            done.submissions.add(ref)
    except CUT:
        done.cut += 1
    except Empty:
        return


def every_acknowledged_file_is_whole(app: Flask, session: Session, done: Acknowledged) -> None:
    """Each has its rows and its bytes; and each row its evidence, told or not."""
    files = {file.sha256: file for file in session.exec(select(StoredFile)).all()}
    assert done.files.keys() <= files.keys()
    for sha256, size in done.files.items():
        with app.extensions["storage"].open(sha256) as source:
            content = source.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256)
    pieces = session.exec(select(Evidence.file_id)).all()
    assert {file.id for file in files.values()} == {file_id for file_id in pieces if file_id is not None}
    receipts = set(session.exec(select(Receipt.sha256)).all())
    assert set(app.extensions["storage"].names()) == files.keys() | receipts


def every_submission_is_whole(session: Session, done: Acknowledged) -> None:
    """State, snapshot and history stand together, whether the owner was told or not."""
    handed_in = {
        ref: (state, submission.number, json.dumps(submission.content) != "{}")
        for ref, state, submission in session.exec(
            select(Application.ref, Application.state, Submission).join(Submission)
        ).all()
    }
    assert done.submissions <= handed_in.keys()
    assert set(handed_in.values()) == {(State.SUBMITTED, 1, True)}
    moved = session.exec(
        select(Application.ref).join(HistoryEntry).where(HistoryEntry.to_state == State.SUBMITTED)
    ).all()
    assert sorted(moved) == sorted(handed_in)
    drafts = session.exec(select(Application.ref).where(Application.state == State.DRAFT)).all()
    assert set(drafts).isdisjoint(handed_in)
