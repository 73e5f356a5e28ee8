"""A company's evidence: taking in, taking back, and writing down who read it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from assessments.clock import now
from assessments.errors import N_, Invalid, NotFound, TooLarge, WrongState
from assessments.models import AnswerEvidence, Evidence, EvidenceAccess, StoredFile, Vendor
from assessments.people import Actor
from assessments.queries import evidence as queries
from assessments.states import ScanState
from criteria import store

ACCESS_WINDOW = 600  # seconds: reading again within them is the same reading
MEGABYTE = 1024 * 1024
MAX_TITLE = 200
MAX_URL = 2000

_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")


@dataclass(frozen=True)
class Facts:
    """What the vendor says of a piece of evidence; `kind` is a code of the edition."""

    kind: str
    title: str
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Kept:
    """A file that the storage keeps: its hash, bytes, type by content and cleaned name."""

    sha256: str
    size: int
    media_type: str
    name: str
    flags: tuple[str, ...] = ()
    scan: ScanState = ScanState.UNSCANNED


def add_file(session: Session, actor: Actor, vendor_id: UUID, kept: Kept, facts: Facts) -> Evidence:
    """Put a stored file into a company's library, on the actor's word that no child's data is in it.

    Refuses (NotFound) whoever does not belong to the company, and (Invalid) facts that cannot be.
    """
    _require_member(actor, vendor_id)
    _check(facts)
    file = StoredFile(
        vendor_id=vendor_id,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        name=kept.name,
        flags=list(kept.flags),
        scan=kept.scan,
        uploaded_by=actor.id,
    )
    session.add(file)
    session.flush()
    return _add(session, actor, vendor_id, facts, file_id=file.id)


def require_room(session: Session, vendor_id: UUID, more: int, quota: int) -> None:
    """Refuse (TooLarge) bytes that a company's library has no room for, counting every file it has or handed in.

    Holds the company until the transaction ends, so that two files at once cannot both take the last room.
    """
    session.exec(select(Vendor.id).where(Vendor.id == vendor_id).with_for_update()).one()
    used = queries.bytes_of(session, vendor_id)
    if used + more > quota:
        raise TooLarge(
            N_("Kho của đơn vị đã đầy (%(used)d/%(max)d MB). Xóa tệp không dùng ở Kho bằng chứng rồi tải lên lại."),
            used=-(-used // MEGABYTE),
            max=quota // MEGABYTE,
        )


def add_link(session: Session, actor: Actor, vendor_id: UUID, url: str, facts: Facts) -> Evidence:
    """Put a web address into a company's library; nothing is fetched from it, now or later.

    Refuses (NotFound) whoever does not belong to the company, and (Invalid) facts or addresses that cannot be.
    """
    _require_member(actor, vendor_id)
    _check(facts)
    return _add(session, actor, vendor_id, facts, url=checked_url(url))


def _add(
    session: Session,
    actor: Actor,
    vendor_id: UUID,
    facts: Facts,
    *,
    file_id: UUID | None = None,
    url: str | None = None,
) -> Evidence:
    evidence = Evidence(
        vendor_id=vendor_id,
        kind=facts.kind,
        title=facts.title.strip(),
        issued_on=facts.issued_on,
        valid_until=facts.valid_until,
        file_id=file_id,
        url=url,
        attested_by=actor.id,
    )
    session.add(evidence)
    session.flush()
    return evidence


def checked_url(url: str) -> str:
    """The address as it is kept: https, a host with a dot, no name or password, no space or control character.

    Refuses (Invalid) every other. Addresses are opened by people through a warning, never by the program.
    """
    address = unicodedata.normalize("NFC", url.strip())
    if not address.lower().startswith("https://"):
        raise Invalid(N_("Địa chỉ phải bắt đầu bằng https://"))
    if len(address) > MAX_URL or "\\" in address or any(_unfit(sign) for sign in address):
        raise Invalid(N_("Địa chỉ trang chưa đúng. Nhập đủ, bắt đầu bằng https://"))
    _check_host(address)
    return address


def _check_host(address: str) -> None:
    try:
        parts = urlsplit(address)
        named, host, _port = "@" in parts.netloc, parts.hostname or "", parts.port
    except ValueError:
        named, host = False, ""
    if named:
        raise Invalid(N_("Bỏ tên đăng nhập và mật khẩu khỏi địa chỉ."))
    if not _HOST.fullmatch(host):
        raise Invalid(N_("Địa chỉ trang chưa đúng. Nhập đủ, bắt đầu bằng https://"))


def _unfit(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def remove(session: Session, actor: Actor, vendor_id: UUID, evidence_id: UUID) -> str | None:
    """Take a piece of evidence out of the library.

    Returns the sha256 of bytes that this row no longer needs, or None. What a submission holds is only hidden, rows
    and bytes stay. Refuses (NotFound) what is not the company's, and (WrongState) what an answer still uses.
    """
    _require_member(actor, vendor_id)
    found = queries.piece(session, vendor_id, evidence_id)
    if found is None or found.evidence.removed_at is not None:
        raise NotFound
    if uses := queries.used_for(session, evidence_id):
        raise WrongState(
            N_("Bằng chứng đang dùng cho %(criterion)s của hồ sơ %(ref)s. Gỡ khỏi tiêu chí đó trước, rồi xóa."),
            criterion=uses[0].criterion,
            ref=uses[0].ref,
        )
    if queries.is_submitted(session, evidence_id) or _is_quarantined(found):
        found.evidence.removed_at = now()
        session.add(found.evidence)
        return None
    return _erase(session, found)


def erase_unsubmitted(session: Session, vendor_id: UUID) -> list[str]:
    """Erase every piece of a company that no submission holds, whatever draft uses it; returns the sha256 set free.

    For a company that leaves: what the club has seen stays.
    """
    kept = queries.submitted_by(session, vendor_id)
    free: list[str] = []
    for found in queries.library(session, vendor_id, removed=True):
        if str(found.evidence.id) not in kept:
            session.exec(delete(AnswerEvidence).where(col(AnswerEvidence.evidence_id) == found.evidence.id))
            free += [sha256 for sha256 in [_erase(session, found)] if sha256]
    session.flush()
    return free


def _is_quarantined(found: queries.Item) -> bool:
    """What was found harmful leaves the library, and its row stays for the office."""
    return found.file is not None and found.file.scan is ScanState.QUARANTINED


def _erase(session: Session, found: queries.Item) -> str | None:
    session.exec(delete(EvidenceAccess).where(col(EvidenceAccess.evidence_id) == found.evidence.id))
    session.delete(found.evidence)
    session.flush()
    if found.file is None:
        return None
    session.delete(found.file)
    return found.file.sha256


def record_access(session: Session, actor: Actor, evidence_id: UUID, application_id: UUID | None) -> None:
    """Write down that somebody reads a piece of evidence: one row for a person, piece and ten minutes.

    Two requests at once leave one row. `application_id` is None where a member reads the company's own library.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(EvidenceAccess) if on_postgresql else sqlite.insert(EvidenceAccess)
    row = EvidenceAccess(
        evidence_id=evidence_id, person_id=actor.id, application_id=application_id, window=access_window()
    )
    session.execute(insert.values(**row.model_dump()).on_conflict_do_nothing())


def access_window() -> int:
    """The number of the present ten-minute window since the epoch."""
    return int(now().timestamp()) // ACCESS_WINDOW


def hold_files(session: Session) -> None:
    """Keep every other transaction from adding files until this one ends: for deciding which bytes nobody needs.

    SQLite's writing transaction does so by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE stored_file IN SHARE MODE"))


def _require_member(actor: Actor, vendor_id: UUID) -> None:
    if vendor_id not in actor.memberships:
        raise NotFound


def _check(facts: Facts) -> None:
    if facts.kind not in {kind.code for kind in store.current().evidence_kinds}:
        raise Invalid(N_("Chọn loại bằng chứng."))
    if not facts.title.strip() or len(facts.title) > MAX_TITLE:
        raise Invalid(N_("Nhập tên bằng chứng."))
    if facts.issued_on and facts.valid_until and facts.valid_until < facts.issued_on:
        raise Invalid(N_("Ngày hết hạn phải từ ngày lập trở đi."))
