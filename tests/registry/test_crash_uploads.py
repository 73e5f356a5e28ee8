"""kill -9 of the server in the middle of an upload: what was acknowledged is there, and the upload goes on."""

import hashlib
import http.client
import json
import random
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select, update

from assessments.clock import now
from assessments.models import Upload
from registry import config, create_app
from tests import world
from tests.registry.evidence.sender import BODY, VERSION, metadata
from tests.registry.test_crash import cookie_of
from tests.site import Site, free_port

MB = 1024 * 1024
CONTENT = b"%PDF-1.7\n" + random.Random(2).randbytes(40 * MB)  # noqa: S311  bytes, not secrets
SENT = 25 * MB  # before the power goes
LOST_AT_MOST = 8 * MB + MB  # what is made safe at once, and what was on its way


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with a database of its own, not yet started."""
    site = Site(tmp_path, free_port())
    site.command("db", "upgrade")
    yield site
    site.stop(signal.SIGKILL)


@pytest.fixture
def app(site: Site) -> Iterator[Flask]:
    """The same site seen from within."""
    app = create_app(config.from_environment(site.environment))
    yield app
    app.extensions["engine"].dispose()


def test_an_upload_outlives_the_server(site: Site, app: Flask) -> None:
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        an = world.build(session).an
        cookie = cookie_of(app, session, an)
    site.start()
    url = begun(site, cookie)
    connection = http.client.HTTPConnection("localhost", site.port, timeout=60)
    connection.putrequest("PATCH", url)
    for name, value in stretch(cookie, 0).items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(CONTENT)))
    connection.endheaders(CONTENT[:SENT])
    acknowledged = 0
    while acknowledged < 2 * 8 * MB:  # two stretches are safe; the third is on its way
        acknowledged = state(site, cookie, url)
    site.stop(signal.SIGKILL)
    connection.close()
    site.start()
    received = state(site, cookie, url)
    assert SENT - LOST_AT_MOST <= acknowledged <= received <= SENT
    assert ask(site, "PATCH", url, stretch(cookie, received))[0] == 423
    with Session(app.extensions["engine"]) as session:  # the killed request has been silent long enough
        session.exec(update(Upload).values(held_until=now() - timedelta(seconds=1)))
        session.commit()
    assert ask(site, "PATCH", url, stretch(cookie, received), CONTENT[received:])[0] == 204
    with Session(app.extensions["engine"]) as session:
        upload = session.exec(select(Upload)).one()
        assert (upload.received, upload.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    site.stop(signal.SIGKILL)
    assert site.command("fsck", "--all") == "clean\n"


def begun(site: Site, cookie: str) -> str:
    """Begin an upload as the page's script does."""
    asked = ask(site, "GET", "/evidence/uploads", {"Cookie": cookie})
    endpoint = json.loads(asked[2])["endpoint"]
    told = {"Cookie": cookie, **VERSION, "Upload-Length": str(len(CONTENT)), "Upload-Metadata": metadata()}
    status, headers, _body = ask(site, "POST", endpoint, told)
    assert status == 201
    return str(headers["Location"])


def stretch(cookie: str, offset: int) -> dict[str, str]:
    """The headers of a PATCH."""
    return {"Cookie": cookie, **VERSION, "Upload-Offset": str(offset), "Content-Type": BODY}


def state(site: Site, cookie: str, url: str) -> int:
    """How far it has come."""
    status, headers, _body = ask(site, "HEAD", url, {"Cookie": cookie, **VERSION})
    assert status == 200
    return int(headers["Upload-Offset"])


def ask(site: Site, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, Any, bytes]:
    """A request and its answer."""
    connection = http.client.HTTPConnection("localhost", site.port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
