"""The client of clamd: against a real clamd, and against servers that say nothing, too little or nonsense."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from registry import scanner
from registry.scanner import Patience, Scanner, TooLarge, Unreachable
from tests import clamd
from tests.clamd import Clamd
from tests.site import free_port

IMPATIENT = Patience(connect=0.2, answer=0.2)


@pytest.fixture(scope="module")
def running() -> Iterator[Clamd]:
    """A clamd for the tests of this file."""
    with clamd.installed() as made:
        made.start()
        yield made


@contextmanager
def server(answer: bytes | None) -> Iterator[str]:
    """A server that takes whatever it is sent and answers so at once; None says nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer))
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listening: socket.socket, answer: bytes | None) -> None:
    with suppress(OSError):
        line, _address = listening.accept()
        with line:
            if answer is not None:
                line.sendall(answer)
                line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass


@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_a_clean_file_passes_and_a_harmful_one_is_named(running: Clamd, way: str) -> None:
    asked = Scanner(getattr(running, way))
    assert asked.ping()
    assert asked.scan(io.BytesIO(b"a harmless text")) == ""
    assert asked.scan(io.BytesIO(b"")) == ""
    assert asked.scan(io.BytesIO(clamd.HARMFUL.encode())) == f"{clamd.SIGNATURE}.UNOFFICIAL"


def test_a_harmful_end_of_many_pieces_is_found(running: Clamd) -> None:
    long = bytes(3 * scanner.PIECE_BYTES) + clamd.HARMFUL.encode()
    assert Scanner(running.tcp).scan(io.BytesIO(long)) == f"{clamd.SIGNATURE}.UNOFFICIAL"


def test_a_stream_longer_than_the_scanner_takes_is_too_large(running: Clamd) -> None:
    with pytest.raises(TooLarge):
        Scanner(running.tcp).scan(io.BytesIO(bytes(clamd.STREAM_MAX + 3_000_000)))


def test_a_file_that_it_did_not_look_at_whole_is_too_large_and_not_harmful(running: Clamd) -> None:
    with pytest.raises(TooLarge):
        Scanner(running.tcp).scan(io.BytesIO(bytes(1_500_000)))  # MaxFileSize is 1 MB, and AlertExceedsMax says so


def test_the_file_is_never_whole_in_memory(running: Clamd) -> None:
    class Watched(io.BytesIO):
        asked: list[int] = []  # noqa: RUF012  of this class in this test only

        def read(self, size: int | None = -1) -> bytes:
            self.asked.append(size or 0)
            return super().read(size)

    Scanner(running.tcp).scan(Watched(bytes(900_000)))
    assert set(Watched.asked) == {scanner.PIECE_BYTES}


def test_nobody_there() -> None:
    for url in (f"tcp://127.0.0.1:{free_port()}", "unix:///nowhere/clamd.sock"):
        with pytest.raises(Unreachable):
            Scanner(url).ping()
        with pytest.raises(Unreachable):
            Scanner(url).scan(io.BytesIO(b"x"))


def test_somebody_who_takes_everything_and_says_nothing() -> None:
    with server(None) as url, pytest.raises(Unreachable):
        Scanner(url, IMPATIENT).scan(io.BytesIO(b"x" * 100))


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"PANG\0", b"stream: ", b"stream: OKAY\0", b"OK FOUND MAYBE\0", b"x" * 9000]
)
def test_an_answer_that_nobody_understands_is_no_answer(answer: bytes) -> None:
    with server(answer) as url, pytest.raises(Unreachable):
        Scanner(url).scan(io.BytesIO(b"x"))
    with server(answer) as url:
        assert not Scanner(url).ping()


def test_an_answer_before_the_file_is_through_is_heard() -> None:
    with server(b"INSTREAM size limit exceeded. ERROR\0") as url, pytest.raises(TooLarge):
        Scanner(url).scan(io.BytesIO(bytes(20_000_000)))
