"""Several machines on one: three web processes behind nginx, two workers, PostgreSQL, and moto's server for S3."""

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from tests import copying, signing
from tests.site import Site

WEB, WORKERS, BUCKET = 3, 2, "evidence"
AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass
class Machines:
    """The processes and where each of them answers; the address people use is nginx's."""

    site: Site
    ports: list[int]
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_web(self, port: int) -> None:
        """One web process, and wait until it answers."""
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "registry:create_app"]
        self.site._run(*server, "--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--workers", "1")
        self.running[port] = self.site.processes[-1]

    def wait(self, port: int) -> None:
        """Until a process answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.site.log())

    def restart(self, port: int) -> None:
        """Another process in the place of one, as an upgrade does."""
        old = self.running[port]
        old.terminate()
        old.wait(20)
        self.site.processes.remove(old)
        self.start_web(port)
        self.wait(port)

    def text(self, path: str, port: int) -> str:
        """A page as one process has it."""
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=20) as answer:
            found: str = answer.read().decode()
        return found


class Person:
    """Somebody with a browser that keeps cookies, whatever process answers."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, url: str) -> str:
        """A page, and where it led to."""
        with self.opener.open(url, timeout=20) as answer:
            return f"{answer.url}\n{answer.read().decode()}"

    def sign_in(self, url: str, email: str, password: str) -> None:
        """Through the form."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(f"{url}/sign-in"))
        assert token
        data = urllib.parse.urlencode({"csrf_token": token[1], "email": email, "password": password}).encode()
        request = urllib.request.Request(f"{url}/sign-in", data, {"Origin": url})  # noqa: S310  our own
        self.opener.open(request, timeout=20).close()


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """All of them, on the database of the test; stopped at the end."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=copying.free_port())
    server.start()
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).create_bucket(Bucket=BUCKET)
    settings = {
        **AWS,
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "STORAGE_URL": f"s3://{BUCKET}/registry?endpoint={endpoint}&region=us-east-1",
        "KEYS_DIR": str(signing.folder()),
    }
    made = Machines(Site(folder, copying.free_port(), settings), [copying.free_port() for _ in range(WEB)])
    try:
        for port in made.ports:
            made.start_web(port)
        for _worker in range(WORKERS):
            made.site._run(sys.executable, "-m", "flask", "--app", "registry", "worker")
        for port in made.ports:
            made.wait(port)
        with copying.run(folder / "nginx", _balanced(made), made.site.port):
            yield made
    finally:
        made.site.stop()
        server.stop()


def _balanced(made: Machines) -> str:
    """One request after the other to each process; a process that is away is passed over."""
    upstream = "".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s; " for port in made.ports)
    proxy = "proxy_set_header Host localhost; proxy_next_upstream error timeout http_502; proxy_connect_timeout 2s;"
    listen = f"listen 127.0.0.1:{made.site.port};"
    return f"upstream web {{ {upstream} }}\nserver {{ {listen} location / {{ proxy_pass http://web; {proxy} }} }}\n"
