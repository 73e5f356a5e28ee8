"""Conditions of some made-up decisions: one still open, one whose day has passed, one that waits for an answer."""

from collections.abc import Mapping
from datetime import timedelta

from assessments.clock import today
from assessments.conditions import Wanted

_ASKED: Mapping[str, tuple[tuple[str, int, str, str], ...]] = {  # product -> criterion, days from the proposal, texts
    "chim-se": (
        (
            "QT-02",
            120,
            "Bản cập nhật tiếp theo nói với trẻ, bằng câu dễ hiểu, vì sao trang bị chặn và nhờ ai mở.",
            "The next update tells the child, in plain words, why a page is blocked and whom to ask.",
        ),
    ),
    "ve-nha-nhe": (
        (
            "HN-02",
            30,
            "Đăng hướng dẫn gỡ bỏ bằng tiếng Việt trên trang sản phẩm.",
            "Publish how to remove the product, in Vietnamese, on its page.",
        ),
    ),
    "rap-chieu-mini": (
        (
            "",
            90,
            "Thử lại bộ lọc trên phiên bản 2 và gửi kết quả cho điều phối viên.",
            "Test the filter again on version 2 and send the results to the coordinator.",
        ),
    ),
}


def of(key: str) -> tuple[Wanted, ...]:
    """What is proposed with the decision about a product."""
    return tuple(
        Wanted(vi, en, today() + timedelta(days=days), criterion) for criterion, days, vi, en in _ASKED.get(key, ())
    )
