"""A company's data to take away: asked for on a page, made by the worker, offered for some days, then swept.

A worker holds an export for a while and longer while it goes on. When it dies, another one takes over once that time
has run; of two that both come to the end, the one that no longer holds it throws its file away.
"""

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from assessments import history
from assessments.clock import deadline, now
from assessments.errors import NotFound
from assessments.evidence import access_window
from assessments.models import Vendor
from assessments.people import Actor, MemberRole
from assessments.queries import people
from assessments.states import PeopleEvent
from registry import db, links, storage
from registry.accounts import attempts
from registry.company.archive import pack
from registry.company.models import Export, ExportReading, ExportState
from registry.documents.archive import measured
from registry.mail import outbox
from registry.mail.models import WORKER, Heartbeat

KEPT_DAYS = 7  # so long a finished export is offered
HELD = timedelta(minutes=5)
SAY_SO_EVERY = timedelta(seconds=30)
MOST_TRIES = 5
RUNNING = (ExportState.WAITING, ExportState.MAKING)

log = logging.getLogger("registry.worker")


class Lost(Exception):
    """Somebody else makes this export now, or nobody shall."""


@dataclass
class Hold:
    """One try of one worker."""

    export_id: UUID
    vendor_id: UUID
    holder: str
    file_name: str

    def __post_init__(self) -> None:
        self._said_at = now()

    def say_alive(self) -> None:
        """Hold it longer, twice a minute, and say that the worker lives; raises Lost when it is not ours any more."""
        if now() - self._said_at < SAY_SO_EVERY:
            return
        self._said_at = now()
        with db.writing() as session:
            session.merge(Heartbeat(name=WORKER, at=now()))
            held = session.exec(
                update(Export)
                .where(
                    col(Export.id) == self.export_id,
                    col(Export.holder) == self.holder,
                    col(Export.state) == ExportState.MAKING,
                )
                .values(held_until=now() + HELD)
            )
            if held.rowcount == 0:
                raise Lost


def folder() -> Path:
    """Where the files lie: beside everything that lasts, a demonstration's apart from the real ones."""
    settings = current_app.config["SETTINGS"]
    place: Path = settings.var_dir / "demonstration" if settings.demonstration else settings.var_dir
    return place / "exports"


def request(session: Session, actor: Actor, vendor: Vendor) -> Export:
    """Ask for everything; while one is on its way a second asking gives the same. Refuses too many a day (TooMany)."""
    session.refresh(vendor, with_for_update=True)
    running = session.exec(
        select(Export).where(Export.vendor_id == vendor.id, col(Export.state).in_(RUNNING))
    ).one_or_none()
    if running is not None:
        return running
    attempts.take(session, attempts.Purpose.EXPORT, str(vendor.id))
    export = Export(vendor_id=vendor.id, requested_by=actor.id)
    session.add(export)
    history.record(session, actor, history.Step(PeopleEvent.ASK_EXPORT, note=vendor.name))
    return export


def of_company(session: Session, vendor_id: UUID) -> list[Export]:
    """What was asked for, newest first, the swept ones left out."""
    question = (
        select(Export)
        .where(Export.vendor_id == vendor_id, Export.state != ExportState.OVER)
        .order_by(col(Export.requested_at).desc())
    )
    return list(session.exec(question).all())


def readings_of(session: Session, vendor_id: UUID) -> list[ExportReading]:
    """Who took one away, newest first."""
    question = (
        select(ExportReading)
        .join(Export, col(Export.id) == col(ExportReading.export_id))
        .where(Export.vendor_id == vendor_id)
        .order_by(col(ExportReading.at).desc())
    )
    return list(session.exec(question).all())


def take(session: Session, vendor_id: UUID, export_id: UUID) -> tuple[Export, Path]:
    """A finished export of a company and where its file lies; anything else is NotFound."""
    export = session.get(Export, export_id)
    if export is None or export.vendor_id != vendor_id or export.state is not ExportState.READY:
        raise NotFound
    path = folder() / export.file_name
    if export.expires_at is None or export.expires_at < now() or not path.is_file():
        raise NotFound
    return export, path


