"""What lies in an offline pack, and its way out: a ZIP written as it is sent, so that memory stays the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from flask import render_template
from flask_babel import gettext as _
from sqlmodel import Session

from assessments import evidence
from assessments.clock import now
from assessments.models import Application
from assessments.people import Actor
from assessments.policy import Standing, opens
from assessments.queries.packs import pieces_of
from assessments.queries.reading import shows_pictures
from registry import db, marks, storage
from registry.reviews import bench as benches
from registry.reviews import pack_sheet
from registry.reviews.bench import Bench

PIECE_BYTES = 256 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o600 << 16


@dataclass(frozen=True)
class Entry:
    """A file of the pack: where it lies in it, and where its bytes are."""

    evidence_id: UUID
    name: str
    sha256: str


@dataclass(frozen=True)
class Pack:
    """Everything to be sent, small things already written."""

    index: str
    marks: bytes
    entries: tuple[Entry, ...]


@dataclass
class _Shelf:
    """The evidence of the answers, each piece once, whichever answers it stands under."""

    entries: dict[UUID, Entry] = field(default_factory=dict)
    why_not: dict[UUID, str] = field(default_factory=dict)
    one_by_one: bool = False  # of a product that finds abuse material: no heap of its files leaves the house


def gather(session: Session, bench: Bench, standing: Standing) -> Pack:
    """What one reviewer takes along: the page, the spreadsheet with their own marks, and the files they may open."""
    shelf = _shelf(session, bench, standing)
    page: str = render_template(
        "reviews/packs/_index.html",
        bench=bench,
        made_at=now(),
        files={str(one.evidence_id): one.name for one in shelf.entries.values()},
        why_not={str(piece): why for piece, why in shelf.why_not.items()},
        choices=marks.rubric,
        figure=benches.figure,
    )
    return Pack(page, pack_sheet.write(bench), tuple(shelf.entries.values()))


def write_down(actor: Actor, application: Application, pack: Pack) -> None:
    """Record the reading of every file before anything is sent; when it cannot be recorded, nothing is."""
    with db.writing() as session:
        for entry in pack.entries:
            evidence.record_access(session, actor, entry.evidence_id, application.id)


def stream(pack: Pack) -> Iterator[bytes]:
    """The ZIP in pieces; bytes that have gone meanwhile leave an empty place, and the rest is sent all the same."""
    out = _Out()
    with ZipFile(cast("IO[bytes]", out), "w") as archive:
        for name, content in (("index.html", pack.index.encode()), ("marks.xlsx", pack.marks)):
            archive.writestr(_info(name, ZIP_DEFLATED), content)
            yield out.taken()
        for entry in pack.entries:
            yield from _file(archive, out, entry)
    yield out.taken()


def _file(archive: ZipFile, out: "_Out", entry: Entry) -> Iterator[bytes]:
    try:
        source = storage.read(entry.sha256)
    except FileNotFoundError:
        return
    with source, archive.open(_info(entry.name, ZIP_STORED), "w", force_zip64=True) as target:
        while piece := source.read(PIECE_BYTES):
            target.write(piece)
            yield out.taken()


class _Out:
    """The end of the pipe: holds what was written until it is sent."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._held += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: it is sent when it is taken."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece, self._held = bytes(self._held), bytearray()
        return piece


def _shelf(session: Session, bench: Bench, standing: Standing) -> _Shelf:
    items = {str(item["id"]): item for code in _codes(bench) for item in bench.answer(code).get("evidence", ())}
    known = pieces_of(session, bench.application.vendor_id, [UUID(one) for one in items])
    shelf = _Shelf(one_by_one=not shows_pictures(bench.submission.content["profile"] if bench.submission else {}))
    for piece_id, item in items.items():
        _place(shelf, item, known.get(UUID(piece_id)), standing)
    return shelf


def _place(shelf: _Shelf, item: dict[str, Any], found: Any, standing: Standing) -> None:
    piece_id = UUID(item["id"])
    if not item.get("file"):
        return  # an address of a page: it stands in the index
    if shelf.one_by_one:
        shelf.why_not[piece_id] = _("Tệp của sản phẩm phát hiện nội dung xâm hại không có trong bộ. Mở trên trang.")
    elif found is None or not opens(standing, found.evidence.audience):
        shelf.why_not[piece_id] = _("Đơn vị chỉ cho người khác mở bằng chứng này.")
    elif found.file is None or not found.file.readable:
        shelf.why_not[piece_id] = _("Tệp chưa quét mã độc xong hoặc đang bị khóa. Mở trên trang đánh giá sau.")
    else:
        safe = found.file.name.replace("/", "_").replace("\\", "_")  # cleaned when it came in
        shelf.entries[piece_id] = Entry(piece_id, f"files/{len(shelf.entries) + 1:03d}-{safe}", found.file.sha256)


def _codes(bench: Bench) -> list[str]:
    return [criterion.code for criterion in bench.criteria]


def _info(name: str, compression: int) -> ZipInfo:
    info = ZipInfo(name, EPOCH)
    info.compress_type, info.external_attr = compression, READABLE
    return info
