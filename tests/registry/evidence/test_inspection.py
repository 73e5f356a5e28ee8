"""A file is looked into before it is kept: what could do harm is refused in words, the rest is flagged."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfWriter
from sqlmodel import Session, select

from assessments.errors import Invalid
from assessments.models import StoredFile
from registry import confined
from registry.cautions import FLAGS
from registry.confined import Limits, Overrun
from registry.evidence import inspection
from registry.evidence.content import MEDIA_TYPES, OPAQUE
from registry.evidence.inspectors import archive, image, office, pdf
from tests.conftest import Browser
from tests.registry.evidence import desk, samples
from tests.world import World

ACTION = "/OpenAction << /S /%s >>"
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" TargetMode="External"/>'
    "</Relationships>"
)
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
ODF = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink">%s</office:document-content>'
)


def looked(folder: Path, content: bytes, name: str, media_type: str = "") -> tuple[str, ...]:
    """The flags of a file, as the site finds them out."""
    path = folder / "file"
    path.write_bytes(content)
    with path.open("rb") as source:
        return inspection.inspect(source, media_type or MEDIA_TYPES[name.rpartition(".")[2]], name)


def refused(folder: Path, content: bytes, name: str, media_type: str = "") -> str:
    """The code of the reason why it is refused."""
    with pytest.raises(Invalid) as caught:
        looked(folder, content, name, media_type)
    return next(code for code, words in inspection.REASONS.items() if words == caught.value.message)


def word(body: str = "", **parts: str) -> bytes:
    """A Word document with a body and more parts."""
    more = {name: text.encode() for name, text in parts.items()}
    return samples.zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": (WORD % body).encode(), **more})


def open_document(body: str = "", **parts: str) -> bytes:
    """An OpenDocument text with a body and more parts."""
    more = {name: text.encode() for name, text in parts.items()}
    declared = MEDIA_TYPES["odt"].encode()
    return samples.zipped(**{"mimetype": declared, "content.xml": (ODF % body).encode(), **more})


# --- PDF ---


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.pdf(ACTION % "JavaScript /JS (app.alert\\(1\\))"), "javascript"),
        (samples.pdf("/OpenAction 4 0 R", "", "<< /S 5 0 R /J#53 6 0 R >>", "/JavaScript", "(x)"), "javascript"),
        (samples.pdf("/Names << /JavaScript << /Names [] >> >>"), "javascript"),
        (
            samples.pdf("", "/AA << /O << /S /URI /URI (https://a.example) /Next [<< /S /JavaScript >>] >> >>"),
            "javascript",
        ),
        (
            samples.pdf("", "", "<< /S /J#61vaScript >>"),
            "javascript",
        ),  # reached from nowhere: a reader may still find it
        (samples.pdf(ACTION % "Launch /F (cmd.exe)"), "launch"),
        (samples.pdf("", "/Annots [<< /Subtype /Link /A 4 0 R >>]", "<< /S /Launch >>"), "launch"),
        (samples.pdf("", "", "<< /Type /Filespec /F (bao-cao.PDF.exe ) /EF << /F 5 0 R >> >>", "<< >>"), "program"),
        (samples.pdf("", "", "<< /Type /Filespec /UF 5 0 R /EF << >> >>", "(macro.docm)"), "program"),
        (samples.pdf("", "", "[" * 100 + "]" * 100), "complex"),
        (b"%PDF-1.7\n" + bytes(500), "damaged"),
        (samples.PDF[:120], "damaged"),
        (samples.PDF.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0       "), "damaged"),
    ],
)
def test_a_pdf_that_does_something_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, "a.pdf") == reason


@pytest.mark.parametrize("password", ["", "mở ra"])
def test_an_encrypted_pdf_is_refused(tmp_path: Path, password: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(samples.PDF))
    writer.encrypt(password, "người giữ", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    assert refused(tmp_path, target.getvalue(), "a.pdf") == "encrypted"


@pytest.mark.parametrize(
    ("content", "flags"),
    [
        (samples.PDF, ()),
        (samples.pdf("/Lang (vi) /Title (Chi tiet ve /JavaScript va /Launch)"), ()),
        (
            samples.pdf("/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>", "", "<< /F (a.csv) /EF << >> >>"),
            ("attachments",),
        ),
        (samples.pdf("", "/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.example) >> >>]"), ("links",)),
        (samples.pdf("/AcroForm << /XFA [] >>", "/Annots [<< /A << /S /SubmitForm >> >>]"), ("sends", "form")),
        (
            samples.pdf("", "/Annots [<< /Subtype /RichMedia >> << /Subtype /FileAttachment >>]"),
            ("attachments", "media"),
        ),
    ],
)
def test_what_a_pdf_carries_is_flagged(tmp_path: Path, content: bytes, flags: tuple[str, ...]) -> None:
    assert looked(tmp_path, content, "a.pdf") == flags


def test_a_script_in_a_compressed_object_is_found(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(samples.pdf(ACTION % "JavaScript /JS (x)")))
    target = io.BytesIO()
    writer.compress_identical_objects()
    writer.write(target)
    assert refused(tmp_path, target.getvalue(), "a.pdf") == "javascript"


# --- office documents ---


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.MACRO, "macros"),
        (word(**{"[Content_Types].xml": '<Types><Override ContentType="a.macroEnabled.main+xml"/></Types>'}), "macros"),
        (word('<w:p><w:r><w:instrText> DDEAUTO c:\\\\cmd.exe "/k" </w:instrText></w:r></w:p>'), "dde"),
        (word("<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>E x</w:instrText></w:r></w:p>"), "dde"),
        (word('<w:p><w:fldSimple w:instr="dde excel a b"/></w:p>'), "dde"),
        (
            word(**{"word/_rels/settings.xml.rels": RELATION % ("attachedTemplate", "https://a.example/t.dotm")}),
            "fetches",
        ),
        (word(**{"word/_rels/document.xml.rels": RELATION % ("oleObject", "file://host/share/a")}), "fetches"),
        (word(**{"word/_rels/document.xml.rels": RELATION % ("frame", "\\\\host\\share")}), "fetches"),
        (word(**{"word/_rels/document.xml.rels": RELATION % ("oleObject", "mhtml:https://a.example/x!x")}), "fetches"),
        (word(**{"word/_rels/settings.xml.rels": RELATION % ("attachedTemplate", "file:///\\\\host\\a")}), "fetches"),
        (word(**{"word/_rels/settings.xml.rels": RELATION % ("attachedTemplate", "ms-word:x")}), "fetches"),
        (word(**{"word/_rels/settings.xml.rels": RELATION % ("attachedTemplate", " //host/share")}), "fetches"),
        (word("<w:p>"), "damaged"),
        (word(**{"word/comments.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}), "entities"),
        (word(**{"custom/item1.xml": '<!DOCTYPE x SYSTEM "https://a.example/x.dtd"><x/>'}), "entities"),
        (word(**{"custom/item1.xml": f"<!--{'x' * 70_000}--><!DOCTYPE x [<!ENTITY e 'a'>]><x>&e;</x>"}), "entities"),
        (word(**{"word/../../a.xml": "<x/>"}), "paths"),
    ],
)
def test_a_word_document_that_does_something_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, "a.docx") == reason


def test_a_workbook_that_calls_a_program_is_refused(tmp_path: Path) -> None:
    link = b'<x:externalLink xmlns:x="s"><x:ddeLink ddeService="cmd"/></x:externalLink>'
    content = samples.office("xl/workbook.xml", **{"xl/externalLinks/externalLink1.xml": link})
    assert refused(tmp_path, content, "a.xlsx") == "dde"


@pytest.mark.parametrize("kind", ["macrosheet", "intlmacrosheet"])
def test_a_workbook_with_macros_of_the_old_kind_is_refused(tmp_path: Path, kind: str) -> None:
    types = (
        f'<Types><Override PartName="/xl/worksheets/a.xml" ContentType="application/vnd.ms-excel.{kind}+xml"/></Types>'
    )
    content = samples.office("xl/workbook.xml", **{"[Content_Types].xml": types.encode()})
    assert refused(tmp_path, content, "a.xlsx") == "macros"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (open_document(**{"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
        (open_document(**{"Scripts/python/a.py": "x"}), "macros"),
        (
            open_document(
                '<office:event-listeners><script:event-listener script:language="x"/></office:event-listeners>'
            ),
            "macros",
        ),
        (open_document('<text:dde-connection-decl office:dde-application="soffice"/>'), "dde"),
        (open_document('<text:section-source xlink:href="https://a.example/x"/>'), "fetches"),
        (open_document('<draw:plugin xlink:href="vnd.sun.star.script:x"/>'), "fetches"),
        (
            open_document(**{"META-INF/manifest.xml": '<m:manifest xmlns:m="a"><m:encryption-data/></m:manifest>'}),
            "encrypted",
        ),
    ],
)
def test_an_open_document_that_does_something_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, "a.odt") == reason


@pytest.mark.parametrize(
    ("name", "content", "flags"),
    [
        ("a.docx", word("<w:p><w:r><w:instrText>PAGEREF DDE</w:instrText></w:r></w:p>"), ()),
        ("a.docx", word(**{"word/_rels/document.xml.rels": RELATION % ("hyperlink", "https://a.example")}), ("links",)),
        (
            "a.docx",
            word(**{"word/_rels/document.xml.rels": RELATION % ("image", "https://a.example/a.png")}),
            ("remote",),
        ),
        (
            "a.docx",
            word(**{"word/_rels/settings.xml.rels": RELATION % ("attachedTemplate", "file:///C:/Mau.dotm")}),
            ("links",),
        ),
        ("a.docx", word(**{"word/embeddings/oleObject1.bin": "x"}), ("attachments",)),
        ("a.docx", word(**{"word/activeX/activeX1.xml": "<x/>"}), ("controls",)),
        (
            "a.odt",
            open_document('<text:a xlink:href="https://a.example"/><draw:image xlink:href="Pictures/1.png"/>'),
            ("links",),
        ),
        ("a.odt", open_document('<draw:image xlink:href="https://a.example/1.png"/>'), ("remote",)),
        ("a.xlsx", samples.XLSX, ()),
        ("a.ods", samples.ODS, ()),
    ],
)
def test_what_a_document_carries_is_flagged(tmp_path: Path, name: str, content: bytes, flags: tuple[str, ...]) -> None:
    assert looked(tmp_path, content, name) == flags


def test_a_document_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    zeros = samples.zipped(
        zipfile.ZIP_DEFLATED, **{"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(120_000_000)}
    )
    assert refused(tmp_path, zeros, "a.docx") == "bomb"


def test_a_document_whose_list_understates_its_sizes_is_refused(tmp_path: Path) -> None:
    honest = samples.zipped(
        zipfile.ZIP_DEFLATED, **{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x>" * 9999}
    )
    forged = honest.replace(struct.pack("<I", 3 * 9999), struct.pack("<I", 5))
    assert forged != honest
    assert refused(tmp_path, forged, "a.docx") == "damaged"


def test_xml_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    grown = f'<!DOCTYPE x [<!ENTITY e0 "0123456789">{lines}]><x>&e12;</x>'
    content = samples.office("word/document.xml", **{"word/settings.xml": grown.encode()})
    with pytest.raises(Invalid):
        looked(tmp_path, content, "a.docx")


# --- builds ---


def test_an_honest_build_passes(tmp_path: Path) -> None:
    assert looked(tmp_path, samples.ZIP, "app.apk", OPAQUE) == ()
    assert looked(tmp_path, samples.MSI, "app.msi", OPAQUE) == ()
    nested = samples.zipped(zipfile.ZIP_DEFLATED, **{"lib/a.jar": samples.ZIP, "b.rar": b"x"})
    assert looked(tmp_path, nested, "app.zip", OPAQUE) == ("nested",)


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/etc/passwd", "C:\\Windows\\a.dll", "c:a", "a\\..\\..\\b", "\\\\host\\share\\a"]
)
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, samples.zipped(**{name: b"x"}), "app.zip", OPAQUE) == "paths"


def test_a_link_in_a_build_is_flagged_and_in_a_document_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        entry = zipfile.ZipInfo("Current")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "Versions/A")
    assert looked(tmp_path, target.getvalue(), "app.ipa", OPAQUE) == ("symlinks",)
    assert refused(tmp_path, target.getvalue(), "a.docx") == "paths"


def test_bombs_are_refused_by_their_list_and_within_each_other(tmp_path: Path) -> None:
    zeros = samples.zipped(zipfile.ZIP_DEFLATED, a=bytes(120_000_000))
    assert refused(tmp_path, zeros, "app.zip", OPAQUE) == "bomb"
    layers = samples.zipped(zipfile.ZIP_DEFLATED, **{f"{n}.zip": zeros for n in range(3)})
    assert refused(tmp_path, layers, "app.zip", OPAQUE) == "bomb"
    deep = samples.ZIP
    for _ in range(4):
        deep = samples.zipped(**{"a.zip": deep})
    assert refused(tmp_path, deep, "app.zip", OPAQUE) == "bomb"


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    one = samples.zipped(zipfile.ZIP_DEFLATED, a=bytes(range(256)) * 40)
    directory, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    many = one[directory:end] * 50
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 50, 50, len(many), directory, 0)
    assert refused(tmp_path, one[:directory] + many + tail, "app.zip", OPAQUE) == "bomb"


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    locked = bytearray(samples.zipped(a=b"x"))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refused(tmp_path, bytes(locked), "app.zip", OPAQUE) == "encrypted"


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"PK\x03\x04" + bytes(200), "app.zip", OPAQUE) == "damaged"


# --- pictures ---


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP")])
def test_pictures_of_a_size_that_can_be_shown_pass(tmp_path: Path, name: str, kind: str) -> None:
    assert looked(tmp_path, samples.picture(kind, 640, 480), name) == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", samples.PNG.replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000)), "damaged"),
        ("a.png", samples.PNG[:20], "damaged"),
        ("a.jpg", samples.JPEG.replace(struct.pack(">HH", 2, 2), struct.pack(">HH", 65_000, 65_000)), "dimensions"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "damaged"),
        ("a.webp", b"RIFF\x26\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\x00\xff\xff\x00" + bytes(16), "dimensions"),
        ("a.webp", b"RIFF\x26\0\0\0WEBPVP8L\x0a\0\0\0\x2f\xff\xff\xff\x0f" + bytes(16), "dimensions"),
        ("a.webp", b"RIFF\x26\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(16), "dimensions"),
        ("a.webp", b"RIFF\x26\0\0\0WEBPJUNK" + bytes(30), "damaged"),
        ("a.webp", b"RIFF\x26\0\0\0WEBPVP8X", "damaged"),
    ],
)
def test_pictures_that_nobody_can_show_are_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, name) == reason


# --- the way round the scripts ---


def test_what_could_not_be_found_out_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "LIMITS", Limits(cpu_seconds=1, seconds=60, memory=20_000_000))
    with pytest.raises(Invalid) as caught:
        looked(tmp_path, samples.PDF, "a.pdf")
    assert caught.value.message == inspection.UNCHECKED
    assert isinstance(caught.value.__cause__, Overrun)


def test_a_site_that_is_busy_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "PATIENCE", 0)
    monkeypatch.setattr(confined, "run", lambda *_: pytest.fail("starts one more"))
    for _ in range(confined.AT_ONCE):
        confined._turnstile.acquire()
    try:
        with pytest.raises(Invalid) as caught:
            looked(tmp_path, samples.PDF, "a.pdf")
        assert looked(tmp_path, samples.TEXT, "a.txt") == ()
    finally:
        confined._turnstile.release(confined.AT_ONCE)
    assert caught.value.message == inspection.BUSY


def test_every_code_of_the_scripts_has_its_words() -> None:
    sources = "".join(Path(str(script.__file__)).read_text("utf-8") for script in (archive, image, office, pdf))
    assert [code for code in (*inspection.REASONS, *FLAGS) if f'"{code}"' not in sources] == []


def test_a_refused_file_leaves_nothing_and_says_why(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    browser.sign_in(world.an)
    answer = desk.send(browser, samples.pdf(ACTION % "JavaScript /JS (x)"))
    assert answer.status_code == 422
    assert "PDF này có mã JavaScript." in answer.text
    assert "Chính sách bảo vệ dữ liệu" in answer.text
    assert session.exec(select(StoredFile)).all() == []
    assert desk.stored(app) == []


def test_flags_stand_beside_the_file(browser: Browser, world: World, session: Session) -> None:
    world.application()
    browser.sign_in(world.an)
    content = samples.pdf("/Names << /EmbeddedFiles << /Names [] >> >>")
    assert desk.send(browser, content, page="/evidence/new?ref=HS-2026-0001&criterion=TN-01").status_code == 303
    assert session.exec(select(StoredFile.flags)).one() == ["attachments"]
    for page, words in (
        ("/evidence", "Trong tệp có tệp đính kèm khác"),
        ("/applications/HS-2026-0001/criteria/TN-01", "Trong tệp có tệp đính kèm khác"),
        ("/applications/HS-2026-0001/check", "Trong tệp có tệp đính kèm khác"),
    ):
        assert words in browser.get(page).text
