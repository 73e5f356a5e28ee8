"""Hostile files and the requests they come in: refused in words, or kept as bytes that no browser takes for a page."""

import base64
import html
import io
import re
import zipfile
import zlib

import pytest

from tests.hostile.cast import Target, grown
from tests.hostile.wire import MULTIPART, Line, multipart, part
from tests.registry.evidence import samples

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject/></svg>'
PAGE = b"<!doctype html><html><body><script>alert(document.cookie)</script></body></html>"
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x ['
    b'<!ENTITY a0 "ha">'
    + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 10))
    + b"]><x>&a9;</x>"
)


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with names as they are given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method, compresslevel=1) as written:
        for name, content in entries:
            written.writestr(name, content)
    return target.getvalue()


def bomb(depth: int = 4) -> bytes:
    """Zeros in an archive in an archive."""
    inner = archive(("x", bytes(30_000_000)))
    for _ in range(depth):
        inner = archive(*((f"{n}.zip", inner) for n in range(4)))
    return inner


def docx(document: bytes, **more: bytes) -> bytes:
    """A document whose text is that."""
    return archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document), *more.items())


def xlsx(workbook: bytes, **more: bytes) -> bytes:
    """A workbook that begins with that."""
    return archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", workbook), *more.items())


# Name as it is sent, and content.
REFUSED: dict[str, tuple[str, bytes]] = {
    "page": ("bao-cao.html", PAGE),
    "page by another name": ("bao-cao.pdf", PAGE),
    "page as a picture": ("anh.png", PAGE),
    "picture that is a page": ("anh.svg", SVG),
    "SVG by another name": ("anh.jpg", SVG),
    "XHTML": ("bao-cao.xhtml", PAGE),
    "program": ("bao-cao.exe", samples.EXE),
    "program by another name": ("bao-cao.pdf", samples.EXE),
    "script": ("bao-cao.php", b"<?php system($_GET[0]);"),
    "shell": ("bao-cao.sh", b"#!/bin/sh\nid"),
    "settings of a server": (".htaccess", b"AddType text/html .txt"),
    "PDF with JavaScript": (
        "bao-cao.pdf",
        samples.pdf("/OpenAction 4 0 R", "", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    ),
    "PDF that starts a program": ("b.pdf", samples.pdf("/OpenAction 4 0 R", "", "<< /S /Launch /F (cmd.exe) >>")),
    "PDF with a hidden name": ("b.pdf", samples.pdf("/#4fpenAction 4 0 R", "", "<< /S /J#61vaScript /JS (x) >>")),
    "PDF, locked": ("b.pdf", samples.PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard >>")),
    "macro": ("b.docx", samples.MACRO),
    "document that reads files": ("b.docx", docx(XXE)),
    "document of laughs": ("b.docx", docx(LAUGHS)),
    "workbook that reads files": ("b.xlsx", xlsx(XXE)),
    "workbook that reads files, in UTF-16": ("b.xlsx", xlsx(XXE.decode().encode("utf-16"))),
    "workbook that reads files, far in": ("b.xlsx", xlsx(XXE.replace(b"<!D", b"<!--" + b"x" * 70_000 + b"--><!D", 1))),
    "document, bomb": ("b.docx", docx(b"<x>" + bytes(150_000_000) + b"</x>")),
    "workbook, bomb": ("b.xlsx", xlsx(b"<x/>", **{"xl/big.xml": bytes(150_000_000)})),
    "document out of its folder": ("b.docx", docx(b"<x/>", **{"../../../tmp/evil": b"x"})),
    "huge picture": ("anh.png", png(60_000, 60_000)),
    "picture without end": ("anh.png", png(2**31 - 1, 2**31 - 1)),
    "picture of nothing": ("anh.png", png(0, 0)),
    "cut picture": ("anh.png", samples.PNG[:30]),
    "cut PDF": ("b.pdf", samples.PDF[:40]),
    "PDF and page": ("b.pdf", PAGE + samples.PDF),
    "archive": ("b.zip", archive(("a.txt", b"x"))),
    "archives in archives": ("b.zip", bomb(2)),
    "no name": ("", samples.PDF),
    "empty": ("b.pdf", b""),
    "zeros": ("b.pdf", bytes(5000)),
}  # fmt: skip
NAMES = {
    "path": "../../../../etc/cron.d/evil.pdf",
    "drive": "C:\\\\Windows\\\\System32\\\\evil.pdf",
    "device": "con.pdf",
    "zero": "evil.php%00.pdf",
    "direction": "bao-cao-\u202efdp.exe.pdf",
    "quote": 'a\\"; filename=\\"evil.html.pdf',
    "encoded": "%2e%2e%2fevil.pdf",
    "long": "ậ" * 300 + ".pdf",
    "commands": ";$(id)`id`|id.pdf",
    "markup": "<img src=x onerror=alert(1)>.pdf",
    "formula": "=cmd|calc.pdf",
    "hidden": ".pdf",
    "spaces": "   .  .pdf   ",
    "emoji": "👨‍👩‍👧 báo cáo.pdf",
    "no UTF-8": "b\udcff\udcfe.pdf",
}


def action(target: Target, who: str = "an") -> str:
    """Where the form of a file goes, with its token."""
    page = target.ask(Line(target="/evidence/new"), who).text
    found = re.search(r'action="(/evidence/upload\?[^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def text(name: str, value: str) -> bytes:
    return part(f'form-data; name="{name}"', value.encode())


FACTS = text("kind", "DOC") + text("title", "Tệp giulaizq") + text("promise", "y")


def body(name: str, content: bytes, kind: str = "LOG") -> bytes:
    """A form with a file."""
    facts = FACTS.replace(b"DOC", kind.encode())
    return multipart(facts, part(f'form-data; name="file"; filename="{name}"', content, "Content-Type: text/html"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_could_harm_its_reader_is_refused_in_words(target: Target, name: str) -> None:
    before, kept = target.rows(), stored(target)
    answer = target.ask(Line("POST", action(target), (MULTIPART,), body(*REFUSED[name])), "an")
    assert answer.status in {400, 413, 422}
    assert "giulaizq" in answer.text  # what was typed beside it
    assert b"root:" not in answer.body
    assert grown(before, target.rows()) == {}
    assert stored(target) == kept


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_leads_nowhere(target: Target, name: str) -> None:
    content = samples.TEXT + f"{name}\n".encode()  # none like another
    answer = target.ask(
        Line("POST", action(target), (MULTIPART,), body(NAMES[name].replace(".pdf", ".txt"), content)), "an"
    )
    assert answer.status in {302, 303, 400, 422}
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in stored(target))
    shown = target.ask(Line(target="/evidence"), "an").text
    assert "<img src=x" not in shown
    assert "\u202e" not in shown


def test_a_file_is_handed_out_as_nothing_but_a_file(target: Target) -> None:
    answer = target.ask(Line("POST", action(target), (MULTIPART,), body("trang.txt", samples.TEXT + PAGE)), "an")
    assert answer.status in {302, 303, 422}
    shown = target.ask(Line(target="/evidence"), "an").text
    for path in sorted(set(re.findall(r'href="(/evidence/[0-9a-f-]{36})"', shown))):
        file = target.ask(Line(target=f"{path}/file"), "an")
        if file.status == 200:
            assert file.header("Content-Disposition").startswith("attachment")
            assert file.header("X-Content-Type-Options") == "nosniff"
            assert "sandbox" in file.header("Content-Security-Policy")
            assert "html" not in file.header("Content-Type")
            assert target.ask(Line(target=f"{path}/file"), "bao").status == 404


def stored(target: Target) -> set[str]:
    """The names of what the storage holds."""
    return set(target.app.extensions["storage"].names())


OF_FILE = 'form-data; name="file"; filename="a.pdf"'
FILE = part(OF_FILE, samples.PDF)
BROKEN: dict[str, tuple[str, bytes]] = {
    "no end": (MULTIPART, multipart(FACTS, FILE, end=False)),
    "cut within the file": (MULTIPART, multipart(FACTS, FILE)[:-200]),
    "no parts": (MULTIPART, multipart()),
    "no file": (MULTIPART, multipart(FACTS)),
    "no facts": (MULTIPART, multipart(FILE)),
    "two files": (MULTIPART, multipart(FACTS, part('form-data; name="file"; filename="a.exe"', samples.EXE), FILE)),
    "a thousand parts": (MULTIPART, multipart(*(text(f"x{n}", "y") for n in range(1000)), FILE)),
    "huge field": (MULTIPART, multipart(text("title", "x" * 1_000_000), FILE)),
    "huge head of a part": (MULTIPART, multipart(part(OF_FILE, b"x", "X: " + "y" * 200_000))),
    "no disposition": (MULTIPART, multipart(part("evil", samples.PDF))),
    "names twice": (MULTIPART, multipart(FACTS, part(f'{OF_FILE}; filename="b.exe"', samples.PDF))),
    "extended name": (MULTIPART, multipart(FACTS, part(f"{OF_FILE}; filename*=UTF-8''..%2fevil.pdf", samples.PDF))),
    "encoded part": (MULTIPART, multipart(part(OF_FILE, b"x", "Content-Transfer-Encoding: base64"))),
    "other edge": ("Content-Type: multipart/form-data; boundary=other", multipart(FACTS, FILE)),
    "edge of nothing": ("Content-Type: multipart/form-data", multipart(FACTS, FILE)),
    "mixed": ("Content-Type: multipart/mixed; boundary=----hostile", multipart(FACTS, FILE)),
    "JSON": ("Content-Type: application/json", b'{"file":"x"}'),
    "plain": ("Content-Type: text/plain", multipart(FACTS, FILE)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_of_a_file_leaves_nothing_half_done(target: Target, name: str) -> None:
    kind, content = BROKEN[name]
    before, kept = target.rows(), stored(target)
    answer = target.ask(Line("POST", action(target), (kind,), content), "an")
    assert answer.status in {400, 411, 413, 415, 422} or name == "extended name"
    if answer.status >= 400:
        assert set(grown(before, target.rows())) <= {"upload"}  # a good file waits for its form
        assert stored(target) == kept


LENGTHS = {
    "too long": ("Content-Length: 999999999999",),
    "chunked": ("Transfer-Encoding: chunked",),
    "shorter than it is": ("Content-Length: 10",),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_length_that_lies_is_no_way_past_the_limit(target: Target, name: str) -> None:
    before = target.rows()
    sent = multipart(FACTS, FILE) if name != "chunked" else b"0\r\n\r\n"
    answer = target.ask(Line("POST", action(target), (MULTIPART, *LENGTHS[name]), sent, sized=False), "an")
    assert answer.status in {0, 400, 411, 413, 422}
    assert grown(before, target.rows()) == {}


TUS = "Tus-Resumable: 1.0.0"
PDF_NAME = "Upload-Metadata: filename " + base64.b64encode(b"a.pdf").decode()
STARTS: dict[str, tuple[str, ...]] = {
    "no version": ("Upload-Length: 5", PDF_NAME),
    "other version": ("Tus-Resumable: 9.9.9", "Upload-Length: 5", PDF_NAME),
    "no length": (TUS, PDF_NAME),
    "length, minus": (TUS, "Upload-Length: -5", PDF_NAME),
    "length, plus": (TUS, "Upload-Length: +5", PDF_NAME),
    "length, huge": (TUS, "Upload-Length: " + "9" * 400, PDF_NAME),
    "length, other digits": (TUS, "Upload-Length: ٣", PDF_NAME),
    "length, superscript": (TUS, "Upload-Length: ²", PDF_NAME),
    "length, float": (TUS, "Upload-Length: 1e3", PDF_NAME),
    "length over the limit": (TUS, "Upload-Length: 99999999999", PDF_NAME),
    "length of nothing": (TUS, "Upload-Length: 0", PDF_NAME),
    "length later": (TUS, "Upload-Defer-Length: 1", PDF_NAME),
    "length twice": (TUS, "Upload-Length: 5", "Upload-Length: 6", PDF_NAME),
    "metadata, no base64": (TUS, "Upload-Length: 5", "Upload-Metadata: filename ***"),
    "metadata, twice": (TUS, "Upload-Length: 5", "Upload-Metadata: filename YQ==,filename Yg=="),
    "metadata, no UTF-8": (TUS, "Upload-Length: 5", "Upload-Metadata: filename //79"),
    "metadata, path": (TUS, "Upload-Length: 5", "Upload-Metadata: filename Li4vLi4veC5waHA="),
    "metadata, page": (TUS, "Upload-Length: 5", "Upload-Metadata: filename eC5odG1s"),
    "metadata, long": (TUS, "Upload-Length: 5", "Upload-Metadata: filename " + "YWFh" * 2000),
    "concatenation": (TUS, "Upload-Length: 5", "Upload-Concat: final;/evidence/uploads/a /evidence/uploads/b"),
    "override": (TUS, "X-HTTP-Method-Override: DELETE", "Upload-Length: -1", PDF_NAME),
}  # fmt: skip


def endpoint(target: Target) -> str:
    """Where uploads in pieces begin."""
    shown = target.ask(Line(target="/evidence/uploads"), "an").text
    found = re.search(r'"endpoint":\s*"([^"]+)"', shown)
    assert found is not None
    return found[1].encode().decode("unicode_escape")


@pytest.mark.parametrize("name", STARTS)
def test_an_upload_in_pieces_does_not_begin_with_nonsense(target: Target, name: str) -> None:
    before = target.rows()
    answer = target.ask(Line("POST", endpoint(target), STARTS[name]), "an")
    assert answer.status in {400, 412, 413, 415, 422} or name == "concatenation"
    if answer.status >= 400:
        assert grown(before, target.rows()) == {}


STRETCHES: dict[str, tuple[str, ...]] = {
    "no offset": (),
    "offset, minus": ("Upload-Offset: -1",),
    "offset, ahead": ("Upload-Offset: 400",),
    "offset, huge": ("Upload-Offset: " + "9" * 300,),
    "offset, twice": ("Upload-Offset: 0", "Upload-Offset: 1"),
    "checksum that is wrong": ("Upload-Offset: 0", "Upload-Checksum: sha1 " + base64.b64encode(bytes(20)).decode()),
    "checksum, no base64": ("Upload-Offset: 0", "Upload-Checksum: sha1 ***"),
    "more than announced": ("Upload-Offset: 0",),
}


@pytest.mark.parametrize("name", STRETCHES)
def test_a_stretch_that_does_not_fit_is_not_kept(target: Target, name: str) -> None:
    begun = target.ask(Line("POST", endpoint(target), (TUS, "Upload-Length: 50", PDF_NAME)), "an")
    assert begun.status == 201, begun.text
    place = begun.header("Location")
    headers = (TUS, "Content-Type: application/offset+octet-stream", *STRETCHES[name])
    answer = target.ask(
        Line("PATCH", place, headers, b"%PDF-" + bytes(60 if name == "more than announced" else 10)), "an"
    )
    assert answer.status in {400, 409, 411, 413, 415, 422, 460}
    assert target.ask(Line("HEAD", place, (TUS,)), "an").header("Upload-Offset") == "0"
    assert target.ask(Line("HEAD", place, (TUS,)), "bao").status in {400, 404}
    assert target.ask(Line("DELETE", place, (TUS,)), "bao").status in {400, 404}
    assert target.ask(Line("DELETE", place, (TUS,)), "an").status == 204
