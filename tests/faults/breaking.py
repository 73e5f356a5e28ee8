"""Ways in which what the registry stands on breaks, each for as long as a block runs, and what people read then."""

import html
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, text

from registry.outages import RETRY_SECONDS
from tests.racing import Hand, everything_agrees

SOON = 60  # ms a statement of these tests waits for a lock
TYPED = "Ứng dụng chặn được chín trên mười trang thử."
NOTHING_SAVED = "Chưa có gì được lưu."
PERHAPS_SAVED = "có thể đã được ghi"


def marking(hand: Hand, ref: str, version: int = 1) -> Any:
    """A form with a text in it: a reviewer's mark."""
    fields = {"csrf_token": hand.token, "mark": "2", "rationale": TYPED, "version": str(version), "then": "stay"}
    return hand.browser.post(f"/reviews/{ref}/scores/TN-05", data=fields)


def says(answer: Any, code: int, *words: str) -> None:
    """An outage in words: the code, when to come again, what was typed, nothing of ours."""
    page = re.sub(r"\s+", " ", html.unescape(answer.text))
    assert answer.status_code == code, page
    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert [one for one in words if one not in page] == []
    assert "Traceback" not in page
    assert "Mã lỗi" in page


def heals(app: Flask, hand: Hand, ref: str) -> None:
    """The same form goes through in the same process, and everything agrees."""
    answer = marking(hand, ref)
    assert answer.status_code == 302, answer.text
    everything_agrees(app)


@contextmanager
def every_connection(engine: Engine, sqlite: str = "", postgresql: str = "") -> Iterator[None]:
    """Say something to each new connection; the old ones go before and after."""
    statement = sqlite if engine.dialect.name == "sqlite" else postgresql

    def say(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if engine.dialect.name == "postgresql":
            connection.commit()

    engine.dispose()
    event.listen(engine, "connect", say)
    try:
        yield
    finally:
        event.remove(engine, "connect", say)
        engine.dispose()


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody holds what every writer needs, and does not let go; those who wait have little patience."""
    waits = every_connection(engine, f"PRAGMA busy_timeout={SOON}", f"SET lock_timeout = '{SOON}ms'")
    with waits, closing(engine.connect()) as holder:
        if engine.dialect.name == "postgresql":
            holder.execute(text("LOCK TABLE application, review IN EXCLUSIVE MODE"))
        else:
            holder.execute(text("SELECT 1"))  # BEGIN IMMEDIATE, as every writer of ours
        yield
        holder.rollback()


@contextmanager
def before_statement(engine: Engine, beginning: str, act: Any) -> Iterator[None]:
    """Do something once, just before the first statement that begins so."""
    done: list[bool] = []

    def look(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(beginning) and not done:
            done.append(True)
            act(cursor)

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", look)
    assert done


@contextmanager
def deaf() -> Iterator[int]:
    """A server that takes every connection and never says a word; its port."""
    with serving(lambda line: None) as port:
        yield port


@contextmanager
def dripping(beginning: bytes) -> Iterator[int]:
    """A server that sends one byte after the other and never comes to an end; its port."""
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        with suppress(OSError):
            line.sendall(beginning)
            while not over.wait(0.01):
                line.sendall(b"x")

    with serving(lambda line: threading.Thread(target=drip, args=(line,), daemon=True).start()) as port:
        try:
            yield port
        finally:
            over.set()


@contextmanager
def serving(take: Any) -> Iterator[int]:
    """Accept until the block ends; every line stays open until then."""
    lines: list[socket.socket] = []

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _address = listening.accept()
                lines.append(line)
                take(line)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for line in lines:
                line.close()
