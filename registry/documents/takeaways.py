"""Archives to take away: asked for on a page, made by the worker, offered for some days, then swept; their rows stay.

A worker holds one for a while and longer while it goes on. When it dies, another one takes over once that time has
run; of two that both come to the end, the one that no longer holds it throws its file away.
"""

import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from flask import current_app
from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from assessments.clock import deadline, now
from assessments.columns import is_reached
from registry import db
from registry.documents.archive import measured
from registry.mail.models import WORKER, Heartbeat

KEPT_DAYS = 7  # so long a finished one is offered
HELD = timedelta(minutes=5)
SAY_SO_EVERY = timedelta(seconds=30)
MOST_TRIES = 5

log = logging.getLogger("registry.worker")

Write = Callable[[BinaryIO], Any]  # into the file; what it returns goes to Finish
Finish = Callable[[Session, Any, Any], None]  # (session, the row that is ready now, what was returned)


class Lost(Exception):
    """Somebody else makes this one now, or nobody shall."""


@dataclass(frozen=True)
class Takeaway:
    """One kind of archive: its table and the states of it, whose it is (a column), its folder, its name in the log."""

    table: Any
    states: Any
    owner: str
    place: str
    name: str

    def folder(self) -> Path:
        """Where the files lie: beside everything that lasts, a demonstration's apart from the real ones."""
        settings = current_app.config["SETTINGS"]
        place: Path = settings.var_dir / "demonstration" if settings.demonstration else settings.var_dir
        return place / self.place

    def make_all(self, make: Callable[["Hold"], bool]) -> int:
        """Make what waits, and what a worker left behind; returns how many became ready."""
        made = 0
        while hold := self.hold():
            try:
                made += make(hold)
            except Exception:  # whatever a storage raises: it is tried again when the hold has run
                log.exception("%s %s failed", self.name, hold.row_id)
        return made

    def hold(self) -> "Hold | None":
        """Take the oldest that waits or was left behind; one that failed too often is given up."""
        with db.writing() as session:
            row = session.exec(self._next()).one_or_none()
            if row is None:
                return None
            session.add(row)
            if row.tries >= MOST_TRIES:
                row.state = self.states.FAILED
                log.error("%s %s was tried %d times and is given up", self.name, row.id, row.tries)
                return None
            row.state, row.holder = self.states.MAKING, secrets.token_hex(8)
            row.held_until, row.tries = now() + HELD, row.tries + 1
            return Hold(self, row.id, row.holder, row.file_name)

    def make(self, hold: "Hold", write: Write, finish: Finish) -> bool:
        """Write the file beside its place, then put it there and offer it; one that was not finished is removed."""
        self.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        part, whole = self.folder() / f"{hold.file_name}.part", self.folder() / hold.file_name
        try:
            with part.open("w+b") as file:
                part.chmod(0o600)
                told = write(file)
                file.flush()
                os.fsync(file.fileno())
            found = measured(part)
            part.replace(whole)
            return self._offer(hold, found, lambda session, row: finish(session, row, told))
        except Lost:
            return False
        finally:
            part.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Close what has been offered long enough, and remove every file that no row needs."""
        table, states = self.table, self.states
        with db.writing() as session:
            over = col(table.state) == states.READY, col(table.expires_at) < now()
            session.exec(update(table).where(*over).values(state=states.OVER))
        with db.reading() as session:
            needed = select(table).where(col(table.state).in_((states.MAKING, states.READY)))
            kept = {one.file_name for one in session.exec(needed)}
        for path in self.folder().glob("*.zip*"):
            if path.name.removesuffix(".part") not in kept:
                path.unlink(missing_ok=True)

    def _next(self) -> Any:
        table, states = self.table, self.states
        left = (col(table.state) == states.MAKING) & is_reached(col(table.held_until), now())
        question = select(table).where(or_(col(table.state) == states.WAITING, left))
        return question.order_by(col(table.requested_at)).limit(1).with_for_update(skip_locked=True)

    def _offer(self, hold: "Hold", found: tuple[str, int], finish: Callable[[Session, Any], None]) -> bool:
        """Offer it in place of what was offered before; only whoever still holds it does."""
        table, states = self.table, self.states
        with db.writing() as session:
            row = session.get_one(table, hold.row_id, with_for_update=True)
            if row.state is not states.MAKING or row.holder != hold.holder:
                (self.folder() / hold.file_name).unlink(missing_ok=True)
                return False
            same = col(getattr(table, self.owner)) == getattr(row, self.owner)
            session.exec(update(table).where(same, col(table.state) == states.READY).values(state=states.OVER))
            row.state, (row.sha256, row.size) = states.READY, found
            row.ready_at, row.expires_at, row.held_until = now(), deadline(KEPT_DAYS), None
            session.add(row)
            finish(session, row)
        return True


@dataclass
class Hold:
    """One try of one worker."""

    kind: Takeaway
    row_id: UUID
    holder: str
    file_name: str

    def __post_init__(self) -> None:
        self._said_at = now()

    def say_alive(self) -> None:
        """Hold it longer, twice a minute, and say that the worker lives; raises Lost when it is not ours any more."""
        if now() - self._said_at < SAY_SO_EVERY:
            return
        self._said_at = now()
        table = self.kind.table
        with db.writing() as session:
            session.merge(Heartbeat(name=WORKER, at=now()))
            mine = col(table.id) == self.row_id, col(table.holder) == self.holder
            running = col(table.state) == self.kind.states.MAKING
            held = session.exec(update(table).where(*mine, running).values(held_until=now() + HELD))
            if held.rowcount == 0:
                raise Lost
