"""Measures uploads through the real server: the rate against hashing alone, and the memory they take.

`.venv/bin/python -m bench.upload [MB]` starts granian on a database that vanishes afterwards.
"""

import hashlib
import html
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface
from sqlmodel import Session

from assessments.clock import now
from assessments.models import Member, Vendor
from assessments.people import MemberRole
from registry import create_app
from registry.accounts import sessions
from registry.accounts.models import User

PORT = int(os.environ.get("BENCH_PORT", "8391"))
ROUNDS = 5
CHUNK = bytes(range(256)) * 4096  # 1 MiB
BINARIES = Path(sys.executable).parent
_serial = count()  # the library refuses bytes that it has


def main() -> None:
    """Upload the same bytes several times, in turns with hashing them, and print the ratio and the memory."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), megabytes) as (pid, cookies):
        cookie = cookies[0]
        action = form_action(cookie)
        send(action, cookie, 1)  # the first one imports and connects
        before = memory(pid)
        ratios = []
        for number in range(ROUNDS):
            alone = hashing(megabytes)
            sending = send(action, cookie, megabytes)
            ratios.append(alone / sending)
            print(
                f"round {number + 1}: {megabytes} MB in {sending:.2f} s ({megabytes / sending:.0f} MB/s), "
                f"hashing alone {alone:.2f} s, ratio {alone / sending:.2f}"
            )
        peak = memory(pid, "VmHWM")
        print(f"ratio {sorted(ratios)[ROUNDS // 2]:.2f} of the rate of hashlib alone (median of {ROUNDS})")
        print(f"memory before {before:.0f} MB, highest {peak:.0f} MB: {peak - before:+.1f} MB")


@contextmanager
def server(folder: Path, megabytes: int, people: int = 1) -> Iterator[tuple[int, list[str]]]:
    """A granian of one worker in that folder: its process, and the cookies of people of one company."""
    environment = {
        **os.environ,
        "VAR_DIR": str(folder),
        "SECRET_KEY": "of a measurement, long enough to be taken",
        "PUBLIC_URL": f"http://localhost:{PORT}",
        "MAX_UPLOAD_MB": str(megabytes + 1),
    }
    for name in ("DATABASE_URL", "STORAGE_URL", "MAIL_URL", "DEMONSTRATION"):
        environment.pop(name, None)
        os.environ.pop(name, None)  # the people are entered by this process
    os.environ.update({name: environment[name] for name in ("VAR_DIR", "SECRET_KEY", "PUBLIC_URL", "MAX_UPLOAD_MB")})
    subprocess.run([BINARIES / "flask", "--app", "registry", "db", "upgrade"], check=True, env=environment)  # noqa: S603 - ours
    cookies = _sign_in(people)
    command = [BINARIES / "granian", "--interface", "wsgi", "--factory", "--port", str(PORT), "--workers", "1"]
    command += ["--http", "1", "--no-ws", "--log-level", "warning", "registry:create_app"]
    quiet = subprocess.DEVNULL  # what it says of each request stands in nobody's way
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as running:  # noqa: S603 - ours
        try:
            _wait()
            yield _worker_of(running.pid), cookies
        finally:
            running.terminate()


def _sign_in(people: int) -> list[str]:
    """A company, its owners, and the cookies of the browsers they are signed in with."""
    app = create_app()
    keys = []
    with app.app_context(), Session(app.extensions["engine"]) as session:
        facts = {"registration_number": "1", "address": "a", "representative": "b", "contact_email": "c@d.example"}
        vendor = Vendor(slug="bench", name="Bench", **facts)
        session.add(vendor)
        session.flush()
        for number in range(people):
            user = User(email=f"bench{number}@d.example", name="Bench", email_verified_at=now())
            session.add(user)
            session.flush()
            session.add(Member(vendor_id=vendor.id, user_id=user.id, role=MemberRole.OWNER))
            keys.append(sessions.begin(session, user, sessions.Seat()))
        session.commit()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError("no secret key")
    name = app.config["SESSION_COOKIE_NAME"]
    return [f"{name}={signer.dumps({'_user_id': key, '_fresh': True})}" for key in keys]


def _wait() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            _get("/evidence", "")
        except OSError:
            continue
        return
    raise TimeoutError("the server did not start")


def _worker_of(pid: int) -> int:
    """Granian serves from a child of the process that was started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return int(children[0]) if children else pid


def _get(path: str, cookie: str) -> str:
    connection = http.client.HTTPConnection("localhost", PORT, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def form_action(cookie: str) -> str:
    """Where the form of a new file is sent to."""
    found = re.search(r'action="(/evidence/upload\?[^"]*)"', _get("/evidence/new", cookie))
    if found is None:
        raise LookupError("/evidence/new shows no form")
    return html.unescape(found[1])


def send(action: str, cookie: str, megabytes: int) -> float:
    """Send a build of that size and return the seconds until it was acknowledged."""
    edge = "----bench"
    fields = {"kind": "DEMO", "title": "bench", "promise": "y"}
    head = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="bench.exe"\r\n\r\nMZ{next(_serial)}'
    start, end = head.encode(), f"\r\n--{edge}--\r\n".encode()
    connection = http.client.HTTPConnection("localhost", PORT, timeout=600)
    began = time.perf_counter()
    connection.putrequest("POST", action)
    connection.putheader("Cookie", cookie)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={edge}")
    connection.putheader("Content-Length", str(len(start) + megabytes * len(CHUNK) + len(end)))
    connection.endheaders(start)
    for _ in range(megabytes):
        connection.send(CHUNK)
    connection.send(end)
    status = connection.getresponse().status
    connection.close()
    if status != 303:
        raise RuntimeError(f"the upload was answered with {status}")
    return time.perf_counter() - began


def hashing(megabytes: int) -> float:
    """Seconds that hashlib alone takes for so many megabytes."""
    began = time.perf_counter()
    found = hashlib.sha256()
    for _ in range(megabytes):
        found.update(CHUNK)
    return time.perf_counter() - began


def memory(pid: int, what: str = "VmRSS") -> float:
    """Megabytes a process holds (VmRSS), or held at most (VmHWM); Linux only."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
