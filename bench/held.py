"""Measures what uploads that stand still do to others: pages while many are held in their middle, and while none is.

What a process takes in at once is capped (registry/evidence/reception.py): of 200 senders most are answered that there
is no room just now, and keep their connection open all the same.
"""

import os
import select
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assessments.uploads import AT_ONCE_EACH
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import Served, load
from bench.upload import PORT, form_action, server

HELD = (16, 30, 200)
PEOPLE = -(-max(HELD) // AT_ONCE_EACH)
MEGABYTES = 20  # announced; some of the first is sent
ROUNDS = 5
SECONDS = 3
WARM = 6
CONNECTIONS = 4
SETTLED = 1.0  # seconds until what was sent has been taken in, or what was closed is gone
TRIES = 20
GOAL = "{} held slow uploads: other requests' p99 against none held"
EDGE = "----bench"
Form = tuple[str, str]  # where it is sent to, and the cookie of whom
NAMED = 'Content-Disposition: form-data; name="file"; filename="a.exe"'
PART = f"--{EDGE}\r\n{NAMED}\r\n\r\nMZ{'slow' * 20_000}".encode()


def measure() -> list[Figure]:
    """A public page and one of somebody signed in, with each number of uploads held and with none."""
    os.environ["TRUSTED_HOSTS"] = "localhost,127.0.0.1"
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), MEGABYTES, PEOPLE) as (pid, cookies):
        serving = Served(PORT, pid)
        forms = [(form_action(cookie), cookie) for cookie in cookies]  # an address holds for the one it was shown to
        pages = {"public page": ("/", {}), "signed in": ("/evidence", {"Cookie": cookies[0]})}
        for path, headers in pages.values():
            load(serving, [path], WARM, 1, headers)  # templates are compiled when first used
        return [_figure(serving, forms, number, what, *page) for number in HELD for what, page in pages.items()]


def _figure(
    serving: Served, forms: Sequence[Form], number: int, what: str, path: str, headers: dict[str, str]
) -> Figure:
    refused: list[int] = []

    def asking() -> float:
        found = load(serving, [path], SECONDS, CONNECTIONS, headers)
        if found.failed:
            raise RuntimeError(f"{found.failed} requests for {path} failed")
        return found.p99

    def asking_while_held() -> float:
        with _held(forms, number) as senders:
            p99 = asking()
            refused.append(_answered(senders))
        time.sleep(SETTLED)
        return p99

    measured = in_turns(ROUNDS, asking_while_held, asking)
    held, alone = measured[len(measured) // 2]
    note = f"{number - refused[-1]} held, {refused[-1]} refused; {held * 1000:.1f} ms against {alone * 1000:.1f} ms"
    return Figure(GOAL.format(number), what, ratios(measured), Limit(most=1.5), Limit(most=1.1), note)


@contextmanager
def _held(forms: Sequence[Form], number: int) -> Iterator[list[socket.socket]]:
    """So many senders that have sent a part of their file and say nothing more."""
    with ExitStack() as stack:
        senders = [stack.enter_context(_sender(*forms[one % len(forms)])) for one in range(number)]
        _settle(senders)
        yield senders


def _settle(senders: Sequence[socket.socket]) -> None:
    """Wait until nobody is answered any more: their coming is no part of the measure."""
    before, answered, tries = -1, 0, 0
    while before != answered and tries < TRIES:
        time.sleep(SETTLED)
        before, answered, tries = answered, _answered(senders), tries + 1


def _sender(action: str, cookie: str) -> socket.socket:
    head = (
        f"POST {action} HTTP/1.1\r\nHost: localhost:{PORT}\r\nCookie: {cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={EDGE}\r\nContent-Length: {MEGABYTES * 1024 * 1024}\r\n\r\n"
    )
    sender = socket.create_connection(("localhost", PORT), 10)
    sender.sendall(head.encode() + PART)
    return sender


def _answered(senders: Sequence[socket.socket]) -> int:
    """How many were answered without having sent everything: refused."""
    return len(select.select(senders, [], [], 0)[0])
