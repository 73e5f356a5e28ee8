"""A small client of clamd, the daemon of ClamAV: asks whether it is there, and streams a file through it.

The protocol is clamd(8)'s: commands end with a zero byte; INSTREAM sends pieces, each after its length, until one of
length zero, and answers in one line. docs/decisions/0016 says why this is no library.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from flask import current_app

PIECE_BYTES = 256 * 1024
LONGEST_ANSWER = 4096
LIMITS_EXCEEDED = "Heuristics.Limits.Exceeded"  # with AlertExceedsMax: it did not look at everything
SIZE_EXCEEDED = "size limit exceeded"  # the stream is longer than StreamMaxLength
DEFAULT_PORT = 3310


class Unreachable(Exception):
    """The scanner is not there, does not answer in time, or answers what nobody understands."""


class TooLarge(Exception):
    """The scanner does not take files of this size, or did not look at the whole of it."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for the connection, for each sign of life after it, for all of it."""

    connect: float = 5.0
    answer: float = 60.0
    whole: float = 600.0


@dataclass(frozen=True)
class Scanner:
    """A clamd at tcp://host:port or unix:///path."""

    url: str
    patience: Patience = field(default_factory=Patience)

    def ping(self) -> bool:
        """Whether it answers. Raises Unreachable when it does not."""
        with self._connected() as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"

    def scan(self, source: BinaryIO) -> str:
        """The name of what was found in a file; "" for nothing. The file goes through in pieces, never whole.

        Raises Unreachable and TooLarge: then nothing is known about the file.
        """
        with self._connected() as line:
            _send(line, source)
            return _verdict(_answer(line))

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            with closing(self._connect()) as line, self._ended_in_time(line):
                line.settimeout(self.patience.answer)
                yield line
        except OSError as error:
            raise Unreachable(str(error) or type(error).__name__) from error

    @contextmanager
    def _ended_in_time(self, line: socket.socket) -> Iterator[None]:
        """Hang up when all of it takes too long, however slowly the answer drips."""
        alarm = threading.Timer(self.patience.whole, _hang_up, (line,))
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()

    def _connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        if parts.scheme == "tcp":
            return socket.create_connection((parts.hostname, parts.port or DEFAULT_PORT), self.patience.connect)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(self.patience.connect)
        try:
            line.connect(unquote(parts.path))
        except OSError:
            line.close()
            raise
        return line


def current() -> Scanner | None:
    """The scanner of the settings; None where none is set up."""
    url: str = current_app.config["SETTINGS"].clamd_url
    return Scanner(url) if url else None


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _send(line: socket.socket, source: BinaryIO) -> None:
    """The file in pieces. A scanner that has had enough hangs up, after it has said why."""
    with suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(b"zINSTREAM\0")
        while piece := source.read(PIECE_BYTES):
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _verdict(answer: str) -> str:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND") and not said.startswith(LIMITS_EXCEEDED):
        return said.removesuffix(" FOUND")
    if said.startswith(LIMITS_EXCEEDED) or SIZE_EXCEEDED in said:
        raise TooLarge(said)
    raise Unreachable(f"answered {said[:200]!r}")
