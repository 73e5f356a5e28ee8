"""What kinds, states and outcomes of reports of misuse are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.recourse import MisuseKind, MisuseOutcome, MisuseState

KINDS: Mapping[MisuseKind, Any] = {
    MisuseKind.FALSE: _l("Dấu hoặc giấy giả, số không có thật"),
    MisuseKind.ENDED: _l("Vẫn dùng khi giấy tạm đình chỉ, hết hạn hoặc đã thu hồi"),
    MisuseKind.BEYOND: _l("Dùng cho sản phẩm, phiên bản hay nền tảng không ghi trên giấy"),
    MisuseKind.MISLEADING: _l("Quảng cáo nói quá điều giấy nói"),
    MisuseKind.OTHER: _l("Dùng sai kiểu khác"),
}

STATES: Mapping[MisuseState, Any] = {
    MisuseState.RECEIVED: _l("Đã gửi, chờ người xem"),
    MisuseState.IN_HAND: _l("Đang kiểm tra"),
    MisuseState.CLOSED: _l("Đã kết thúc"),
}

OUTCOMES: Mapping[MisuseOutcome, Any] = {
    MisuseOutcome.STOPPED: _l("Đúng là dùng sai, và nay đã dừng"),
    MisuseOutcome.ACTED: _l("Đúng là dùng sai; Câu lạc bộ đang xử lý tiếp"),
    MisuseOutcome.NO_MISUSE: _l("Không phải dùng sai"),
    MisuseOutcome.UNCLEAR: _l("Không tìm thấy, hoặc không đủ thông tin"),
}
