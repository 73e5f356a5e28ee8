"""A poor link: a proxy that lets so many bytes a second through, and is cut when a test says so."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE = 16 * 1024


@dataclass
class Link:
    """What a test may do to the link while it runs."""

    port: int
    target: int
    rate: float  # bytes a second from the browser to the site; answers pass freely
    cut_after: int | None = None  # bytes of one connection, after which that connection is cut: once
    cuts: int = 0
    sent: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """Break every connection there is; new ones may be made."""
        self.cuts += 1
        _close(*self.sockets)

    @property
    def url(self) -> str:
        """What the browser is told to open."""
        return f"http://localhost:{self.port}"


@contextmanager
def poor_link(target: int, rate: float) -> Iterator[Link]:
    """A proxy in front of a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = Link(server.getsockname()[1], target, rate)
        threading.Thread(target=_serve, args=(server, link), daemon=True).start()
        try:
            yield link
        finally:
            link.cut()


def _serve(server: socket.socket, link: Link) -> None:
    with contextlib.suppress(OSError):  # the test is over
        while True:
            inside, _address = server.accept()
            _join(inside, link)


def _join(inside: socket.socket, link: Link) -> None:
    """Two threads for one connection; where the site does not answer there is none."""
    try:
        outside = socket.create_connection(("127.0.0.1", link.target))
    except OSError:
        _close(inside)
        return
    link.sockets += [inside, outside]
    threading.Thread(target=_up, args=(inside, outside, link), daemon=True).start()
    threading.Thread(target=_down, args=(outside, inside), daemon=True).start()


def _up(inside: socket.socket, outside: socket.socket, link: Link) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while piece := inside.recv(PIECE):
            outside.sendall(piece)
            passed += len(piece)
            link.sent += len(piece)
            if link.cut_after is not None and passed >= link.cut_after:
                link.cut_after = None
                link.cuts += 1
                break
            time.sleep(len(piece) / link.rate)
    _close(inside, outside)


def _down(outside: socket.socket, inside: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := outside.recv(PIECE):
            inside.sendall(piece)
    _close(inside, outside)


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
