"""Requests as bytes on a socket: a client library would refuse to send what these tests have to."""

import contextlib
import socket
from dataclasses import dataclass, field
from urllib.parse import quote

GUARD = 10  # seconds of silence after which an answer has failed to come


class Unanswered(AssertionError):
    """The server let ten seconds pass without a word."""


@dataclass(frozen=True)
class Answer:
    """What came back: the first answer, and whatever stood behind it on the same connection."""

    status: int  # 0 when the connection was closed without a word
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    rest: bytes = b""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """One header; "" without it."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class Line:
    """One request, every part of it as it goes out."""

    method: str = "GET"
    target: str = "/"
    headers: tuple[str, ...] = ()
    body: bytes = b""
    host: str | None = "localhost"  # None: no Host at all
    sized: bool = True  # whether Content-Length is written for a body
    version: str = "HTTP/1.1"
    extra: tuple[bytes, ...] = field(default=())  # header lines that are no text

    def bytes_for(self, port: int) -> bytes:
        """The whole request."""
        lines = [f"{self.method} {self.target} {self.version}"]
        if self.host is not None:
            lines.append(f"Host: {self.host if self.host != 'localhost' else f'localhost:{port}'}")
        lines += self.headers
        if self.sized and (self.body or self.method == "POST"):
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: close")
        head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
        return b"\r\n".join([head, *self.extra]) + b"\r\n\r\n" + self.body


def ask(port: int, line: Line, address: str = "127.0.0.1") -> Answer:
    """Send one request from an address of this machine and read all that comes back."""
    return exchange(port, line.bytes_for(port), address, head=line.method == "HEAD")


def exchange(port: int, sent: bytes, address: str = "127.0.0.1", *, head: bool = False) -> Answer:
    """Send bytes, read until the server closes. Raises Unanswered when it says nothing within the guard."""
    with socket.create_connection(("127.0.0.1", port), timeout=GUARD, source_address=(address, 0)) as wire:
        received = b""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and may have said so
            wire.sendall(sent)
        try:
            while piece := wire.recv(65536):
                received += piece
        except TimeoutError as error:
            raise Unanswered(f"nothing within {GUARD} s: {sent[:200]!r}") from error
        except ConnectionResetError:
            pass
    return _read(received, head=head)


def _read(received: bytes, *, head: bool) -> Answer:
    start, _, rest = received.partition(b"\r\n\r\n")
    if not start.startswith(b"HTTP/1."):
        return Answer(0, body=received)
    first, *lines = start.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1])
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    if status == 100:  # "continue" stands before the answer
        return _read(rest, head=head)
    named = {name.lower(): value for name, value in headers}
    if head or status in {204, 304}:
        return Answer(status, headers, b"", rest)
    if named.get("transfer-encoding") == "chunked":
        return Answer(status, headers, *_unchunked(rest))
    length = int(named.get("content-length", len(rest)))
    return Answer(status, headers, rest[:length], rest[length:])


def _unchunked(rest: bytes) -> tuple[bytes, bytes]:
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        body, rest = body + rest[:length], rest[length + 2 :]
        if not length:
            break
    return body, rest


def form(fields: list[tuple[str, str]] | dict[str, str]) -> bytes:
    """Fields as a form sends them; a text with halves of characters goes out as bytes that are no UTF-8."""
    pairs = list(fields.items()) if isinstance(fields, dict) else fields
    return "&".join(
        f"{quote(name.encode('utf-8', 'surrogateescape'))}={quote(text.encode('utf-8', 'surrogateescape'))}"
        for name, text in pairs
    ).encode()


FORM = "Content-Type: application/x-www-form-urlencoded"
EDGE = "----hostile"
MULTIPART = f"Content-Type: multipart/form-data; boundary={EDGE}"


def part(disposition: str, content: bytes, *more: str) -> bytes:
    """One part of a multipart form."""
    lines = "\r\n".join([f"--{EDGE}", f"Content-Disposition: {disposition}", *more])
    return lines.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content + b"\r\n"


def multipart(*parts: bytes, end: bool = True) -> bytes:
    """Parts put together."""
    return b"".join(parts) + (f"--{EDGE}--\r\n".encode() if end else b"")