def write_down(session: Session, actor: Actor, export_id: UUID) -> None:
    """Record that somebody takes it away: one row for a person and ten minutes, however many pieces are fetched."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(ExportReading) if on_postgresql else sqlite.insert(ExportReading)
    row = ExportReading(export_id=export_id, person_id=actor.id, window=access_window())
    session.execute(insert.values(**row.model_dump()).on_conflict_do_nothing())


def give_up(session: Session, vendor_id: UUID) -> None:
    """Nothing is made or offered any more: the company leaves. The files go with the next sweep."""
    session.exec(
        update(Export)
        .where(col(Export.vendor_id) == vendor_id, col(Export.state).in_((*RUNNING, ExportState.READY)))
        .values(state=ExportState.OVER)
    )


def make_all() -> int:
    """Make what waits, and what a worker left behind; returns how many became ready."""
    made = 0
    while hold := _hold():
        try:
            made += _make(hold)
        except Exception:  # whatever a storage raises: it is tried again when the hold has run
            log.exception("export %s failed", hold.export_id)
    return made


def sweep() -> None:
    """Close what has been offered long enough, and remove every file that no export needs."""
    with db.writing() as session:
        session.exec(
            update(Export)
            .where(col(Export.state) == ExportState.READY, col(Export.expires_at) < now())
            .values(state=ExportState.OVER)
        )
    with db.reading() as session:
        needed = (ExportState.MAKING, ExportState.READY)
        kept = {one.file_name for one in session.exec(select(Export).where(col(Export.state).in_(needed)))}
    for path in folder().glob("*.zip*"):
        if path.name.removesuffix(".part") not in kept:
            path.unlink(missing_ok=True)


def _hold() -> Hold | None:
    """Take the oldest that waits or was left behind; one that failed too often is given up."""
    with db.writing() as session:
        left = (col(Export.state) == ExportState.MAKING) & (col(Export.held_until) < now())
        question = (
            select(Export)
            .where(or_(col(Export.state) == ExportState.WAITING, left))
            .order_by(col(Export.requested_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        export = session.exec(question).one_or_none()
        if export is None:
            return None
        session.add(export)
        if export.tries >= MOST_TRIES:
            export.state = ExportState.FAILED
            log.error("export %s was tried %d times and is given up", export.id, export.tries)
            return None
        export.state, export.holder = ExportState.MAKING, secrets.token_hex(8)
        export.held_until, export.tries = now() + HELD, export.tries + 1
        return Hold(export.id, export.vendor_id, export.holder, export.file_name)


def _make(hold: Hold) -> bool:
    """Write the file beside its place, then put it there; a file that was not finished is removed."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    part, whole = folder() / f"{hold.file_name}.part", folder() / hold.file_name
    try:
        with part.open("w+b") as file, db.reading() as session:
            part.chmod(0o600)
            pack(session, storage.current(), session.get_one(Vendor, hold.vendor_id), file, hold.say_alive)
            file.flush()
            os.fsync(file.fileno())
            sha256, size = measured(part)
        part.replace(whole)
        return _finish(hold, sha256, size)
    except Lost:
        return False
    finally:
        part.unlink(missing_ok=True)


def _finish(hold: Hold, sha256: str, size: int) -> bool:
    """Offer it, in place of what was offered before, and tell who asked; only whoever still holds it does."""
    with db.writing() as session:
        export = session.get_one(Export, hold.export_id, with_for_update=True)
        if export.state is not ExportState.MAKING or export.holder != hold.holder:
            (folder() / hold.file_name).unlink(missing_ok=True)
            return False
        session.exec(
            update(Export)
            .where(col(Export.vendor_id) == hold.vendor_id, col(Export.state) == ExportState.READY)
            .values(state=ExportState.OVER)
        )
        export.state, export.sha256, export.size = ExportState.READY, sha256, size
        export.ready_at, export.expires_at, export.held_until = now(), deadline(KEPT_DAYS), None
        session.add(export)
        _tell(session, export)
    return True


def _tell(session: Session, export: Export) -> None:
    """A letter to whoever asked, as long as they may fetch it."""
    owners = people.members_of(session, export.vendor_id, MemberRole.OWNER)
    for person in owners:
        if person.id == export.requested_by:
            values = {
                "name": person.name,
                "vendor": session.get_one(Vendor, export.vendor_id).name,
                "until": export.expires_at,
                "size": export.size,
                "url": links.absolute("company.export", person.language),
            }
            event = f"export_ready:{export.id}:{person.id}"
            outbox.write(session, outbox.Mail(event, person.email, person.language, "export_ready", values))
