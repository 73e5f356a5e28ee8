"""Files that arrive over several requests: begun, written on by one request at a time, finished or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from uuid import UUID

from sqlmodel import Session, col, update

from assessments.clock import now
from assessments.errors import N_, NotAllowed, NotFound, TooMany, WrongState
from assessments.models import Upload
from assessments.people import Actor
from assessments.queries import uploads as queries

KEPT = timedelta(days=7)  # after the last byte; evidence is written over weeks, and a weekend lies in every week
HOLD = timedelta(seconds=20)  # without a byte: then the connection is as good as dead, and another request may go on
AT_ONCE_EACH = 4  # uploads of one person that are written to at the same time
MOST_EACH = 40  # uploads of one person that wait, complete or not


class Held(WrongState):
    """Another request is writing to this upload now."""


class Elsewhere(WrongState):
    """The upload is at another offset than the request says."""


class Expired(NotFound):
    """The upload was there, and its time is over."""


@dataclass(frozen=True)
class Announced:
    """What a person says they will send: bytes, cleaned name, the client's own words, and what it is for."""

    length: int
    name: str
    metadata_header: str = ""
    ref: str = ""
    criterion: str = ""


@dataclass(frozen=True)
class Safe:
    """How far an upload has come, in the storage's words."""

    received: int
    place: str
    parts: Sequence[str] = ()


@dataclass(frozen=True)
class Hold:
    """The right of one request to write to an upload; `aside` when it was taken from a request that fell silent."""

    upload: Upload
    holder: str
    aside: bool


def begin(session: Session, actor: Actor, vendor_id: UUID, announced: Announced) -> Upload:
    """Note that a file will come. Room in the library is asked for beforehand, see evidence.require_room().

    Refuses (NotFound) whoever does not belong to the company, and (TooMany) more than one person lets wait.
    """
    if vendor_id not in actor.memberships:
        raise NotFound
    if queries.count_of(session, actor.id) >= MOST_EACH:
        raise TooMany(
            N_("Có %(most)d tệp đã gửi mà chưa dùng. Thêm các tệp đó vào kho hoặc bỏ đi, rồi tải tiếp."),
            now() + timedelta(minutes=1),
            most=MOST_EACH,
        )
    upload = Upload(
        vendor_id=vendor_id,
        person_id=actor.id,
        length=announced.length,
        name=announced.name,
        metadata_header=announced.metadata_header,
        ref=announced.ref,
        criterion=announced.criterion,
        expires_at=now() + KEPT,
    )
    session.add(upload)
    session.flush()
    return upload


def own(session: Session, actor: Actor, upload_id: UUID, *, lock: bool = False) -> Upload:
    """The actor's upload; only whoever began it may go on.

    Refuses strangers (NotFound), colleagues (NotAllowed), and everybody when its time is over (Expired).
    """
    found = queries.upload(session, upload_id, lock=lock)
    if found is None or found.vendor_id not in actor.memberships:
        raise NotFound
    if found.person_id != actor.id:
        raise NotAllowed(N_("Chỉ người bắt đầu tải tệp này lên mới tải tiếp được."))
    if found.expires_at <= now():
        raise Expired(N_("Tệp gửi dở này đã quá %(days)d ngày nên đã xóa. Tải lên lại từ đầu."), days=KEPT.days)
    return found


def hold(session: Session, actor: Actor, upload_id: UUID, offset: int) -> Hold:
    """Let one request write behind `offset`, the number of bytes it takes for safe.

    Refuses as own() does, a wrong offset (Elsewhere), while another request writes (Held), and more at once than one
    person may send (TooMany).
    """
    upload = own(session, actor, upload_id, lock=True)
    if _is_held(upload):
        raise Held(N_("Tệp này đang được tải lên ở nơi khác. Chờ một lát rồi bấm Tải tiếp."))
    if upload.received != offset:
        raise Elsewhere(N_("Máy chủ đã nhận %(received)d byte. Bấm Tải tiếp."), received=upload.received)
    if queries.held_by(session, actor.id) >= AT_ONCE_EACH:
        raise TooMany(
            N_("Bạn đang tải lên %(most)d tệp cùng lúc. Chờ một tệp xong rồi tải tiếp."),
            now() + timedelta(minutes=1),
            most=AT_ONCE_EACH,
        )
    aside = bool(upload.holder)
    upload.holder, upload.held_until, upload.expires_at = token_hex(16), now() + HOLD, now() + KEPT
    session.add(upload)
    return Hold(upload, upload.holder, aside)


def advance(session: Session, held: Hold, safe: Safe) -> bool:
    """Write down how far the upload has come and hold it on; False when it was given up or taken over meanwhile."""
    return _write(session, held, safe, held.holder)


def let_go(session: Session, held: Hold, safe: Safe) -> bool:
    """Write down how far the upload has come, and let others write."""
    return _write(session, held, safe, "")


def _write(session: Session, held: Hold, safe: Safe, holder: str) -> bool:
    changed = session.exec(
        update(Upload)
        .where(col(Upload.id) == held.upload.id, col(Upload.holder) == held.holder)
        .values(
            received=safe.received,
            place=safe.place,
            parts=list(safe.parts),
            holder=holder,
            held_until=now() + HOLD if holder else None,
        )
    )
    return changed.rowcount == 1


def finish(session: Session, upload_id: UUID, sha256: str) -> None:
    """Write down the hash of the whole file."""
    session.exec(update(Upload).where(col(Upload.id) == upload_id).values(sha256=sha256))


def discard(session: Session, actor: Actor, upload_id: UUID) -> Upload:
    """Give an upload up; its bytes are the caller's to remove. Refuses as own() does, but takes what has expired."""
    try:
        found = own(session, actor, upload_id, lock=True)
    except Expired:
        found = session.get_one(Upload, upload_id)
    session.delete(found)
    return found


def take(session: Session, actor: Actor, upload_id: UUID) -> Upload:
    """A complete upload becomes evidence in this transaction: its row goes. Refuses (NotFound) one already taken."""
    found = own(session, actor, upload_id, lock=True)
    session.delete(found)
    session.flush()
    return found


def sweep(session: Session) -> list[Upload]:
    """Forget the uploads whose time is over; their bytes are the caller's to remove."""
    over = queries.over(session)
    for upload in over:
        session.delete(upload)
    return over


def _is_held(upload: Upload) -> bool:
    """A hold that reaches further than any was written by a clock that ran ahead, and holds nothing."""
    return bool(upload.holder) and upload.held_until is not None and now() < upload.held_until <= now() + HOLD
