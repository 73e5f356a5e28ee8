"""What the scanner's word does to files: they pass, they are shut away, or they go on waiting."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from assessments.clock import now
from assessments.errors import N_, WrongState
from assessments.models import StoredFile
from assessments.queries import scans as queries
from assessments.states import ScanState, ScanTrouble

BACKOFF = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
LATER = timedelta(hours=1)  # for what the scanner does not take: somebody has to change its settings
KEPT = timedelta(days=7)  # how long the office can have bytes that were found harmful looked at
LONGEST_SIGNATURE = 200

BEING_CHECKED = N_("Tệp này đang được quét mã độc nên chưa mở được. Tải lại trang sau ít phút.")
SHUT_AWAY = N_("Tệp này có dấu hiệu mã độc nên không ai mở được nữa.")


def require_readable(file: StoredFile) -> None:
    """Refuse (WrongState) bytes that the scanner has not passed, whoever asks."""
    if not file.readable:
        raise WrongState(SHUT_AWAY if file.scan is ScanState.QUARANTINED else BEING_CHECKED)


def passed(session: Session, sha256: str) -> None:
    """Nothing was found in these bytes: every file of them may be read."""
    for file in queries.with_bytes(session, sha256):
        _settle(session, file, ScanState.CLEAN)


def shut_away(session: Session, sha256: str, signature: str) -> list[StoredFile]:
    """Something was found in these bytes: nobody reads them any more, in whichever library they are.

    Returns the files that were not in quarantine before.
    """
    files = queries.with_bytes(session, sha256)
    for file in files:
        file.signature = signature[:LONGEST_SIGNATURE]
        _settle(session, file, ScanState.QUARANTINED)
    return files


def postpone(session: Session, file_id: UUID, trouble: ScanTrouble) -> None:
    """The scanner could not say anything: the file goes on waiting, a little longer each time."""
    file = session.get(StoredFile, file_id, with_for_update=True)
    if file is None or file.scan not in queries.UNDECIDED:
        return
    wait = BACKOFF[min(file.scan_tries, len(BACKOFF) - 1)] if trouble is ScanTrouble.UNREACHABLE else LATER
    file.scan_trouble = trouble
    file.scan_tries += 1
    file.scan_due_at = now() + wait
    session.add(file)


def forget_bytes(session: Session) -> set[str]:
    """Note that the bytes in quarantine for long enough are gone; the rows stay. Returns their sha256."""
    files = queries.quarantined_before(session, now() - KEPT)
    for file in files:
        file.erased_at = now()
        session.add(file)
    return {file.sha256 for file in files}


def _settle(session: Session, file: StoredFile, state: ScanState) -> None:
    file.scan = state
    file.scan_trouble = None
    file.scanned_at = now()
    session.add(file)
