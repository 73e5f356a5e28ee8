"""What the kinds of events of an account are called, and which of them a person should look at."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.people import Role
from registry.accounts.security_models import SecurityEvent, SecurityKind
from registry.accounts.words import roles_in_words

KINDS: Mapping[SecurityKind, Any] = {
    SecurityKind.SIGNED_IN: _l("Đã đăng nhập"),
    SecurityKind.NEW_DEVICE: _l("Đăng nhập trên thiết bị mới"),
    SecurityKind.FAILED: _l("Nhập sai mật khẩu"),
    SecurityKind.SIGNED_OUT: _l("Đã đăng xuất"),
    SecurityKind.SESSION_ENDED: _l("Kết thúc một phiên đăng nhập"),
    SecurityKind.SESSIONS_ENDED: _l("Kết thúc mọi phiên đăng nhập khác"),
    SecurityKind.SESSIONS_STOPPED: _l("Quản trị viên kết thúc mọi phiên đăng nhập"),
    SecurityKind.PASSWORD_CHANGED: _l("Đã đổi mật khẩu"),
    SecurityKind.PASSWORD_RESET: _l("Đã đặt lại mật khẩu qua thư"),
    SecurityKind.ROLES_CHANGED: _l("Vai trò ở Câu lạc bộ thay đổi"),
    SecurityKind.DISABLED: _l("Tài khoản bị khóa"),
    SecurityKind.ENABLED: _l("Tài khoản được mở lại"),
    SecurityKind.LEFT_COMPANY: _l("Không còn thuộc đơn vị"),
    SecurityKind.TOKEN_MADE: _l("Tạo mã truy cập cho chương trình"),
    SecurityKind.TOKEN_ENDED: _l("Mã truy cập kết thúc"),
    SecurityKind.FACTOR_ADDED: _l("Thêm cách xác nhận khi đăng nhập"),
    SecurityKind.FACTOR_REMOVED: _l("Bỏ cách xác nhận khi đăng nhập"),
    SecurityKind.FACTOR_FAILED: _l("Xác nhận khi đăng nhập không thành"),
    SecurityKind.RECOVERY_CODES_MADE: _l("Tạo mã dự phòng"),
    SecurityKind.RECOVERY_CODE_USED: _l("Dùng một mã dự phòng"),
}
SUSPECT = frozenset({SecurityKind.NEW_DEVICE, SecurityKind.FAILED, SecurityKind.FACTOR_FAILED})


def note_in_words(event: SecurityEvent) -> str:
    """The note of an event as its person reads it: roles by their names, everything else as it was written."""
    if event.kind is not SecurityKind.ROLES_CHANGED:
        return event.note
    return roles_in_words(Role(name) for name in event.note.split(",") if name) or str(_("không còn vai trò nào"))
