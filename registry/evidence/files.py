"""Between storage and database: bytes first, then the row, and bytes that no row needs go."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments import answers, evidence
from assessments.applications import LOCKED
from assessments.errors import N_, NotFound, WrongState
from assessments.evidence import Facts, Kept
from assessments.models import Application, Evidence
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries.applications import application_by_ref
from assessments.queries.evidence import stored_elsewhere
from assessments.queries.standings import standing_of
from assessments.states import ScanState
from registry import db, storage
from registry.accounts import sessions
from registry.accounts.models import User
from registry.evidence import inspection
from registry.storage import Incoming


@dataclass(frozen=True)
class Target:
    """The criterion of an application that evidence is added for; empty for the library alone."""

    ref: str = ""
    criterion: str = ""

    def __bool__(self) -> bool:
        return bool(self.ref and self.criterion)


def require_target(session: Session, actor: Actor, target: Target) -> Application:
    """The application, if the actor may add evidence to that criterion of it now; refuses as answers.attach() does."""
    application = application_by_ref(session, target.ref)
    if application is None:
        raise NotFound
    require(standing_of(session, actor, application), Permission.EDIT)
    if not answers.may_write(session, application, target.criterion):
        raise WrongState(LOCKED)
    return application


def attach(session: Session, actor: Actor, found: Evidence, target: Target) -> None:
    """Use new evidence for the criterion it was added for, if any."""
    if target:
        application = application_by_ref(session, target.ref, lock=True)
        if application is None:
            raise NotFound
        answers.attach(session, actor, application, target.criterion, found)


@dataclass(frozen=True)
class Arrival:
    """A file that has arrived and was found good: what it is, what is said of it, and what it is for."""

    media_type: str
    name: str
    facts: Facts
    target: Target


def require_room(session: Session, vendor_id: UUID, more: int) -> None:
    """Refuse (TooLarge) what the company's library has no room for under the settings."""
    quota = current_app.config["SETTINGS"].company_quota_mb * evidence.MEGABYTE
    evidence.require_room(session, vendor_id, more, quota)


def keep(actor: Actor, vendor_id: UUID, incoming: Incoming, arrival: Arrival) -> None:
    """Keep the bytes, then write the row in a short transaction of its own.

    A crash between the two leaves bytes without a row, which fsck sweeps; never a row without bytes. Refuses as
    inspection.inspect(), require_room(), evidence.add_file() and answers.attach() do; then the bytes go as well.
    """
    with incoming.reader() as source:
        flags = inspection.inspect(source, arrival.media_type, arrival.name)
    sha256, size = incoming.keep()
    kept = Kept(sha256, size, arrival.media_type, arrival.name, flags, first_state())
    try:
        with db.writing() as session:
            sessions.load_standing(session, cast("User", actor))  # who left meanwhile may not add any more
            require_room(session, vendor_id, size)
            found = evidence.add_file(session, actor, vendor_id, kept, arrival.facts)
            attach(session, actor, found, arrival.target)
            _require_bytes(sha256)
    except BaseException:
        discard_unneeded([sha256])
        raise


def first_state() -> ScanState:
    """How a file begins: nobody reads it before the scanner has, where there is one."""
    return ScanState.WAITING if current_app.config["SETTINGS"].clamd_url else ScanState.UNSCANNED


def _require_bytes(sha256: str) -> None:
    """The same bytes may have been swept as unneeded just before this row; no sweep can come before the commit."""
    if not storage.current().exists(sha256):
        raise WrongState(N_("Tệp này vừa bị xóa ở nơi khác. Tải lên lại."))


def discard_unneeded(names: Iterable[str]) -> None:
    """Remove the bytes that no row needs, while nobody can add one."""
    candidates = set(names)
    with db.writing() as session:
        evidence.hold_files(session)
        for name in candidates - stored_elsewhere(session, candidates):
            storage.current().remove(name)
