"""A real HTTP server of a test's own that takes webhooks, and what came to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and how to answer: a code, where to send on, how many seconds to wait."""

    url: str = ""
    port: int = 0
    code: int = 204
    location: str = ""
    drips: float = 0
    got: list[Received] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Takes what comes for the receiver of its server."""

    def do_POST(self) -> None:
        """Note the request and answer as the receiver says."""
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # put there below
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        receiver.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        if receiver.drips:
            self._drip(receiver.drips)
            return
        self.send_response(receiver.code)
        if receiver.location:
            self.send_header("Location", receiver.location)
        self.end_headers()

    do_GET = do_POST  # noqa: N815  whoever followed a redirect would come with this

    def _drip(self, seconds: float) -> None:
        """Send one byte at a time."""
        until = time.monotonic() + seconds
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while time.monotonic() < until:
                self.wfile.write(b"x")
                time.sleep(0.05)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def opened() -> Iterator[Receiver]:
    """A server on a free port of this machine, while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    receiver = Receiver(url=f"http://127.0.0.1:{port}/hook?k=1", port=port)
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
