"""Small files of every type, as honest programs write them."""

import io
import struct
import zipfile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7V\xbd\xfa\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 26) + b"WEBPVP8L" + bytes(18)
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 8
TEXT = "Nhật ký cập nhật danh sách chặn\n".encode() * 40
EXE = b"MZ" + bytes(300)
MSI = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(method: int = zipfile.ZIP_STORED, **entries: bytes | str) -> bytes:
    """A ZIP of these entries; "__" in a name stands for a slash, "_DOT_" for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return target.getvalue()


def office(main: str, **more: bytes) -> bytes:
    """A minimal OOXML document."""
    return zipped(**{"[Content_Types].xml": b"<Types/>", main: b"<x/>", **more})


DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")
ODT = zipped(mimetype=b"application/vnd.oasis.opendocument.text", content_DOT_xml=b"<x/>")
ODS = zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_DOT_xml=b"<x/>")
MACRO = office("word/document.xml", **{"word/vbaProject.bin": b"x"})
ZIP = zipped(AndroidManifest_DOT_xml=b"<x/>")
