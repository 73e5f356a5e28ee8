"""Measures ten files that arrive at once by the tus protocol: the server's memory, and the rate against hashing.

`.venv/bin/python -m bench.resumable [FILES] [MB]` starts granian on a database that vanishes afterwards. Every file is
cut once in its middle and goes on, so that the pass over what came before the cut is part of the measure.
"""

import http.client
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path

from bench.upload import CHUNK, PORT, hashing, memory, server

FILES = 10
MEGABYTES = 60
PEOPLE = 3  # one person writes to four files at once
LONGEST = 120  # seconds one request may take
NAME = "filename YmVuY2guZXhl"  # bench.exe
VERSION = {"Tus-Resumable": "1.0.0"}


def main(arguments: Sequence[str] = ()) -> None:
    """Send the files at once, and print memory and rate."""
    files, megabytes = (int(arguments[0]), int(arguments[1])) if len(arguments) == 2 else (FILES, MEGABYTES)
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), megabytes, PEOPLE) as (pid, cookies):
        _send(cookies[0], 2)  # the first one imports and connects
        before = memory(pid)
        alone = hashing(files * megabytes)
        began = time.perf_counter()
        with ThreadPoolExecutor(files) as pool:
            list(pool.map(lambda number: _send(cookies[number % len(cookies)], megabytes), range(files)))
        took = time.perf_counter() - began
        peak = memory(pid, "VmHWM")
    total = files * megabytes
    print(f"{files} uploads of {megabytes} MB at once, each cut once: {took:.1f} s ({total / took:.0f} MB/s)")
    print(f"ratio {alone / took:.2f} of the rate of hashlib alone ({total / alone:.0f} MB/s)")
    print(f"memory before {before:.0f} MB, highest {peak:.0f} MB: {peak - before:+.1f} MB (goal: at most +40)")


def _send(cookie: str, megabytes: int) -> None:
    """One file in two stretches, the first of which breaks off."""
    half = megabytes // 2
    url = _begin(cookie, megabytes)
    _patch(cookie, url, 0, half, announced=megabytes)
    _patch(cookie, url, half * len(CHUNK), megabytes - half, announced=megabytes - half)
    if _state(cookie, url) != megabytes * len(CHUNK):
        raise RuntimeError("the file has not arrived")


def _begin(cookie: str, megabytes: int) -> str:
    endpoint = json.loads(_ask("GET", "/evidence/uploads", {"Cookie": cookie})[1])["endpoint"]
    length = str(megabytes * len(CHUNK))
    told = {"Cookie": cookie, **VERSION, "Upload-Length": length, "Upload-Metadata": NAME}
    return str(_ask("POST", endpoint, told)[0]["Location"])


def _state(cookie: str, url: str) -> int:
    return int(_ask("HEAD", url, {"Cookie": cookie, **VERSION})[0]["Upload-Offset"])


def _patch(cookie: str, url: str, offset: int, megabytes: int, *, announced: int) -> None:
    connection = http.client.HTTPConnection("localhost", PORT, timeout=LONGEST)
    connection.putrequest("PATCH", url)
    told = {
        "Cookie": cookie,
        **VERSION,
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    for name, value in {**told, "Content-Length": str(announced * len(CHUNK))}.items():
        connection.putheader(name, value)
    connection.endheaders()
    for _ in range(megabytes):
        connection.send(CHUNK)
    if megabytes < announced:
        connection.close()
        _await(cookie, url, megabytes * len(CHUNK))
        return
    status = connection.getresponse().status
    connection.close()
    if status != 204:
        raise RuntimeError(f"a stretch was answered with {status}")


def _await(cookie: str, url: str, size: int) -> None:
    """What was on its way when the connection broke arrives all the same, and the server notices the end."""
    deadline = time.monotonic() + LONGEST
    while _state(cookie, url) < size:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{url} has not received {size} bytes")
        time.sleep(0.05)


def _ask(method: str, path: str, headers: dict[str, str]) -> tuple[Message, bytes]:
    connection = http.client.HTTPConnection("localhost", PORT, timeout=LONGEST)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} was answered with {answer.status}: {body.decode(errors='replace')}")
    return answer.headers, body


if __name__ == "__main__":
    main(sys.argv[1:])
