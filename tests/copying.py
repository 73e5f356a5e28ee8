"""A static copy behind nginx, run from the example of docs/operations, with or without an application behind it."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "docs" / "operations" / "copy.nginx.conf"
WITHIN = 10  # seconds


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def configuration(copy: Path, port: int, application: int) -> str:
    """The example with this machine's own places in it."""
    text = EXAMPLE.read_text("utf-8")
    for own, other in (
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{application}"),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"server_name [^;]+;", "server_name localhost;"),
        (r"(?<=\n  )root [^;]+;", f"root {copy / 'current'};"),
    ):
        text, count = re.subn(own, other, text)
        assert count == 1, own
    return text


def whole(folder: Path, text: str) -> str:
    """A configuration with the least that nginx needs around it."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in kinds)
    own = "user root;\n" if os.geteuid() == 0 else ""  # the folders of tests are open to nobody else
    places = f"pid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'};\n"
    return (
        f"{own}daemon off;\nworker_processes 1;\n{places}"
        f"events {{ }}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )


def nginx() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@contextmanager
def served(folder: Path, copy: Path, port: int, application: int) -> Iterator[str]:
    """The copy at http://localhost:<port>; nothing need listen where the application should."""
    with run(folder, configuration(copy, port, application), port):
        yield f"http://localhost:{port}"


@contextmanager
def run(folder: Path, text: str, port: int) -> Iterator[None]:
    """nginx with a configuration, until the end."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(whole(folder, text), "utf-8")
    program = nginx()
    assert program
    process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(file)])  # noqa: S603  our own file
    try:
        _wait(port, process, folder)
        yield
    finally:
        process.terminate()
        process.wait(WITHIN)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, (folder / "error.log").read_text("utf-8")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx does not answer")
