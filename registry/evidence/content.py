"""What a file is, by its content and never by the sender's word, and whether that is taken.

Documents, pictures, videos and text are taken for every kind of evidence. Application builds and archives cannot be
looked into, so they are taken for test builds (DEMO) only, kept as opaque bytes, and never handed out under a type
that a browser would open.
"""

import codecs
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from assessments.errors import N_, Invalid

BUILD_KIND = "DEMO"
OPAQUE = "application/octet-stream"
ZIP = "application/zip"
TEXT = "text/plain"

MEDIA_TYPES = {  # by extension: what the content has to be
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "txt": TEXT,
    "log": TEXT,
    "md": TEXT,
    "json": TEXT,
    "csv": "text/csv",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ALLOWED = "PDF, PNG, JPEG, WebP, MP4, TXT, CSV, ODT, DOCX, ODS, XLSX"  # as people call them
SHOWN = {"video/mp4", "audio/mpeg", "audio/mp4"}  # what a page may play in place; pictures are drawn anew

BUILDS: dict[str, tuple[int, bytes]] = {  # by extension: where the content has which signature
    **dict.fromkeys(("zip", "apk", "aab", "ipa", "msix", "xpi"), (0, b"PK\x03\x04")),
    "exe": (0, b"MZ"),
    "msi": (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "dmg": (-512, b"koly"),
    "pkg": (0, b"xar!"),
    "deb": (0, b"!<arch>\n"),
    "rpm": (0, b"\xed\xab\xee\xdb"),
    "appimage": (0, b"\x7fELF"),
    "crx": (0, b"Cr24"),
}

HEAD_BYTES = 4096
CHUNK_BYTES = 1024 * 1024
DIRECTORY_BYTES = 2 * 1024 * 1024  # of a ZIP's list of contents; a document's is far smaller
MOST_ENTRIES = 10_000  # in that list; a workbook of a thousand sheets and pictures has less
END = b"PK\x05\x06"  # of a ZIP: the record that says where the list is
END_BYTES = 22 + 65_535  # that record and its longest comment
LOCATOR = b"PK\x06\x07"  # stands before it where the archive is ZIP64
LOCATOR_BYTES = 20
MIMETYPE_BYTES = 100  # of the entry that says what an OpenDocument file is
ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags of an entry: encrypted, strongly, or with its own header hidden
DAMAGED = N_("Tệp này bị hỏng nên không đọc được. Mở tệp, lưu hoặc xuất lại rồi tải lên.")
UNREADABLE = (  # what the reader of ZIP files raises on broken and forged ones
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"dash",
    b"M4V ",
    b"MSNV",
    b"mp71",
}
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"


@dataclass(frozen=True)
class Offered:
    """A file as it came: its cleaned name and the kind of evidence it is said to be."""

    name: str
    kind: str

    @property
    def extension(self) -> str:
        """What stands behind the last dot, in lower case; "" without one."""
        stem, dot, extension = self.name.rpartition(".")
        return extension.lower() if dot and stem else ""

    @property
    def written(self) -> str:
        """The extension as the messages write it."""
        return f".{self.extension}" if self.extension else self.name


def recognise(source: BinaryIO, offered: Offered) -> str:
    """The media type to keep for a file. Refuses (Invalid, in words) what is not taken and what is not what it says."""
    if offered.extension in BUILDS:
        return _build(source, offered)
    expected = MEDIA_TYPES.get(offered.extension)
    if expected is None:
        raise Invalid(
            N_("Không nhận tệp %(ext)s. Đổi sang %(allowed)s rồi tải lên lại."), ext=offered.written, allowed=ALLOWED
        )
    found = media_type(source)
    if found == expected or (found == TEXT and expected == "text/csv"):
        return expected
    raise _differs(source, offered, found)


def _build(source: BinaryIO, offered: Offered) -> str:
    if offered.kind != BUILD_KIND:
        raise Invalid(
            N_(
                "Tệp %(ext)s chỉ nhận khi loại bằng chứng là bản cài đặt thử. Chọn lại loại, hoặc đổi sang %(allowed)s."
            ),
            ext=offered.written,
            allowed=ALLOWED,
        )
    offset, signature = BUILDS[offered.extension]
    size = source.seek(0, 2)
    source.seek(offset if offset >= 0 else max(0, size + offset))
    if source.read(len(signature)) != signature:
        raise _differs(source, offered, media_type(source))
    return OPAQUE


def _differs(source: BinaryIO, offered: Offered, found: str) -> Invalid:
    real = next((name for name, known in MEDIA_TYPES.items() if known == found), "").upper() or _guess(source, found)
    if not real:
        return Invalid(
            N_("Tệp ghi là %(ext)s nhưng bên trong không phải vậy. Lưu lại đúng loại rồi tải lên."), ext=offered.written
        )
    return Invalid(
        N_("Tệp ghi là %(ext)s nhưng bên trong là %(real)s. Lưu lại đúng loại rồi tải lên."),
        ext=offered.written,
        real=real,
    )


def _guess(source: BinaryIO, found: str) -> str:
    """What to call a file that is not taken: only for the message, so a wide guess is good enough."""
    import puremagic  # noqa: PLC0415  for refusals only

    if found == ZIP:
        return "ZIP"
    source.seek(0)
    try:
        return str(puremagic.from_string(source.read(HEAD_BYTES))).lstrip(".").upper()
    except puremagic.PureError:
        return ""


def media_type(source: BinaryIO) -> str:
    """The type of a file by its content; "" when it is none that we know."""
    source.seek(0)
    head = source.read(HEAD_BYTES)
    if found := _by_signature(head):
        return found
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(source)
    return TEXT if is_text(source) else ""


def _by_signature(head: bytes) -> str:
    starts = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
    for signature, found in starts.items():
        if head.startswith(signature):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return "video/mp4"
    return ""


def _inside_zip(source: BinaryIO) -> str:
    """Office documents are ZIP files of a known make; one with macros counts as any ZIP."""
    try:
        if not _small_directory(source):
            return ZIP
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
            declared = _declared(archive) if "mimetype" in names else ""
    except UNREADABLE as error:
        raise Invalid(DAMAGED) from error
    if any(name.endswith("vbaProject.bin") for name in names):
        return ZIP
    if "[Content_Types].xml" in names:
        return {"word": MEDIA_TYPES["docx"], "xl": MEDIA_TYPES["xlsx"]}.get(_office_part(names), ZIP)
    return declared if declared in {MEDIA_TYPES["odt"], MEDIA_TYPES["ods"]} else ZIP


def _office_part(names: set[str]) -> str:
    mains = {"word/document.xml": "word", "xl/workbook.xml": "xl"}
    return next((part for name, part in mains.items() if name in names), "")


def _declared(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is; "" where the entry is not as the standard asks.

    The standard wants it stored, neither compressed nor encrypted. Nothing is ever unpacked here: a few bytes of
    bzip2 or LZMA can stand for gigabytes, however little is asked of them.
    """
    entry = archive.getinfo("mimetype")
    plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & ENCRYPTED
    if not plain or max(entry.file_size, entry.compress_size) > MIMETYPE_BYTES:
        return ""
    return archive.read(entry).decode("ascii", "replace").strip()


def _small_directory(source: BinaryIO) -> bool:
    """Whether the list of contents is short enough to be read: a hostile one could fill the memory.

    ZIP64, for archives over 4 GB, states the length of the list a second time, elsewhere; no document needs it.
    """
    size = source.seek(0, 2)
    start = max(0, size - END_BYTES - LOCATOR_BYTES)
    source.seek(start)
    tail = source.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile
    if LOCATOR in tail[max(0, at - LOCATOR_BYTES) : at]:
        return False
    directory = int(struct.unpack_from("<I", tail, at + 12)[0])
    return directory <= DIRECTORY_BYTES and _entries(source, start + at - directory, directory) <= MOST_ENTRIES


def _entries(source: BinaryIO, start: int, length: int) -> int:
    """How many entries the list has, counted in the list itself; the record at the end may say any number."""
    source.seek(max(0, start))
    return source.read(length).count(b"PK\x01\x02")


def is_text(source: BinaryIO) -> bool:
    """Whether it is UTF-8 without control characters, to the last byte, read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    source.seek(0)
    try:
        while chunk := source.read(CHUNK_BYTES):
            if chunk.translate(None, CONTROLS) != chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
