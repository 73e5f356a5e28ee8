"""Makes the small files that serve as evidence: every one says that it is made up."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from assessments.clock import VIETNAM
from registry.demonstration.fiction import Fiction

FICTIONAL = "Fictional document of a demonstration. Neither the product nor the company exists."
FICTIONAL_VI = "Tài liệu hư cấu của bản trình diễn: sản phẩm và công ty này không có thật."
DEVICES = (
    "1. A telephone of the cheapest class, Android 12, 3 GB of memory.",
    "2. A telephone of the middle class, Android 15.",
    "3. A tablet for schools, Android 14.",
    "4. A telephone with iOS 18.",
)
WIDTH, HEIGHT, MARGIN, BAR, BUTTON = 270, 480, 18, 56, 410
PAPER, GREY = bytes((250, 250, 248)), bytes((232, 236, 240))


@dataclass(frozen=True)
class Paper:
    """What a paper is about."""

    title: str
    english: str
    vendor: str  # the company's English name: the letters every PDF reader has
    day: date
    fiction: Fiction


def pdf(paper: Paper) -> bytes:
    """Two pages in English: the fonts that need no file have no Vietnamese letters."""
    page = FPDF()
    page.set_creation_date(datetime.combine(paper.day, time(9), VIETNAM))
    page.set_title(paper.english)
    page.add_page()
    _line(page, paper.english, size=18)
    _line(page, f"{paper.fiction.name[1]}, {paper.vendor}", size=12)
    _line(page, paper.day.strftime("%d/%m/%Y"), size=12)
    for text in _results(paper.fiction):
        _line(page, text, size=11)
    _line(page, FICTIONAL, size=9)
    page.add_page()
    _line(page, "Annex: devices", size=14)
    for device in DEVICES:
        _line(page, device, size=11)
    _line(page, FICTIONAL, size=9)
    return bytes(page.output())


def _results(fiction: Fiction) -> list[str]:
    measured = [
        f"Test list {number}, age {row[1]}: {row[3]} of {row[2]} harmful pages blocked, "
        f"{row[5]} of {row[4]} harmless pages blocked by mistake."
        for number, row in enumerate(fiction.blocking, start=1)
    ]
    return [*measured, "Method, devices and steps are described so that the test can be repeated."]


def _line(page: FPDF, text: str, *, size: int) -> None:
    page.set_font("Helvetica", size=size)
    page.multi_cell(0, size * 0.6, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(2)


def text(paper: Paper) -> bytes:
    """A plain text in Vietnamese."""
    lines = (
        paper.title,
        f"Đơn vị: {paper.vendor}",
        f"Ngày ban hành: {paper.day:%d/%m/%Y}",
        "",
        "1. Phạm vi: mọi người làm việc với dữ liệu hoặc nội dung dành cho trẻ.",
        "2. Người chịu trách nhiệm, người thay thế và cách liên hệ trong 24 giờ.",
        "3. Việc phải làm, việc không được làm, và cách ghi lại.",
        "4. Rà lại mỗi năm một lần hoặc sau mỗi sự cố.",
        "",
        FICTIONAL_VI,
    )
    return "\n".join(lines).encode()


def table(paper: Paper) -> bytes:
    """A sample log as comma-separated values."""
    rows = ["ngày,việc,kết quả,ghi chú"]
    steps = ("cập nhật danh sách", "phản ánh đã trả lời", "kiểm tra dịch vụ", "yêu cầu xóa dữ liệu")
    for number in range(40):
        step = steps[paper.fiction.chance(f"log{number}", len(steps))]
        rows.append(f"{paper.day:%Y-%m}-{number % 28 + 1:02},{step},đạt,dữ liệu dựng")
    return "\n".join(["\ufeff" + rows[0], *rows[1:], f"{paper.day},{FICTIONAL_VI},,"]).encode()


def picture(paper: Paper) -> bytes:
    """A sketch of a screen: a bar, a few rows, a button."""
    tint = bytes(60 + paper.fiction.chance(channel, 120) for channel in ("red", "green", "blue"))
    rows = b"".join(b"\0" + _row(y, tint) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _row(y: int, tint: bytes) -> bytes:
    """One line of points: margin, middle, margin."""
    margin, middle = PAPER * MARGIN, WIDTH - 2 * MARGIN
    if y < BAR:
        return tint * WIDTH
    if BUTTON <= y < BUTTON + 44:
        return margin + tint * middle + margin
    if 90 <= y < 380 and (y - 90) % 58 < 44:
        return margin + GREY * (middle - 40) + tint * 40 + margin
    return PAPER * WIDTH


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


Form = tuple[Callable[[Paper], bytes], str, str]  # maker, media type, extension

FORMS: dict[str, Form] = {
    "pdf": (pdf, "application/pdf", "pdf"),
    "text": (text, "text/plain", "txt"),
    "table": (table, "text/csv", "csv"),
    "picture": (picture, "image/png", "png"),
}
