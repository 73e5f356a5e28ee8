"""Makes the case files that were asked for, as everything to take away is made: see registry/documents/takeaways.py."""

from pathlib import Path
from typing import Any, BinaryIO

from sqlmodel import Session

from assessments import history
from assessments.models import Application, CaseExport
from assessments.policy import Permission, allows
from assessments.queries.standings import standing_of
from assessments.states import CaseState, Event
from registry import db, links, storage
from registry.accounts import sessions
from registry.accounts.models import User
from registry.audit.archive import pack, told_of
from registry.documents.takeaways import Hold, Takeaway
from registry.mail import outbox

CASES = Takeaway(CaseExport, CaseState, "application_id", "cases", "case file")


def folder() -> Path:
    """Where the files lie."""
    return CASES.folder()


def make_all() -> int:
    """Make what waits, and what a worker left behind; returns how many became ready."""
    return CASES.make_all(make)


def sweep() -> None:
    """Close what has been offered long enough, and remove every file that no row needs."""
    CASES.sweep()


def make(hold: Hold) -> bool:
    """Write one; whether it is the one that is offered now."""

    def write(file: BinaryIO) -> dict[str, Any]:
        with db.reading() as session:
            export = session.get_one(CaseExport, hold.row_id)
            told, language = told_of(session, export), export.language
        return pack(told, language, storage.current(), file, hold.say_alive)

    return CASES.make(hold, write, _finish)


def _finish(session: Session, export: CaseExport, manifest: dict[str, Any]) -> None:
    export.manifest = manifest
    session.add(export)
    _write_down(session, export)


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
