"""Reads everything that a site shows somebody, down to the properties of its files."""

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from flask import Flask
from PIL import Image
from pypdf import PdfReader
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from registry import access
from tests.conftest import Browser

ADDRESS = re.compile(r"""(?:href|src|action|poster|data-[a-z-]+)="(/[^"#]*)""")
HOST = "http://localhost"
FEW, MORE = 1, 3  # so many addresses of one endpoint are asked
ELSEWHERE = {"static"}  # the same bytes for everybody, in the repository
OF_NO_FILE = ("vendor:", "signed in", "open form", "public")


def readable(name: str, content: bytes) -> str:
    """Everything that can be read in a file: its name, its text, its properties, and the files inside it."""
    return "\n".join([unquote(name), *_inside(content)])


def _inside(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.infolist():
                yield f"{one.comment!r} {one.extra!r}"
                yield readable(one.filename, archive.read(one))
    elif content.startswith((b"\x89PNG", b"\xff\xd8")):
        with Image.open(io.BytesIO(content)) as image:
            yield f"{image.info} {dict(image.getexif())}"


def _of_pdf(content: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(content))
    yield str(reader.metadata)
    yield str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
    for page in reader.pages:
        yield page.extract_text()
    for name, files in reader.attachments.items():
        for one in files:
            yield readable(name, one)


@dataclass
class Visit:
    """One person's walk along every address they can find or guess."""

    app: Flask
    browser: Browser
    public: bool = True  # whether pages that are the same for everybody are read too
    everything: bool = True  # else only what has to do with files: not one's account and company, nor what is public
    roles: frozenset[str] = (
        frozenset()
    )  # of the person; for others' pages there is one answer, asked for with everything
    seen: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)

    def pages(self, start: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Every address that leads on from the first ones, with all that can be read in the answer."""
        queue = deque(start)
        while queue:
            address = queue.popleft()
            if not self._wanted(address):
                continue
            answer = self.browser.get(address)
            text = "\n".join([str(answer.headers), readable(address, answer.data)])
            queue.extend(self._links(address, answer))
            answer.close()
            yield address, text

    def _wanted(self, address: str) -> bool:
        endpoint = self._endpoint(urlsplit(address).path)
        if address in self.seen or endpoint is None or endpoint in ELSEWHERE:
            return False
        declared = getattr(self.app.view_functions.get(endpoint), access.DECLARED, "")
        if declared.startswith(access.PUBLIC) and not self.public:
            return False
        if not (self.everything or declared == access.PUBLIC or self._of_files(declared)):
            return False
        self.seen.add(address)
        self.asked[endpoint] += 1
        return self.asked[endpoint] <= (MORE if self.everything else FEW)

    def _of_files(self, declared: str) -> bool:
        form, _, wanted = declared.partition(":")
        return not declared.startswith(OF_NO_FILE) and (form != "role" or bool(self.roles & set(wanted.split("|"))))

    def _endpoint(self, path: str) -> str | None:
        try:
            endpoint, _values = self.app.url_map.bind("localhost").match(path, method="GET")
        except HTTPException:
            return None
        return str(endpoint)

    def _links(self, address: str, answer: TestResponse) -> Iterator[str]:
        if answer.location:
            yield _local(urljoin(f"{HOST}{address}", answer.location))
        if answer.mimetype == "text/html":
            for found in ADDRESS.findall(answer.text):
                yield unescape(found)


def _local(url: str) -> str:
    return url.removeprefix(HOST)
