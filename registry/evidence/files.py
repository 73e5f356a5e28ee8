"""Between storage and database: bytes first, then the row, and bytes that no row needs go."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments import answers, evidence, reading, uploads
from assessments.applications import LOCKED
from assessments.errors import N_, Invalid, NotFound, Refused, WrongState
from assessments.evidence import Facts, Kept
from assessments.models import Application, Evidence
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import evidence as queries
from assessments.queries import scans
from assessments.queries.applications import application_by_ref
from assessments.queries.standings import standing_of
from assessments.states import ScanState
from registry import db, storage
from registry.accounts import sessions
from registry.accounts.models import User
from registry.evidence import inspection

HARMFUL = N_("Tệp này có dấu hiệu mã độc nên không nhận. Quét máy rồi tải lên một bản sạch.")


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
    upload_id: UUID | None = None  # it came over several requests: its row goes with the transaction
    replaces: UUID | None = None  # the piece whose place it takes
    again: bool = False  # kept although the library has the same bytes


class Bytes(Protocol):
    """A whole file that can be made to last: an Incoming, or an upload that is complete."""

    @property
    def sha256(self) -> str:
        """The hash of what it holds."""

    def reader(self) -> BinaryIO:
        """What it holds, to look into before it is kept."""

    def keep(self) -> tuple[str, int]:
        """Make it last under its name. Returns sha256 and size. Raises StorageFull."""


SAME = N_("Kho đã có đúng tệp này: “%(title)s”.")


class AlreadyThere(Refused):
    """The company's library has these very bytes; `evidence` is the piece."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(SAME, title=evidence.title)
        self.evidence = evidence


def require_room(session: Session, vendor_id: UUID, more: int) -> None:
    """Refuse (TooLarge) what the company's library has no room for under the settings."""
    evidence.require_room(session, vendor_id, more, quota())


def quota() -> int:
    """How many bytes a company's library may take."""
    most: int = current_app.config["SETTINGS"].company_quota_mb
    return most * evidence.MEGABYTE


def keep(actor: Actor, vendor_id: UUID, incoming: Bytes, arrival: Arrival) -> None:
    """Keep the bytes, then write the row in a short transaction of its own.

    A crash between the two leaves bytes without a row, which fsck sweeps; never a row without bytes. Refuses as
    inspection.inspect(), require_room(), evidence.add_file(), evidence.replace() and answers.attach() do; then the
    bytes go as well. Bytes that the library has are refused before (AlreadyThere). An upload stays where it was until
    it is evidence.
    """
    refuse_harmful_bytes(incoming.sha256)
    if not arrival.again:
        _refuse_same_bytes(vendor_id, incoming.sha256)
    with incoming.reader() as source:
        flags = inspection.inspect(source, arrival.media_type, arrival.name)
    sha256, size = incoming.keep()
    kept = Kept(sha256, size, arrival.media_type, arrival.name, flags, first_state())
    try:
        with db.writing() as session:
            sessions.load_standing(session, cast("User", actor))  # who left meanwhile may not add any more
            if arrival.upload_id:
                uploads.take(session, actor, arrival.upload_id)
            require_room(session, vendor_id, size)
            if not arrival.again:
                _refuse_the_later(session, vendor_id, sha256)
            _add(session, actor, vendor_id, kept, arrival)
    except BaseException:
        discard_unneeded([sha256])
        raise


def first_state() -> ScanState:
    """How a file begins: nobody reads it before the scanner has, where there is one."""
    return ScanState.WAITING if current_app.config["SETTINGS"].clamd_url else ScanState.UNSCANNED


def refuse_harmful_bytes(sha256: str) -> None:
    """What was found harmful once is not taken again, in no library and without a scanner either."""
    with db.reading() as session:
        if scans.are_shut_away(session, sha256):
            raise Invalid(HARMFUL)


def _refuse_same_bytes(vendor_id: UUID, sha256: str) -> None:
    """Asked before anything is moved: whoever says "keep it all the same" has the file where it was."""
    with db.reading() as session:
        known = queries.same_bytes(session, vendor_id, sha256)
    if known is not None:
        raise AlreadyThere(known)


def _refuse_the_later(session: Session, vendor_id: UUID, sha256: str) -> None:
    """Asked once more while the company is held: the same file may have been sent twice at the same moment."""
    known = queries.same_bytes(session, vendor_id, sha256)
    if known is not None:
        raise Invalid(SAME, title=known.title)


def _add(session: Session, actor: Actor, vendor_id: UUID, kept: Kept, arrival: Arrival) -> None:
    found = evidence.add_file(session, actor, vendor_id, kept, arrival.facts)
    if arrival.replaces:
        evidence.replace(session, actor, arrival.replaces, found)
    attach(session, actor, found, arrival.target)
    require_bytes(kept.sha256)


def require_bytes(sha256: str) -> None:
    """The same bytes may have been swept as unneeded just before this row; no sweep can come before the commit."""
    if not storage.current().exists(sha256):
        raise WrongState(N_("Tệp này vừa bị xóa ở nơi khác. Tải lên lại."))


def discard_unneeded(names: Iterable[str]) -> None:
    """Remove the bytes that no row needs, while nobody can add one; pages that were made of them go along."""
    candidates = set(names)
    with db.writing() as session:
        evidence.hold_files(session)
        gone = candidates - queries.stored_elsewhere(session, candidates)
        pictures = reading.forget(session, gone)
        for name in gone | (pictures - queries.stored_elsewhere(session, pictures)):
            storage.current().remove(name)
