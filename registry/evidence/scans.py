"""The worker's part in scanning: due files go through the scanner, its word is kept, harmful bytes go after a week."""

import logging

from sqlmodel import Session

from assessments import scans
from assessments.clock import now
from assessments.models import StoredFile, Vendor
from assessments.queries import people
from assessments.queries import scans as queries
from assessments.states import ScanTrouble
from registry import db, identity, links, scanner, storage
from registry.evidence.files import discard_unneeded
from registry.mail import outbox
from registry.scanner import Scanner

CLUB = "Câu lạc bộ"  # whose a file is that no company sent, in a letter to the office
ONE_TURN = 20  # files, so that letters and deadlines come to their turn as well

log = logging.getLogger("registry.scanner")


def scan_files() -> int:
    """Scan what is due; returns how many files were settled. Nothing is held while the scanner reads."""
    asked = scanner.current()
    if asked is None:
        return 0
    with db.reading() as session:
        waiting = queries.due(session, now(), ONE_TURN)
    settled = 0
    for file in waiting:
        trouble = _scan(asked, file)
        if trouble is ScanTrouble.UNREACHABLE:
            break  # the others would wait for it as long
        settled += trouble is None
    return settled


def _scan(asked: Scanner, file: StoredFile) -> ScanTrouble | None:
    """Have one file scanned and keep the answer; what stood in the way, if anything."""
    try:
        with storage.read(file.sha256) as source:
            signature = asked.scan(source)
    except scanner.TooLarge as refusal:
        return _postpone(file, ScanTrouble.TOO_LARGE, refusal)
    except Exception as error:  # a bucket has errors of its own, and no file may keep the others from their turn
        return _postpone(file, ScanTrouble.UNREACHABLE, error)
    with db.writing() as session:
        _keep(session, file, signature)
    return None


def _keep(session: Session, file: StoredFile, signature: str) -> None:
    if not signature:
        scans.passed(session, file.sha256)
        return
    for harmful in scans.shut_away(session, file.sha256, signature):
        log.warning("file %s of vendor %s: found %s", harmful.id, harmful.vendor_id, signature)
        _tell(session, harmful)


def _tell(session: Session, file: StoredFile) -> None:
    """Whoever sent the file learns what to do, the office what was found."""
    office = identity.on().email
    sender = people.people(session, {file.uploaded_by})[file.uploaded_by]
    values = {
        "name": sender.name,
        "file": file.name,
        "at": file.uploaded_at,
        "days": scans.KEPT.days,
        "own_test": file.vendor_id is None,
        "url": links.absolute("evidence.index" if file.vendor_id else "reviews.index", sender.language),
    }
    about = {
        **values,
        "name": "",
        "company": session.get_one(Vendor, file.vendor_id).name if file.vendor_id else CLUB,
        "signature": file.signature,
        "file_id": file.id,
        "sha256": file.sha256,
    }
    event = f"harmful:{file.id}"
    outbox.write(session, outbox.Mail(event, sender.email, sender.language, "harmful_file", values))
    outbox.write(session, outbox.Mail(f"{event}:office", office, "vi", "office_harmful_file", about))


def _postpone(file: StoredFile, trouble: ScanTrouble, error: Exception) -> ScanTrouble:
    log.warning("file %s not scanned: %s", file.id, error)
    with db.writing() as session:
        scans.postpone(session, file.id, trouble)
    return trouble


def erase_harmful() -> int:
    """Remove the bytes that were in quarantine long enough; returns how many."""
    with db.reading() as session:
        if not queries.quarantined_before(session, now() - scans.KEPT):
            return 0
    with db.writing() as session:
        gone = scans.forget_bytes(session)
    if gone:
        discard_unneeded(gone)
    return len(gone)
