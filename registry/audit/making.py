"""Makes the case files that were asked for: by the worker, offered for some days, then swept; their rows stay.

A worker holds one for a while and longer while it goes on. When it dies, another one takes over once that time has
run; of two that both come to the end, the one that no longer holds it throws its file away.
"""

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from assessments import history
from assessments.clock import deadline, now
from assessments.models import Application, CaseExport
from assessments.policy import Permission, allows
from assessments.queries.standings import standing_of
from assessments.states import CaseState, Event
from registry import db, links, storage
from registry.accounts import sessions
from registry.accounts.models import User
from registry.audit.archive import pack, told_of
from registry.documents.archive import measured
from registry.mail import outbox
from registry.mail.models import WORKER, Heartbeat

KEPT_DAYS = 7  # so long a finished case file is offered
HELD = timedelta(minutes=5)
SAY_SO_EVERY = timedelta(seconds=30)
MOST_TRIES = 5

log = logging.getLogger("registry.worker")


class Lost(Exception):
    """Somebody else makes this one now."""


@dataclass
class Hold:
    """One try of one worker."""

    export_id: UUID
    holder: str
    file_name: str
    language: str

    def __post_init__(self) -> None:
        self._said_at = now()

    def say_alive(self) -> None:
        """Hold it longer, twice a minute, and say that the worker lives; raises Lost when it is not ours any more."""
        if now() - self._said_at < SAY_SO_EVERY:
            return
        self._said_at = now()
        with db.writing() as session:
            session.merge(Heartbeat(name=WORKER, at=now()))
            mine = col(CaseExport.id) == self.export_id, col(CaseExport.holder) == self.holder
            held = session.exec(
                update(CaseExport)
                .where(*mine, col(CaseExport.state) == CaseState.MAKING)
                .values(held_until=now() + HELD)
            )
            if held.rowcount == 0:
                raise Lost


def folder() -> Path:
    """Where the files lie: beside everything that lasts, a demonstration's apart from the real ones."""
    settings = current_app.config["SETTINGS"]
    place: Path = settings.var_dir / "demonstration" if settings.demonstration else settings.var_dir
    return place / "cases"


def make_all() -> int:
    """Make what waits, and what a worker left behind; returns how many became ready."""
    made = 0
    while hold := _hold():
        try:
            made += _make(hold)
        except Exception:  # whatever a storage raises: it is tried again when the hold has run
            log.exception("case file %s failed", hold.export_id)
    return made


def sweep() -> None:
    """Close what has been offered long enough, and remove every file that no row needs."""
    with db.writing() as session:
        over = col(CaseExport.state) == CaseState.READY, col(CaseExport.expires_at) < now()
        session.exec(update(CaseExport).where(*over).values(state=CaseState.OVER))
    with db.reading() as session:
        needed = select(CaseExport).where(col(CaseExport.state).in_((CaseState.MAKING, CaseState.READY)))
        kept = {one.file_name for one in session.exec(needed)}
    for path in folder().glob("*.zip*"):
        if path.name.removesuffix(".part") not in kept:
            path.unlink(missing_ok=True)


def _hold() -> Hold | None:
    """Take the oldest that waits or was left behind; one that failed too often is given up."""
    with db.writing() as session:
        left = (col(CaseExport.state) == CaseState.MAKING) & (col(CaseExport.held_until) < now())
        question = (
            select(CaseExport)
            .where(or_(col(CaseExport.state) == CaseState.WAITING, left))
            .order_by(col(CaseExport.requested_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        export = session.exec(question).one_or_none()
        if export is None:
            return None
        session.add(export)
        if export.tries >= MOST_TRIES:
            export.state = CaseState.FAILED
            log.error("case file %s was tried %d times and is given up", export.id, export.tries)
            return None
        export.state, export.holder = CaseState.MAKING, secrets.token_hex(8)
        export.held_until, export.tries = now() + HELD, export.tries + 1
        return Hold(export.id, export.holder, export.file_name, export.language)


def _make(hold: Hold) -> bool:
    """Write the file beside its place, then put it there; a file that was not finished is removed."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    part, whole = folder() / f"{hold.file_name}.part", folder() / hold.file_name
    try:
        with db.reading() as session:
            told = told_of(session, session.get_one(CaseExport, hold.export_id))
        with part.open("w+b") as file:
            part.chmod(0o600)
            manifest = pack(told, hold.language, storage.current(), file, hold.say_alive)
            file.flush()
            os.fsync(file.fileno())
        found = measured(part)
        part.replace(whole)
        return _finish(hold, manifest, *found)
    except Lost:
        return False
    finally:
        part.unlink(missing_ok=True)


def _finish(hold: Hold, manifest: dict[str, Any], sha256: str, size: int) -> bool:
    """Offer it, write its hash into the history, and tell who asked; only whoever still holds it does."""
    with db.writing() as session:
        export = session.get_one(CaseExport, hold.export_id, with_for_update=True)
        if export.state is not CaseState.MAKING or export.holder != hold.holder:
            (folder() / hold.file_name).unlink(missing_ok=True)
            return False
        earlier = col(CaseExport.application_id) == export.application_id, col(CaseExport.state) == CaseState.READY
        session.exec(update(CaseExport).where(*earlier).values(state=CaseState.OVER))
        export.state, export.sha256, export.size, export.manifest = CaseState.READY, sha256, size, manifest
        export.ready_at, export.expires_at, export.held_until = now(), deadline(KEPT_DAYS), None
        session.add(export)
        _write_down(session, export)
    return True


def _write_down(session: Session, export: CaseExport) -> None:
    """The hash goes into the history: this archive and no other. Who asked is written to, if they may still read it."""
    application = session.get_one(Application, export.application_id)
    person = session.get_one(User, export.requested_by)
    history.record(session, person, history.Step(Event.EXPORT_CASE, note=f"sha256:{export.sha256}"), application)
    sessions.load_standing(session, person)
    if not allows(standing_of(session, person, application), Permission.AUDIT):
        return
    values = {
        "name": person.name,
        "vendor": "",
        "ref": application.ref,
        "until": export.expires_at,
        "size": export.size,
        "sha256": export.sha256,
        "url": links.absolute("audit.show", person.language, ref=application.ref),
    }
    event = f"case_ready:{export.id}:{person.id}"
    outbox.write(session, outbox.Mail(event, person.email, person.language, "case_ready", values))
