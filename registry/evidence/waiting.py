"""Uploads that wait: for the rest of their bytes, or for the form that says what they are."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from assessments import uploads
from assessments.errors import N_, Invalid, NotFound
from assessments.models import Upload, Vendor
from assessments.queries import uploads as queries
from assessments.uploads import Announced
from registry import access, db, storage
from registry.evidence import files, stretch
from registry.evidence.content import BUILDS, MEDIA_TYPES, Offered, recognise
from registry.evidence.files import Target
from registry.evidence.reception import Reception


@dataclass(frozen=True)
class Whole:
    """An upload that is complete, as files.keep() takes it."""

    upload: Upload

    @property
    def sha256(self) -> str:
        """The hash that was taken when it was complete."""
        return self.upload.sha256

    def reader(self) -> BinaryIO:
        """The bytes as they arrived."""
        return storage.current().unfinished.whole(stretch.arrived_of(self.upload))

    def keep(self) -> tuple[str, int]:
        """Give the bytes their name among the files; the upload keeps them too until it is dropped."""
        storage.current().unfinished.share(stretch.arrived_of(self.upload), self.sha256)
        return self.sha256, self.upload.length

    def media_type(self, kind: str) -> str:
        """What the file is, by its content; refuses (Invalid) what is not taken for that kind of evidence."""
        with self.reader() as source:
            return recognise(source, Offered(self.upload.name, kind))

    def drop(self) -> None:
        """The bytes have become a file: the upload goes."""
        storage.current().unfinished.drop(stretch.arrived_of(self.upload))


def whole(upload_id: UUID) -> Whole:
    """An upload of the person's own that has arrived completely.

    Refuses as uploads.own() does, and (Invalid) one of which something is still missing.
    """
    stretch.complete(upload_id)
    with db.reading() as session:
        upload = uploads.own(session, access.me(), upload_id)
    if not upload.sha256:
        raise Invalid(N_("Tệp %(name)s chưa tải lên xong. Chọn lại đúng tệp đó để tải tiếp."), name=upload.name)
    return Whole(upload)


def found(ids: list[str]) -> list[UUID]:
    """Those ids of a form that name an upload of the person's own; used and expired ones are not found any more."""
    mine = []
    with db.reading() as session:
        for text in dict.fromkeys(ids):
            try:
                mine.append(uploads.own(session, access.me(), UUID(text)).id)
            except (ValueError, NotFound):
                continue
    return mine


def of(vendor: Vendor, target: Target | None = None) -> list[Upload]:
    """What the person has sent for the company and not used: everything, or for one criterion or the library alone."""
    every = queries.waiting(db.session(), access.me().id, vendor.id)
    if target is None:
        return every
    return [one for one in every if (one.ref, one.criterion) == (target.ref, target.criterion)]


def set_aside(vendor: Vendor, received: Reception, target: Target) -> None:
    """Let a file that came with a faulty form wait for that form to come again: nobody sends it twice."""
    incoming = received.incoming
    announced = Announced(incoming.size, received.name, "", target.ref, target.criterion)
    with db.writing() as session:
        files.require_room(session, vendor.id, incoming.size)
        upload = uploads.begin(session, access.me(), vendor.id, announced)
        arrived, upload.sha256 = incoming.wait(upload.id.hex)
        upload.received, upload.place = arrived.size, arrived.place
        session.add(upload)


def give_up(upload_id: UUID) -> Upload:
    """Forget an upload and its bytes. Refuses as uploads.discard() does."""
    with db.writing() as session:
        upload = uploads.discard(session, access.me(), upload_id)
    storage.current().unfinished.drop(stretch.arrived_of(upload))
    return upload


def require_takeable(name: str) -> None:
    """Refuse (Invalid) a file by its name before its bytes are sent, where no content could make it taken."""
    offered = Offered(name, "")
    if offered.extension not in MEDIA_TYPES and offered.extension not in BUILDS:
        recognise(BytesIO(), offered)  # says of an empty file what it would say of the whole one
