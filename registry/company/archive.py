"""Writes everything a company has here into one ZIP, piece by piece: memory stays the same however much there is."""

from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID
from zipfile import ZipFile

from flask_babel import force_locale
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import Application, Evidence, StoredFile, Vendor
from assessments.queries import exported_appeals, exported_evidence, exported_lives, exports, history, reviews
from assessments.queries.exports import Names
from assessments.queries.laboratories import reports_in
from registry import notices, timeline
from registry.documents.archive import Alive, Archive
from registry.i18n import LANGUAGES
from registry.mail.models import Letter
from registry.storage import Storage, opened

FORMAT = 1  # of the archive; docs/operations.md says what lies where
LETTERS = frozenset(  # those that tell the company something; the others are the club's own
    notice.template
    for table in (notices.NOTICES, notices.CERTIFICATE_NOTICES)
    for found in table.values()
    for notice in found
    if notice.audience in notices.COMPANY
)


def pack(session: Session, storage: Storage, vendor: Vendor, file: IO[bytes], alive: Alive) -> None:
    """Write the archive of a company into an open file.

    A stored file whose bytes are gone is named in the manifest, and the rest is packed all the same.
    """
    vendor_id, names = vendor.id, exports.names_of(session, vendor.id)
    with ZipFile(file, "w") as opened:
        archive = Archive(opened, alive)
        archive.add("company.json", exports.company(vendor))
        archive.add("members.json", exports.members(session, vendor_id))
        archive.add("products.json", exports.products(session, vendor_id))
        archive.add("certificates.json", exports.certificates(session, vendor_id, today()))
        archive.add("appeals.json", exported_appeals.appeals(session, vendor_id, dict(names)))
        archive.add("surveillance.json", exported_lives.surveillance(session, vendor_id, today()))
        archive.add("change-notices.json", exported_lives.change_notices(session, vendor_id, names))
        archive.add("misuse.json", exported_lives.misuse(session, vendor_id))
        for application in exports.applications(session, vendor_id):
            _application(archive, session, storage, application, names)
        archive.add("letters.json", list(_letters(session, vendor_id)))
        _evidence(archive, session, storage, vendor_id, names)
        archive.add("manifest.json", {"format": FORMAT, "entries": list(archive.entries), "missing": archive.missing})


def _application(archive: Archive, session: Session, storage: Storage, application: Application, names: Names) -> None:
    """An application, and each of its submissions with its receipt as entries of their own."""
    told = exports.application(session, application, names)
    archive.add(f"applications/{application.ref}.json", {**told, "timeline": _timeline(session, application, names)})
    for one in exports.submissions(session, application.id):
        archive.add(f"submissions/{application.ref}-{one.number}.json", exports.submission(one, names))
        session.expunge(one)
    for number, sha256 in exports.receipts(session, application.id):
        _bytes(archive, storage, sha256, f"receipts/{application.ref}-{number}.pdf")


def _timeline(session: Session, application: Application, names: Names) -> dict[str, list[dict[str, str]]]:
    """The steps in the words of the vendor's page, in both languages."""
    rows = timeline.told_to_vendor(application, history.timeline(session, application.id))
    letters = {one.reviewer_id: one.letter for one in reviews.ever(session, application.id)}
    told: dict[str, list[dict[str, str]]] = {}
    for language in LANGUAGES:
        with force_locale(language):
            entries = timeline.for_vendor(rows, set(names), letters)
        told[language] = [{"at": e.iso, "by": e.who, "step": e.title, "note": e.text} for e in reversed(entries)]
    return told


def _letters(session: Session, vendor_id: UUID) -> Iterator[dict[str, Any]]:
    """What was written to the company's people about its applications and certificates."""
    refs = history.steps_of(session, vendor_id)
    emails = [member["email"] for member in exports.members(session, vendor_id)]
    question = select(Letter).where(col(Letter.recipient).in_(emails)).order_by(col(Letter.written_at), Letter.event)
    for letter in session.exec(question.execution_options(yield_per=100)):
        seq, template = [*letter.event.split(":"), ""][:2]
        if template in LETTERS and seq.isdigit() and int(seq) in refs:
            yield {
                "application": refs[int(seq)],
                "to": letter.recipient,
                "subject": letter.subject,
                "body": letter.body,
                "written_at": letter.written_at,
                "sent_at": letter.sent_at,
            }


def _evidence(archive: Archive, session: Session, storage: Storage, vendor_id: UUID, names: Names) -> None:
    """The library, who read it, and the files themselves."""
    found = exported_evidence.evidence(session, vendor_id)
    reports = reports_in(session, [piece.id for piece, _file, _newer in found])
    told = [
        {
            **exported_evidence.piece(piece, file, _entry(piece, file), names),
            "replaced_by": newer,
            "report": reports.get(piece.id),
        }
        for piece, file, newer in found
    ]
    archive.add("evidence.json", told)
    archive.add("evidence-readings.json", exported_evidence.readings(session, vendor_id, names))
    for piece, file, _newer in found:
        if file is not None:
            _file(archive, storage, file, _entry(piece, file))


def _file(archive: Archive, storage: Storage, file: StoredFile, entry: str) -> None:
    if file.readable:
        _bytes(archive, storage, file.sha256, entry)
    else:  # what the scanner has not passed leaves the storage by no way
        archive.missing.append(entry)


def _bytes(archive: Archive, storage: Storage, sha256: str, entry: str) -> None:
    try:
        source = opened(storage, sha256)
    except FileNotFoundError:
        archive.missing.append(entry)
        return
    with source:
        archive.add_file(entry, source)


def _entry(piece: Evidence, file: StoredFile | None) -> str:
    """Where a file lies: under the id of its piece, so that two of one name do not meet."""
    return f"files/{piece.id}/{file.name.replace('/', '_')}" if file else ""
