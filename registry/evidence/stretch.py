"""One stretch of an upload: from the network to the storage in pieces, made safe as it goes, held for one request."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from assessments import uploads
from assessments.models import Upload
from assessments.people import Actor
from assessments.queries import uploads as queries
from assessments.uploads import Hold, Safe
from registry import db, storage
from registry.evidence import reception
from registry.evidence.protocol import Checksum, Declined, body_length
from registry.storage import Arrived, Arriving, StorageFull

CHUNK_BYTES = 64 * 1024
SAFE_EVERY = 8 * 1024 * 1024  # bytes between two that are acknowledged, should the connection break
RENEW_EVERY = 5.0  # seconds between two signs of life, well below uploads.HOLD
HASH_BYTES = 256 * 1024


class Lost(Declined):
    """The upload was given up or taken over while this request was writing."""

    def __init__(self) -> None:
        super().__init__(409, _("Lần tải lên này đã được tiếp tục hoặc bỏ ở nơi khác."))


class Stretch:
    """The bytes of one request, behind what has arrived before."""

    def __init__(self, held: Hold, announced: int, checksum: Checksum | None) -> None:
        self._held = held
        self._left = announced
        self._checksum = checksum
        self._check = checksum.new() if checksum else None
        self.safe = arrived_of(held.upload)
        self._reached = held.upload.received
        self._whole = hashlib.sha256() if self._reached == 0 else None  # from the start on: no second pass is needed
        self._renewed = time.monotonic()

    def take(self) -> int:
        """Read the request to its end, or to where it breaks; returns how many bytes of the file are safe then.

        Declines (460) bytes that are not what the checksum says, (507) what there is no room for, (400) a request that
        broke off, (409) an upload that others went on with. What is safe is written down in every case.
        """
        try:
            with closing(self._begun()) as arriving:
                self._receive(arriving)
        except StorageFull as error:
            self._let_go()
            raise reception.no_room() from error
        except BaseException:
            with suppress(Lost):
                self._let_go()
            raise
        self._let_go()
        if self._left:
            raise Declined(400)
        return self.safe.size

    def hash(self) -> str:
        """The hash of the whole file when it came in this one stretch; "" otherwise."""
        return self._whole.hexdigest() if self._whole and self.safe.size == self._held.upload.length else ""

    def _begun(self) -> Arriving:
        unfinished = storage.current().unfinished
        if not self.safe.place:
            self.safe = unfinished.start(self.safe.name)
        try:
            return unfinished.grow(self.safe, aside=self._held.aside)
        except FileNotFoundError as error:
            raise Declined(410, _("Phần đã gửi không còn trên máy chủ. Tải lên lại từ đầu.")) from error

    def _receive(self, arriving: Arriving) -> None:
        try:
            for chunk in self._chunks():
                self._keep(arriving, chunk)
        except StorageFull:
            if self._check is None:
                self.safe = arriving.secure()
            raise
        self._refuse_other_bytes()
        self._renew()
        self.safe = arriving.settle(last=self._reached == self._held.upload.length)

    def _chunks(self) -> Iterator[bytes]:
        """The body as it comes; it ends early where the connection does."""
        stream = request.environ["wsgi.input"]
        with suppress(OSError):
            while self._left and (chunk := stream.read(min(CHUNK_BYTES, self._left))):
                self._left -= len(chunk)
                yield chunk

    def _keep(self, arriving: Arriving, chunk: bytes) -> None:
        if time.monotonic() - self._renewed > RENEW_EVERY:
            self._renew()
        arriving.write(chunk)
        self._reached += len(chunk)
        for running in (self._check, self._whole):
            if running is not None:
                running.update(chunk)
        if self._check is None and self._reached - self.safe.size >= SAFE_EVERY:
            self.safe = arriving.secure()
            self._renew()

    def _refuse_other_bytes(self) -> None:
        """Bytes with a checksum count together or not at all."""
        if self._checksum is None or self._check is None:
            return
        if self._left:
            raise Declined(400)
        if self._check.digest() != self._checksum.digest:
            raise Declined("460 Checksum Mismatch", _("Dữ liệu hỏng trên đường truyền. Bấm Tải tiếp."))

    def _renew(self) -> None:
        """Say that the bytes still come. Declines (409) when others went on with the upload, or gave it up."""
        with db.writing() as session:
            if not uploads.advance(session, self._held, safe_of(self.safe)):
                raise Lost
        self._renewed = time.monotonic()

    def _let_go(self) -> None:
        with db.writing() as session:
            if not uploads.let_go(session, self._held, safe_of(self.safe)):
                raise Lost


def arrived_of(upload: Upload) -> Arrived:
    """A row in the storage's words."""
    return Arrived(upload.id.hex, upload.received, upload.place, tuple(upload.parts))


def safe_of(arrived: Arrived) -> Safe:
    """The storage's words for the row."""
    return Safe(arrived.size, arrived.place, arrived.parts)


def write_on(actor: Actor, upload_id: UUID, offset: int, checksum: Checksum | None) -> tuple[Upload, int]:
    """Take the body of this request into an upload, behind `offset`; returns the upload and how much of it is safe.

    Declines and refuses as uploads.hold() and Stretch.take() do, and (413) more bytes than were announced.
    """
    if done := _already_complete(actor, upload_id, offset):
        return done, done.received
    with reception.place_for_stretch(actor.id):
        with db.writing() as session:
            held = uploads.hold(session, actor, upload_id, offset)
            session.flush()
            session.expunge(held.upload)
            _require_fitting(held.upload, offset)
        stretch = Stretch(held, body_length(), checksum)
        try:
            received = stretch.take()
        except Lost:
            _drop_if_given_up(upload_id, stretch.safe)
            raise
    complete(upload_id, stretch.hash())
    return held.upload, received


def _already_complete(actor: Actor, upload_id: UUID, offset: int) -> Upload | None:
    """The upload, when nothing is left to send: the answer to the last byte may have been lost on its way."""
    with db.reading() as session:
        upload = uploads.own(session, actor, upload_id)
    if not upload.received == upload.length == offset:
        return None
    if request.content_length:
        _require_fitting(upload, offset)
    complete(upload_id)
    return upload


def _require_fitting(upload: Upload, offset: int) -> None:
    if offset + body_length() > upload.length:
        raise Declined(413, _("Gửi nhiều byte hơn cỡ tệp đã báo. Tải lên lại từ đầu."))


def _drop_if_given_up(upload_id: UUID, arrived: Arrived) -> None:
    """Bytes that came after the upload was given up go as well."""
    with db.reading() as session:
        if queries.upload(session, upload_id) is None:
            storage.current().unfinished.drop(arrived)


def complete(upload_id: UUID, sha256: str = "") -> None:
    """Give a whole upload its hash: the one that ran along, or one more pass over what the storage has.

    Done again it changes nothing; so an upload whose last request died before this line is completed by the next.
    """
    with db.reading() as session:
        upload = queries.upload(session, upload_id)
    if upload is None or upload.received < upload.length or upload.sha256:
        return
    found = sha256 or hash_of(arrived_of(upload))
    with db.writing() as session:
        uploads.finish(session, upload_id, found)


def hash_of(arrived: Arrived) -> str:
    """The hash of a complete upload, read once from its beginning to its end."""
    found = hashlib.sha256()
    with storage.current().unfinished.whole(arrived) as source:
        while piece := source.read(HASH_BYTES):
            found.update(piece)
    return found.hexdigest()
