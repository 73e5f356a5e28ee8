"""A company's evidence: taking in, taking back, and writing down who read it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from assessments import answers, laboratories
from assessments.clock import now
from assessments.errors import N_, Invalid, NotFound, TooLarge, WrongState
from assessments.models import (
    AnswerEvidence,
    Evidence,
    EvidenceAccess,
    EvidenceWarning,
    LaboratoryReport,
    Replacement,
    StoredFile,
    Vendor,
)
from assessments.people import Actor, Audience
from assessments.queries import evidence as queries
from assessments.queries.lapsing import Lapsing
from assessments.states import ScanState
from criteria import store

ACCESS_WINDOW = 600  # seconds: reading again within them is the same reading
MEGABYTE = 1024 * 1024
MAX_TITLE = 200
MAX_URL = 2000
LANGUAGES = ("vi", "en", "other")  # of a document

_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")


@dataclass(frozen=True)
class Facts:
    """What the vendor says of a piece of evidence; `kind` is a code of the edition."""

    kind: str
    title: str
    issued_on: date | None = None
    valid_until: date | None = None
    language: str = "vi"  # one of LANGUAGES
    audience: Audience = Audience.CLUB
    report: laboratories.Told | None = None  # of a report: who made it, under which number


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
        language=facts.language,
        audience=facts.audience,
        file_id=file_id,
        url=url,
        attested_by=actor.id,
    )
    session.add(evidence)
    session.flush()
    laboratories.tell(session, evidence, facts.report)
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


def edit(session: Session, actor: Actor, vendor_id: UUID, evidence_id: UUID, facts: Facts) -> Evidence:
    """Say something else of a piece; the file or address stays, and so does what was handed in.

    Refuses (NotFound) what is not in the company's library now, and (Invalid) facts that cannot be.
    """
    found = current(session, actor, vendor_id, evidence_id)
    _check(facts)
    found.kind, found.title = facts.kind, facts.title.strip()
    found.issued_on, found.valid_until = facts.issued_on, facts.valid_until
    found.language, found.audience = facts.language, facts.audience
    session.add(found)
    session.flush()
    laboratories.tell(session, found, facts.report)
    return found


def replace(session: Session, actor: Actor, old_id: UUID, new: Evidence) -> None:
    """Let a new piece take the place of an old one: in the library, and in every answer that is still being written.

    Submissions keep the old one, and so do answers that are locked. Refuses (NotFound) an old piece that is not in
    the company's library now, such as one that somebody else has just replaced.
    """
    old = current(session, actor, new.vendor_id, old_id)
    session.add(Replacement(old_id=old.id, new_id=new.id, replaced_by=actor.id))
    for used in queries.attached_to(session, old.id):
        if answers.may_write(session, used.application, used.answer.criterion):
            _swap(session, used, new.id)
    session.flush()


def _swap(session: Session, used: queries.Attached, new_id: UUID) -> None:
    if session.get(AnswerEvidence, (used.answer.id, new_id)) is None:
        session.add(AnswerEvidence(answer_id=used.answer.id, evidence_id=new_id, added_at=used.link.added_at))
    session.delete(used.link)


def current(session: Session, actor: Actor, vendor_id: UUID, evidence_id: UUID) -> Evidence:
    """A piece that is in the company's library now. Refuses (NotFound) any other."""
    _require_member(actor, vendor_id)
    found = queries.piece(session, vendor_id, evidence_id)
    if found is None or found.evidence.removed_at is not None or queries.replacement_of(session, evidence_id):
        raise NotFound
    return found.evidence


def remove(session: Session, actor: Actor, vendor_id: UUID, evidence_id: UUID) -> list[str]:
    """Take a piece of evidence out of the library, its earlier versions with it.

    Returns the sha256 of bytes that these rows no longer need. What a submission holds is only hidden, rows and bytes
    stay. Refuses (NotFound) what is not in the company's library now, and (WrongState) what an answer still uses.
    """
    current(session, actor, vendor_id, evidence_id)
    series = queries.versions(session, vendor_id, evidence_id)
    for version in series:
        _require_unused(session, version.evidence.id)
    ids = [version.evidence.id for version in series]
    session.exec(delete(Replacement).where(col(Replacement.old_id).in_(ids)))
    unneeded = [_take_out(session, version) for version in series]
    return [sha256 for sha256 in unneeded if sha256]


