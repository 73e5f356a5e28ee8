"""A company's data to take away: asked for on a page, made as registry/documents/takeaways.py says, and fetched."""

from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from assessments import history
from assessments.clock import now
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
from registry.documents.takeaways import Hold, Takeaway
from registry.mail import outbox

EXPORTS = Takeaway(Export, ExportState, "vendor_id", "exports", "export")
RUNNING = (ExportState.WAITING, ExportState.MAKING)


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
    path = EXPORTS.folder() / export.file_name
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
    return EXPORTS.make_all(make)


def sweep() -> None:
    """Close what has been offered long enough, and remove every file that no export needs."""
    EXPORTS.sweep()


def make(hold: Hold) -> bool:
    """Write one; whether it is the one that is offered now."""

    def write(file: BinaryIO) -> None:
        with db.reading() as session:
            vendor = session.get_one(Vendor, session.get_one(Export, hold.row_id).vendor_id)
            pack(session, storage.current(), vendor, file, hold.say_alive)

    return EXPORTS.make(hold, write, lambda session, export, _told: _tell(session, export))


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
