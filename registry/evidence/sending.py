"""Routes under /evidence/uploads: files that arrive over several requests, in the tus 1.0 protocol."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from assessments import evidence, uploads
from assessments.errors import N_, Invalid
from assessments.models import Upload, Vendor
from assessments.uploads import Announced
from registry import access, db
from registry.evidence import files, protocol, reception, stretch, waiting
from registry.evidence.addresses import own_url, resumable_url
from registry.evidence.blueprint import bp
from registry.evidence.files import Target
from registry.evidence.names import cleaned

PLACE = "/uploads/<uuid:upload_id>"


def limit() -> int:
    """The most bytes of one file."""
    most: int = current_app.config["SETTINGS"].max_upload_mb
    return most * evidence.MEGABYTE


def target_of_request() -> Target:
    """The criterion that the address names, if any."""
    return Target(request.args.get("ref", ""), request.args.get("criterion", ""))


@bp.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@bp.route(PLACE, methods=["OPTIONS"], provide_automatic_options=False)
@access.on_vendor()
def abilities(vendor: Vendor, upload_id: UUID | None = None) -> Response:
    """What this server can do."""
    del vendor, upload_id
    return protocol.options(limit())


@bp.get("/uploads", provide_automatic_options=False)
@access.on_vendor()
def waiting_uploads(vendor: Vendor) -> Response:
    """For the script of the page: where to send, and what waits, with addresses that hold for this sign-in."""
    target = target_of_request()
    listed = [
        {
            "id": str(one.id),
            "name": one.name,
            "length": one.length,
            "received": one.received,
            "fingerprint": protocol.read_metadata(one.metadata_header).get("fingerprint", ""),
            "url": own_url(one.id),
        }
        for one in waiting.of(vendor)
    ]
    return jsonify({"endpoint": resumable_url(target.ref, target.criterion), "uploads": listed})


@bp.post("/uploads", provide_automatic_options=False)
@access.upload
@protocol.spoken
def begin(vendor: Vendor) -> Response:
    """Begin an upload; the first bytes may come along."""
    upload = _begun(vendor)
    received = 0
    if request.mimetype == protocol.BODY and protocol.body_length():
        upload, received = stretch.write_on(access.me(), upload.id, 0, protocol.checksum())
    response = protocol.state(Response(status=201), upload, received)
    response.headers["Location"] = own_url(upload.id)
    return response


def _begun(vendor: Vendor) -> Upload:
    announced = _announced()
    target = target_of_request()
    if target:
        with db.reading() as session:
            files.require_target(session, access.me(), target)
    with db.writing() as session:
        files.require_room(session, vendor.id, announced.length)
        upload = uploads.begin(session, access.me(), vendor.id, announced)
        session.expunge(upload)
    return upload


def _announced() -> Announced:
    """What the headers say of the file, refused where it could never be taken."""
    length = protocol.number("Upload-Length")
    header, said = protocol.metadata()
    if length > limit():
        raise reception.too_large(length, limit())
    if length == 0:
        raise Invalid(N_("Tệp này trống. Chọn tệp có nội dung rồi tải lên lại."))
    name = cleaned(said.get("filename", ""))
    waiting.require_takeable(name)
    target = target_of_request()
    return Announced(length, name, header, *((target.ref, target.criterion) if target else ()))


@bp.route(PLACE, methods=["HEAD"], provide_automatic_options=False)
@access.upload
@protocol.spoken
def state(vendor: Vendor, upload_id: UUID) -> Response:
    """How far an upload has come."""
    del vendor  # the upload is the person's own
    with db.reading() as session:
        upload = uploads.own(session, access.me(), upload_id)
    response = protocol.state(Response(status=200), upload, upload.received)
    response.headers["Upload-Length"] = str(upload.length)
    if upload.metadata_header:
        response.headers["Upload-Metadata"] = upload.metadata_header
    return response


@bp.route(PLACE, methods=["PATCH"], provide_automatic_options=False)
@access.upload
@protocol.spoken
def write(vendor: Vendor, upload_id: UUID) -> Response:
    """Take in the next stretch."""
    del vendor  # the upload is the person's own
    protocol.require_body()
    offset = protocol.number("Upload-Offset")
    upload, received = stretch.write_on(access.me(), upload_id, offset, protocol.checksum())
    return protocol.state(Response(status=204), upload, received)


@bp.route(PLACE, methods=["DELETE"], provide_automatic_options=False)
@access.upload
@protocol.spoken
def cancel(vendor: Vendor, upload_id: UUID) -> Response:
    """Give an upload up."""
    del vendor  # the upload is the person's own
    waiting.give_up(upload_id)
    return Response(status=204)


@bp.post(f"{PLACE}/discard")
@access.on_vendor()
def discard(vendor: Vendor, upload_id: UUID) -> Any:
    """The same from a form, where no script runs."""
    del vendor  # the upload is the person's own
    db.release()
    upload = waiting.give_up(upload_id)
    flash(_("Đã bỏ tệp gửi dở."))
    if upload.ref and upload.criterion:
        return redirect(url_for("evidence.new", ref=upload.ref, criterion=upload.criterion), 303)
    return redirect(url_for("evidence.index"), 303)
