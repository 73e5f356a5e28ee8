"""What stands beside a file: whether it is still being scanned, and what was noticed when it was looked into."""

from collections.abc import Iterable, Mapping

from flask import Flask

from assessments.errors import N_
from assessments.models import StoredFile
from assessments.states import ScanState, ScanTrouble
from registry.i18n import translate

FLAGS: Mapping[str, str] = {  # what the scripts in registry/evidence/inspectors may flag
    "attachments": N_("Trong tệp có tệp đính kèm khác"),
    "links": N_("Trong tệp có đường dẫn ra trang khác"),
    "remote": N_("Tệp lấy ảnh từ trang khác khi mở"),
    "sends": N_("Trong tệp có nút gửi dữ liệu đi nơi khác"),
    "form": N_("Trong tệp có biểu mẫu động"),
    "media": N_("Trong tệp có âm thanh, phim hoặc mô hình 3D"),
    "controls": N_("Trong tệp có nút hoặc ô điều khiển"),
    "nested": N_("Trong tệp nén có tệp nén khác"),
    "symlinks": N_("Trong tệp nén có liên kết đến tệp khác"),
}

STANDINGS: Mapping[tuple[ScanState, ScanTrouble | None], str] = {  # nothing is said of files that may be read
    (ScanState.WAITING, None): N_("Đang quét mã độc, chưa mở được"),
    (ScanState.WAITING, ScanTrouble.UNREACHABLE): N_("Đang chờ máy quét mã độc, chưa mở được"),
    (ScanState.WAITING, ScanTrouble.TOO_LARGE): N_("Lớn hơn mức máy quét mã độc nhận: chia nhỏ tệp rồi tải lên lại"),
    (ScanState.QUARANTINED, None): N_("Có dấu hiệu mã độc, không ai mở được. Quét máy, tạo lại tệp rồi tải lên"),
}


def init_app(app: Flask) -> None:
    """Let every template say it."""
    app.add_template_filter(of_file, "cautions")
    app.add_template_filter(of_flags, "flags")


def of_file(file: StoredFile | None) -> list[str]:
    """Everything to be said of a file, in the current language: the scanner's word first."""
    if file is None:
        return []
    standing = STANDINGS.get((file.scan, file.scan_trouble))
    return [translate(standing), *of_flags(file.flags)] if standing else of_flags(file.flags)


def of_flags(flags: Iterable[str]) -> list[str]:
    """The flags as phrases in the current language; one that is no longer known is passed over."""
    return [translate(FLAGS[flag]) for flag in flags if flag in FLAGS]
