"""The words of the tus 1.0 protocol (https://tus.io/protocols/resumable-upload): headers and statuses, in and out."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, Protocol

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.http import http_date

from assessments.errors import Invalid, NotAllowed, NotFound, Refused, TooLarge, TooMany, WrongState
from assessments.models import Upload
from assessments.uploads import Expired, Held
from registry.evidence.reception import NoRoom
from registry.i18n import translate

P = ParamSpec("P")

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = ("sha1", "sha256")
BODY = "application/offset+octet-stream"
LONGEST_METADATA = 4000
MOST_DIGITS = 15
STATUSES: tuple[tuple[type[Refused], int], ...] = (  # the first that fits
    (Expired, 410),
    (NotFound, 404),
    (NotAllowed, 403),
    (Held, 423),
    (WrongState, 409),
    (Invalid, 422),
    (TooLarge, 413),
    (TooMany, 429),
    (NoRoom, 507),
)


class Hash(Protocol):
    """A running hash of hashlib."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""

    def digest(self) -> bytes:
        """What it is so far."""


class Declined(Exception):
    """The request is not one that the protocol answers with success; the message is for people."""

    def __init__(self, status: int | str, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request should hash to."""

    algorithm: str
    digest: bytes

    def new(self) -> Hash:
        """A hash to run over them."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def spoken(view: Callable[P, Response]) -> Callable[P, Response]:
    """Answer as the protocol asks: its version on both sides, refusals as plain words with a status of their own."""

    @wraps(view)
    def answering(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = _answered(view, *args, **kwargs)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return answering


def _answered(view: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
    if request.headers.get("Tus-Resumable") != VERSION:
        return _plain(412, "", {"Tus-Version": VERSION})
    try:
        return view(*args, **kwargs)
    except Declined as declined:
        return _plain(declined.status, declined.message)
    except Refused as refusal:
        return refused(refusal)


def refused(refusal: Refused) -> Response:
    """A refusal of ours in the protocol's words."""
    status = next(status for kind, status in STATUSES if isinstance(refusal, kind))
    message = translate(refusal.message, **refusal.values) if refusal.message else ""
    later = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany) else {}
    return _plain(status, message, later)


def _plain(status: int | str, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(message, status, headers or {}, content_type="text/plain; charset=utf-8")


def options(most: int) -> Response:
    """What this server can do; no version is asked of who asks."""
    response = Response(status=204)
    response.headers.update(
        {
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(most),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
    )
    return response


def state(response: Response, upload: Upload, received: int) -> Response:
    """How far an upload has come, and how long it is kept."""
    response.headers["Upload-Offset"] = str(received)
    response.headers["Upload-Expires"] = http_date(upload.expires_at)
    response.headers["Cache-Control"] = "no-store"
    return response


def number(header: str) -> int:
    """A header that is a whole number; refuses (400) every other."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise Declined(400, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header=header))
    return int(text)


def metadata() -> tuple[str, dict[str, str]]:
    """Upload-Metadata as it came and as it reads: keys with base64 values, parted by commas; else refused (400)."""
    header = request.headers.get("Upload-Metadata", "")
    if len(header) > LONGEST_METADATA:
        raise Declined(400, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header="Upload-Metadata"))
    try:
        return header, read_metadata(header)
    except ValueError as error:
        raise Declined(400, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header="Upload-Metadata")) from error


def read_metadata(header: str) -> dict[str, str]:
    """The pairs of the header. Raises ValueError for anything else than the protocol allows."""
    found: dict[str, str] = {}
    for pair in filter(None, header.split(",")):
        key, _space, value = pair.strip().partition(" ")
        if not key or key in found:
            raise ValueError(pair)
        found[key] = base64.b64decode(value, validate=True).decode()
    return found


def checksum() -> Checksum | None:
    """What Upload-Checksum says, None without it; refuses (400) what cannot be checked."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _space, encoded = header.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Declined(400, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header="Upload-Checksum"))
    return Checksum(algorithm, digest)


def require_body() -> None:
    """Refuse (415) bytes under any other name."""
    if request.headers.get("Content-Type", "") != BODY:
        raise Declined(415, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header="Content-Type"))


def body_length() -> int:
    """How many bytes come. Refuses (411) a request that does not say."""
    length = request.content_length
    if length is None or "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise Declined(411, _("Yêu cầu thiếu %(header)s hoặc ghi sai.", header="Content-Length"))
    return length
