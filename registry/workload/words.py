"""What the steps of the way are called in tables and charts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

STEPS: Mapping[str, Any] = {
    "intake": _l("Kiểm tra hồ sơ"),
    "assignment": _l("Giao người đánh giá"),
    "review": _l("Chấm điểm"),
    "consensus": _l("Thống nhất điểm"),
    "decision": _l("Quyết định"),
    "whole": _l("Cả quá trình"),
}


def step_word(name: str) -> str:
    """What a step is called."""
    return str(STEPS[name])
