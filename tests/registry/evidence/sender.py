"""A client of the tus protocol made of plain requests, for the tests of the server's side."""

import base64
import hashlib
import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Request
from sqlmodel import Session, select
from werkzeug.test import EnvironBuilder, TestResponse

from assessments.models import Upload
from tests.conftest import Browser
from tests.registry.evidence import samples

VERSION = {"Tus-Resumable": "1.0.0"}
BODY = "application/offset+octet-stream"
CONTENT = samples.PDF + random.Random(1).randbytes(200_000)  # noqa: S311  no stretch of it is like another


def encoded(text: str) -> str:
    """A value of Upload-Metadata."""
    return base64.b64encode(text.encode()).decode()


def metadata(name: str = "Báo cáo.pdf", **more: str) -> str:
    """Upload-Metadata with a file name."""
    return ",".join(f"{key} {encoded(value)}" for key, value in {"filename": name, **more}.items())


def checksum(content: bytes, algorithm: str = "sha1") -> str:
    """Upload-Checksum of some bytes."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


def endpoint(browser: Browser, query: str = "") -> str:
    """Where an upload begins, as the page's script learns it."""
    return str(browser.get(f"/evidence/uploads{query}").json["endpoint"])  # type: ignore[index]


def begin(
    browser: Browser, length: int = len(CONTENT), url: str | None = None, name: str = "Báo cáo.pdf", **headers: str
) -> TestResponse:
    """Begin an upload."""
    told = {**VERSION, "Upload-Length": str(length), "Upload-Metadata": metadata(name)}
    told |= {key.replace("_", "-"): value for key, value in headers.items()}
    return browser.post(endpoint(browser) if url is None else url, headers={k: v for k, v in told.items() if v})


def begun(browser: Browser, length: int = len(CONTENT), **options: Any) -> str:
    """The address of a new upload."""
    answer = begin(browser, length, **options)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def patch(browser: Browser, url: str, content: bytes, offset: int = 0, **headers: str) -> TestResponse:
    """Send a stretch."""
    told = {**VERSION, "Upload-Offset": str(offset), "Content-Type": BODY}
    told |= {key.replace("_", "-"): value for key, value in headers.items()}
    return browser.patch(url, data=content, headers={k: v for k, v in told.items() if v})


def head(browser: Browser, url: str) -> TestResponse:
    """Ask how far it has come."""
    return browser.head(url, headers=VERSION)


def offset(browser: Browser, url: str) -> int:
    """How far it has come."""
    return int(head(browser, url).headers["Upload-Offset"])


def delete(browser: Browser, url: str) -> TestResponse:
    """Give it up."""
    return browser.delete(url, headers=VERSION)


def raw(browser: Browser, url: str, stream: Any, length: int, method: str = "PATCH", **headers: str) -> TestResponse:
    """A request whose body is a stream of ours, however much it holds."""
    told = {**VERSION, "Upload-Offset": "0", "Content-Type": BODY}
    told |= {key.replace("_", "-"): value for key, value in headers.items()}
    builder = EnvironBuilder(path=url, base_url="http://localhost", method=method, headers=told)
    environ = {
        **builder.get_environ(),
        "wsgi.input": stream,
        "CONTENT_LENGTH": str(length),
        "wsgi.input_terminated": True,  # as servers say that end a cut stream like a complete one
    }
    return browser.open(Request(environ))


class Watched(io.RawIOBase):
    """A body that lets somebody look in before each piece is handed out; it may break in the middle."""

    def __init__(self, content: bytes, piece: int, look: Any, breaks: bool = False) -> None:  # noqa: FBT001, FBT002
        self._content, self._piece, self._look, self._breaks = io.BytesIO(content), piece, look, breaks

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._look()
        found = self._content.read(min(size, self._piece) if size >= 0 else self._piece)
        if not found and self._breaks:
            raise ConnectionResetError
        return found


@contextmanager
def held(session: Session, **changes: Any) -> Iterator[Upload]:
    """The only upload there is, changed behind the site's back."""
    upload = session.exec(select(Upload)).one()
    for name, value in changes.items():
        setattr(upload, name, value)
    session.add(upload)
    session.commit()
    yield upload
    session.expire_all()


def form(upload_id: Any, **fields: str) -> dict[str, str]:
    """The form that makes evidence of an upload."""
    typed = {"kind": "DOC", "title": "Báo cáo lọc", "promise": "y", "upload": str(upload_id), **fields}
    return {name: text for name, text in typed.items() if text}


def id_of(url: str) -> str:
    """The id of an upload, from its address."""
    return url.partition("?")[0].rsplit("/", 1)[-1]


def uuid_of(url: str) -> UUID:
    """The same as an id."""
    return UUID(id_of(url))