def _require_unused(session: Session, evidence_id: UUID) -> None:
    if uses := queries.used_for(session, evidence_id):
        raise WrongState(
            N_("Bằng chứng đang dùng cho %(criterion)s của hồ sơ %(ref)s. Gỡ khỏi tiêu chí đó trước, rồi xóa."),
            criterion=uses[0].criterion,
            ref=uses[0].ref,
        )


def _take_out(session: Session, found: queries.Item) -> str | None:
    if queries.is_submitted(session, found.evidence.id):
        found.evidence.removed_at = now()
        session.add(found.evidence)
        return None
    return _hide_or_erase(session, found)


def erase_unsubmitted(session: Session, vendor_id: UUID) -> list[str]:
    """Erase every piece of a company that no submission holds, whatever draft uses it; returns the sha256 set free.

    For a company that leaves: what the club has seen stays, and so does what was found harmful, out of the library.
    """
    kept = queries.submitted_by(session, vendor_id)
    leaving = [one for one in queries.library(session, vendor_id, removed=True) if str(one.evidence.id) not in kept]
    ids = [one.evidence.id for one in leaving]
    session.exec(delete(AnswerEvidence).where(col(AnswerEvidence.evidence_id).in_(ids)))
    session.exec(delete(Replacement).where(or_(col(Replacement.old_id).in_(ids), col(Replacement.new_id).in_(ids))))
    free = [_hide_or_erase(session, one) for one in leaving]
    session.flush()
    return [sha256 for sha256 in free if sha256]


def _hide_or_erase(session: Session, found: queries.Item) -> str | None:
    if not _is_quarantined(found):
        return _erase(session, found)
    found.evidence.removed_at = found.evidence.removed_at or now()
    session.add(found.evidence)
    return None


def _is_quarantined(found: queries.Item) -> bool:
    """What was found harmful leaves the library, and its row stays for the office."""
    return found.file is not None and found.file.scan is ScanState.QUARANTINED


def _erase(session: Session, found: queries.Item) -> str | None:
    for table in (EvidenceAccess, EvidenceWarning, LaboratoryReport):
        session.exec(delete(table).where(col(table.evidence_id) == found.evidence.id))
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


def note_warned(session: Session, told: Iterable[Lapsing]) -> None:
    """Write down that the owners were told of pieces that lapse: nobody is told the same twice."""
    for one in told:
        session.add(EvidenceWarning(evidence_id=one.evidence_id, stage=one.stage, valid_until=one.valid_until))


def access_window() -> int:
    """The number of the present ten-minute window since the epoch."""
    return int(now().timestamp()) // ACCESS_WINDOW


def hold_files(session: Session) -> None:
    """Keep every other transaction from adding files or pages until this one ends, to decide which bytes nobody needs.

    SQLite's writing transaction does so by itself. Pages are dropped by the holder itself, so only one may hold them.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE stored_file IN SHARE MODE"))
        session.execute(text("LOCK TABLE rendered_page IN SHARE ROW EXCLUSIVE MODE"))


def _require_member(actor: Actor, vendor_id: UUID) -> None:
    if vendor_id not in actor.memberships:
        raise NotFound


def _check(facts: Facts) -> None:
    if facts.kind not in {kind.code for edition in store.editions() for kind in edition.evidence_kinds}:
        raise Invalid(N_("Chọn loại bằng chứng."))
    if not facts.title.strip() or len(facts.title) > MAX_TITLE:
        raise Invalid(N_("Nhập tên bằng chứng."))
    if facts.issued_on and facts.valid_until and facts.valid_until < facts.issued_on:
        raise Invalid(N_("Ngày hết hạn phải từ ngày lập trở đi."))
    if facts.language not in LANGUAGES:
        raise Invalid(N_("Chọn ngôn ngữ của tài liệu."))
