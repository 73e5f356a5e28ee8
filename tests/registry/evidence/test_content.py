"""What a file is is told by its content, and only what the list names is taken."""

import io
import struct
import zipfile

import pytest

from assessments.errors import Invalid
from registry.evidence.content import DAMAGED, OPAQUE, Offered, recognise
from tests.registry.evidence import samples

TAKEN = [
    ("a.pdf", samples.PDF, "application/pdf"),
    ("a.png", samples.PNG, "image/png"),
    ("a.jpg", samples.JPEG, "image/jpeg"),
    ("a.JPEG", samples.JPEG, "image/jpeg"),
    ("a.webp", samples.WEBP, "image/webp"),
    ("a.mp4", samples.MP4, "video/mp4"),
    ("a.txt", samples.TEXT, "text/plain"),
    ("sbom.json", b'{"bomFormat": "CycloneDX"}', "text/plain"),
    ("a.csv", samples.TEXT, "text/csv"),
    ("a.odt", samples.ODT, "application/vnd.oasis.opendocument.text"),
    ("a.ods", samples.ODS, "application/vnd.oasis.opendocument.spreadsheet"),
    ("a.docx", samples.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", samples.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
]


@pytest.mark.parametrize(("name", "content", "expected"), TAKEN)
def test_takes_what_is_on_the_list(name: str, content: bytes, expected: str) -> None:
    assert recognise(io.BytesIO(content), Offered(name, "DOC")) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [("app.zip", samples.ZIP), ("app.apk", samples.ZIP), ("app.exe", samples.EXE), ("app.msi", samples.MSI)],
)
def test_builds_are_opaque_and_of_one_kind_only(name: str, content: bytes) -> None:
    assert recognise(io.BytesIO(content), Offered(name, "DEMO")) == OPAQUE
    assert refused(name, content, "DOC").message.startswith("Tệp %(ext)s chỉ nhận khi")


@pytest.mark.parametrize("name", ["trang.html", "ảnh.svg", "tệp", ".pdf", "a.exe.html", "a.docm", "a.mov", "a.doc"])
def test_other_types_are_refused_with_what_is_taken(name: str) -> None:
    refusal = refused(name, samples.TEXT)
    assert refusal.message == "Không nhận tệp %(ext)s. Đổi sang %(allowed)s rồi tải lên lại."
    assert refusal.values["allowed"].startswith("PDF, PNG")


@pytest.mark.parametrize(
    ("name", "content", "real"),
    [
        ("a.pdf", samples.PNG, "PNG"),
        ("a.png", samples.EXE, "EXE"),
        ("a.jpg", b"<script>alert(1)</script>", "TXT"),
        ("a.docx", samples.ZIP, "ZIP"),
        ("a.docx", samples.MACRO, "ZIP"),
        ("a.docx", samples.XLSX, "XLSX"),
        ("a.txt", samples.PDF, "PDF"),
        ("a.apk", samples.PDF, "PDF"),
    ],
)
def test_says_what_is_inside_when_the_name_says_another_thing(name: str, content: bytes, real: str) -> None:
    refusal = refused(name, content, "DEMO")
    assert refusal.message.startswith("Tệp ghi là %(ext)s nhưng bên trong là")
    assert refusal.values["real"] == real


@pytest.mark.parametrize(
    "content",
    [b"\x00\x01\x02", "Tiếng Việt".encode("utf-16"), b"abc\x1b[31m", b"ti\xea\xfang", "đứt đoạ".encode()[:-1]],
)
def test_text_is_utf8_without_control_characters(content: bytes) -> None:
    assert refused("a.txt", content).message.startswith("Tệp ghi là %(ext)s")


def test_text_is_read_to_its_end() -> None:
    assert refused("a.txt", b"a" * 3_000_000 + b"\x00").message.startswith("Tệp ghi là")


def test_a_zip_with_a_huge_directory_is_not_read_into_memory() -> None:
    claim = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 900_000_000, 0, 0)
    assert refused("a.docx", b"PK\x03\x04" + bytes(100) + claim).values["real"] == "ZIP"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        samples.DOCX[:-30],
        b"PK\x03\x04" + b"\xff" * 500,
        samples.ODT.replace(b"mimetypeapplication", b"mimetypfapplication"),
        samples.ODT.replace(b"opendocument.text", b"opendocument.teXt", 1),
    ],
)
def test_broken_documents_are_refused_in_words(content: bytes) -> None:
    assert refused("a.odt", content).message == DAMAGED


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_nothing_compressed_is_ever_unpacked(method: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = samples.zipped(mimetype=b"application/vnd.oasis.opendocument.text" + b" " * 1_000_000, method=method)
    monkeypatch.setattr(zipfile, "_get_decompressor", lambda kind: pytest.fail(f"unpacks {kind}"))
    assert refused("a.odt", bomb).values["real"] == "ZIP"


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, 99])
def test_a_compressed_type_with_rubbish_in_it_breaks_nothing(kind: int) -> None:
    forged = samples.ODT.replace(struct.pack("<HH", 20, 0) + bytes(2), struct.pack("<HHH", 20, 0, kind))
    assert refused("a.odt", forged).values["real"] == "ZIP"


def test_an_encrypted_or_long_type_is_not_read() -> None:
    encrypted = samples.ODT.replace(b"\x14\x00\x00\x00\x00\x00", b"\x14\x00\x01\x00\x00\x00")
    assert refused("a.odt", encrypted).values["real"] == "ZIP"
    long = samples.zipped(mimetype=b"application/vnd.oasis.opendocument.text" + b" " * 100)
    assert refused("a.odt", long).values["real"] == "ZIP"


def test_zip64_is_no_document() -> None:
    at = samples.DOCX.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    assert refused("a.docx", samples.DOCX[:at] + locator + samples.DOCX[at:]).values["real"] == "ZIP"


def test_a_list_of_too_many_entries_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = samples.office("word/document.xml", **{f"{number}": b"" for number in range(10_000)})
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("reads the list"))
    assert refused("a.docx", many).values["real"] == "ZIP"


def refused(name: str, content: bytes, kind: str = "DOC") -> Invalid:
    """The refusal of a file."""
    with pytest.raises(Invalid) as caught:
        recognise(io.BytesIO(content), Offered(name, kind))
    return caught.value
