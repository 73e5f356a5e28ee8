"""Has a file looked into before it is kept: what could do harm is refused in words, what is worth knowing is flagged.

The looking is done by the scripts in inspectors/, each in a limited child process. A child that breaks or runs over
its limits has found nothing out, and what was not found out is never taken for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assessments.errors import N_, Invalid
from registry import confined
from registry.cautions import FLAGS
from registry.confined import MEGABYTE, Busy, Limits, Overrun
from registry.evidence.content import BUILDS, DAMAGED, MEDIA_TYPES, OPAQUE, Offered

SCRIPTS = Path(__file__).parent / "inspectors"
LIMITS = Limits(cpu_seconds=30, seconds=60, memory=768 * MEGABYTE, answer=64 * 1024)


@dataclass(frozen=True)
class Inspector:
    """One script and what it is told."""

    script: str
    arguments: tuple[str, ...] = ()


PDF = (Inspector("pdf.py"),)
PICTURE = (Inspector("image.py"),)
DOCUMENT = (Inspector("archive.py", ("document",)), Inspector("office.py"))
BUILD = (Inspector("archive.py", ("build",)),)

INSPECTORS: dict[
    str, tuple[Inspector, ...]
] = {  # by media type; text, films and other builds have no inside to look at
    MEDIA_TYPES["pdf"]: PDF,
    **dict.fromkeys((MEDIA_TYPES["png"], MEDIA_TYPES["jpg"], MEDIA_TYPES["webp"]), PICTURE),
    **dict.fromkeys((MEDIA_TYPES[one] for one in ("odt", "ods", "docx", "xlsx")), DOCUMENT),
}

REASONS = {
    "damaged": DAMAGED,
    "encrypted": N_("Tệp này đặt mật khẩu hoặc khóa quyền nên không kiểm tra được. Bỏ mật khẩu rồi tải lên lại."),
    "javascript": N_("PDF này có mã JavaScript. In hoặc xuất lại thành PDF thường rồi tải lên."),
    "launch": N_("PDF này có lệnh chạy chương trình khi mở. In hoặc xuất lại thành PDF thường rồi tải lên."),
    "program": N_("Trong PDF có đính kèm chương trình chạy được. Gỡ tệp đính kèm rồi tải lên lại."),
    "complex": N_("Tệp này quá phức tạp nên không kiểm tra hết được. Chia thành nhiều tệp rồi tải lên."),
    "macros": N_("Tài liệu này có macro. Lưu thành bản không có macro, hoặc xuất ra PDF, rồi tải lên."),
    "dde": N_("Tài liệu này có trường tự gọi chương trình khác. Gỡ trường đó, hoặc xuất ra PDF, rồi tải lên."),
    "fetches": N_(
        "Tài liệu này tự lấy mẫu hoặc đối tượng từ máy khác khi mở. Gỡ liên kết đó, hoặc xuất ra PDF, rồi tải lên."
    ),
    "entities": N_(
        "Tài liệu này bảo chương trình đọc nó chèn thêm nội dung từ nơi khác. "
        "Lưu lại bằng Word, Excel hoặc LibreOffice, hoặc xuất ra PDF, rồi tải lên."
    ),
    "bomb": N_("Tệp này nén quá nhiều hoặc lồng quá nhiều lớp: giải nén ra sẽ đầy máy. Nén lại rồi tải lên."),
    "nested_large": N_("Trong tệp nén có một tệp nén khác quá lớn. Tải riêng từng tệp lên."),
    "paths": N_("Trong tệp nén có đường dẫn trỏ ra ngoài thư mục, ví dụ “../” hoặc “C:”. Nén lại rồi tải lên."),
    "dimensions": N_("Ảnh này có kích thước quá lớn. Thu nhỏ còn dưới 120 triệu điểm ảnh rồi tải lên lại."),
}
UNCHECKED = N_("Chưa kiểm tra được bên trong tệp này nên không nhận. Lưu hoặc xuất lại, hoặc chia nhỏ, rồi tải lên.")
BUSY = N_("Máy chủ đang kiểm tra nhiều tệp khác. Tải lên lại sau ít phút.")


def inspect(source: BinaryIO, media_type: str, name: str) -> tuple[str, ...]:
    """The flags of a file: codes of FLAGS, in order. Refuses (Invalid, in words) what is not taken or not found out."""
    inspectors = _inspectors(media_type, name)
    if not inspectors:
        return ()
    try:
        with confined.turn(), confined.on_disk(source) as file:
            flags = {flag for inspector in inspectors for flag in _ask(inspector, file)}
    except Busy as busy:
        raise Invalid(BUSY) from busy
    return tuple(code for code in FLAGS if code in flags)


def _inspectors(media_type: str, name: str) -> tuple[Inspector, ...]:
    if media_type != OPAQUE:
        return INSPECTORS.get(media_type, ())
    extension = Offered(name, "").extension
    return BUILD if extension in BUILDS and BUILDS[extension][1].startswith(b"PK") else ()


def _ask(inspector: Inspector, source: BinaryIO) -> Iterable[str]:
    try:
        found = confined.run(SCRIPTS / inspector.script, source, inspector.arguments, LIMITS)
    except Overrun as overrun:
        raise Invalid(UNCHECKED) from overrun
    if found["refused"]:
        raise Invalid(REASONS[found["refused"]])
    flags: list[str] = found["flags"]
    return flags
