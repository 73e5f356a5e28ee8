"""Small files of every type, as honest programs write them."""

import io
import zipfile

from PIL import Image

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7V\xbd\xfa\x00\x00\x00\x00IEND\xaeB`\x82"
)


def pdf(catalog: str = "", page: str = "", *objects: str) -> bytes:
    """A PDF of one empty page; more entries of its catalogue (object 1) and page (3), more objects (from 4 on)."""
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>",
        *objects,
    ]
    written, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(written)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\n"
    return written + f"{end}startxref\n{start}\n%%EOF\n".encode()


def picture(kind: str, width: int = 2, height: int = 2) -> bytes:
    """A picture as Pillow writes it."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(target, kind)
    return target.getvalue()


PDF = pdf()
JPEG = picture("JPEG")
WEBP = picture("WEBP")
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
