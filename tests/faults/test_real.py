"""Real servers, started anew one after the other while requests come, with a full disk under the logs of workers."""

import hashlib
import html
import http.client
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest
from sqlmodel import Session, select

from assessments.models import Evidence, StoredFile
from registry import config, create_app
from tests import world
from tests.registry.test_crash import Client, cookie_of
from tests.site import Site, free_port

EACH = 12  # files of one client
CLIENTS = 3
CUT = (OSError, http.client.HTTPException)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[list[Site]]:
    """Two web processes on one database, each with a worker, and the logs of the workers on a full disk."""
    sites = [Site(tmp_path, free_port()), Site(tmp_path, free_port())]
    sites[0].commands(["db", "upgrade"], ["keys", "create"])
    (tmp_path / "1.log").symlink_to("/dev/full")
    yield sites
    for site in sites:
        site.stop(signal.SIGKILL)


@dataclass
class Sender:
    """Somebody who sends files, and sends each again, to the other process, until one has answered."""

    clients: list[Client]
    action: str
    name: str
    told: set[str] = field(default_factory=set)
    cut: int = 0
    half: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Send one file after the other."""
        turns = cycle(self.clients)
        for number in range(EACH):
            content = f"{self.name} {number} ".encode() * 5_000
            while not self._sent(next(turns), content):
                pass
            if number == EACH // 3:
                self.half.set()

    def _sent(self, client: Client, content: bytes) -> bool:
        try:
            code = client.upload(self.action, content)
        except CUT:
            self.cut += 1
            return False
        assert code in {303, 409, 422}, code  # the last two: it had arrived, and the answer was lost
        self.told.add(hashlib.sha256(content).hexdigest())
        return True


def test_one_after_the_other_is_started_anew_and_nothing_is_lost(pair: list[Site]) -> None:
    app = create_app(config.from_environment(pair[0].environment))
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        people = world.build(session)
        cookie = cookie_of(app, session, people.an)
    for site in pair:
        site.start()
    clients = [Client(site, cookie) for site in pair]
    found = re.search(r'action="(/evidence/upload\?[^"]*)"', clients[0].get("/evidence/new"))
    assert found is not None
    senders = [Sender(clients, html.unescape(found[1]), str(number)) for number in range(CLIENTS)]
    threads = [threading.Thread(target=one.work) for one in senders]
    for thread in threads:
        thread.start()
    for site in pair:
        assert all(one.half.wait(60) for one in senders)
        site.stop()
        site.start()
    for thread in threads:
        thread.join()
    told = set.union(*(one.told for one in senders))
    assert len(told) == CLIENTS * EACH
    for site in pair:
        site.stop()
    assert pair[0].command("fsck", "--all", "--repair").splitlines()[-1] == "clean"
    with Session(app.extensions["engine"]) as session:
        assert sorted(session.exec(select(StoredFile.sha256)).all()) == sorted(told)
        assert len(session.exec(select(Evidence.id)).all()) == len(told)
    app.extensions["engine"].dispose()
