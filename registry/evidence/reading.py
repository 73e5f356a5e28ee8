"""Hands a stored file out: as an attachment, sandboxed, in pieces, and written down."""

from urllib.parse import quote
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from assessments import evidence
from assessments.errors import N_, NotAllowed, NotFound
from assessments.models import Application, StoredFile
from assessments.policy import opens
from assessments.queries import evidence as queries
from assessments.scans import require_readable
from registry import access, db, storage
from registry.evidence.content import SHOWN

PIECE_BYTES = 64 * 1024
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def in_application(application: Application, evidence_id: UUID) -> queries.Item:
    """A piece of evidence as whoever may read the file of an application finds it.

    The club reads what was handed in; the company its present draft as well. Anything else is NotFound. Who of the
    club may not open this piece, by the company's word, is told so (NotAllowed).
    """
    found = _found(application, evidence_id)
    if not opens(access.standing(), found.evidence.audience):
        raise NotAllowed(N_("Đơn vị chỉ cho người đánh giá và hội đồng mở bằng chứng này."))
    return found


def _found(application: Application, evidence_id: UUID) -> queries.Item:
    session = db.session()
    found = queries.piece(session, application.vendor_id, evidence_id)
    if found is None:
        raise NotFound
    if not queries.is_submitted(session, evidence_id, application.id):
        drafted = access.standing().member is not None and queries.is_attached(session, application.id, evidence_id)
        if not drafted or found.evidence.removed_at is not None:
            raise NotFound
    if found.file is not None:
        require_readable(found.file)
    return found


def write_down(evidence_id: UUID, application_id: UUID | None = None) -> None:
    """Record the reading before anything is shown; when it cannot be recorded, nothing is."""
    if queries.has_read(db.session(), access.me().id, evidence_id, evidence.access_window()):
        return
    with db.writing() as session:
        evidence.record_access(session, access.me(), evidence_id, application_id)


def send(file: StoredFile, *, shows: bool = True) -> Response:
    """The bytes, or the range asked for. Films and sound may be played in place when `inline` is in the query.

    Without `shows` nothing is: see queries.reading.shows_pictures.

    The one way out for a file: refuses (WrongState) what the scanner has not passed.
    """
    require_readable(file)
    try:
        source = storage.read(file.sha256)
    except FileNotFoundError as error:
        raise NotFound from error
    response = Response(FileWrapper(source, PIECE_BYTES), mimetype=file.media_type, direct_passthrough=True)
    response.headers.update(HEADERS)
    response.headers["Content-Disposition"] = _disposition(file, shows=shows)
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.call_on_close(source.close)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    except RequestedRangeNotSatisfiable:
        source.close()
        raise
    return response


def _disposition(file: StoredFile, *, shows: bool) -> str:
    """RFC 6266: an ASCII name for old programs, the real one in RFC 8187's form."""
    shown = shows and file.media_type in SHOWN and "inline" in request.args
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in file.name)
    return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
