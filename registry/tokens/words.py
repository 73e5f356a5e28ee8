"""What scopes and ends of tokens are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.models import ApiToken, TokenEnd, TokenScope

SCOPES: Mapping[TokenScope, Any] = {
    TokenScope.PRODUCTS: _l("Sản phẩm và giấy của đơn vị, tình trạng hôm nay"),
    TokenScope.APPLICATIONS: _l("Hồ sơ của đơn vị: đang ở bước nào, chờ ai, hạn nào"),
    TokenScope.EVIDENCE: _l("Danh sách kho bằng chứng và hạn của từng tài liệu, không có tệp"),
    TokenScope.MESSAGES: _l("Trao đổi giữa đơn vị và Câu lạc bộ về từng hồ sơ"),
}
ENDS: Mapping[TokenEnd, Any] = {
    TokenEnd.REVOKED: _l("đã thu hồi"),
    TokenEnd.EXPOSED: _l("tự thu hồi: mã đã nằm trong một địa chỉ, nên nằm trong nhật ký máy chủ"),
    TokenEnd.LEFT: _l("kết thúc: người tạo không còn là người phụ trách"),
    TokenEnd.DISABLED: _l("kết thúc: tài khoản người tạo bị khóa"),
    TokenEnd.CLOSED: _l("kết thúc cùng tài khoản của đơn vị"),
}
DAYS: Mapping[str, Any] = {
    "30": _l("30 ngày"),
    "90": _l("90 ngày"),
    "180": _l("180 ngày"),
    "365": _l("1 năm"),
}


def scopes_of(token: ApiToken) -> list[Any]:
    """What a token may read, in words."""
    return [word for scope, word in SCOPES.items() if scope in token.allows]
