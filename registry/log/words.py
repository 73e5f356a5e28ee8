"""What the entries of the public log are called, and what one says, in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessments.errors import N_
from assessments.models import LogEntry, LogKind
from registry.i18n import translate

KINDS: Mapping[LogKind, str] = {
    LogKind.GRANT: N_("Cấp giấy"),
    LogKind.SUSPEND: N_("Giấy tạm đình chỉ"),
    LogKind.REINSTATE: N_("Giấy được khôi phục"),
    LogKind.LIFT: N_("Việc tạm đình chỉ không được xác nhận"),
    LogKind.REDUCE: N_("Phạm vi của giấy được thu hẹp"),
    LogKind.RESTORE: N_("Phạm vi đã thu hẹp được trả lại"),
    LogKind.WITHDRAW: N_("Giấy đã thu hồi"),
    LogKind.TERMINATE: N_("Giấy chấm dứt theo yêu cầu của nhà cung cấp"),
    LogKind.SUPERSEDE: N_("Giấy được thay bằng giấy mới"),
    LogKind.EXPIRE: N_("Giấy hết hạn"),
    LogKind.REISSUE: N_("Giấy được ký lại bằng khóa mới"),
    LogKind.EDITION: N_("Công bố bộ tiêu chí"),
    LogKind.KEY: N_("Khóa ký của Câu lạc bộ"),
    LogKind.HEAD: N_("Mã kiểm tra của lịch sử nội bộ"),
}


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it."""

    index: int
    title: str
    certificate: str  # its number; "" for what is about none
    about: str  # what else it is about: an edition, a key, a step of the history
    day: date | None  # from which it holds
    at: datetime


def line(entry: LogEntry) -> Line:
    """What an entry says, as one line."""
    told: dict[str, Any] = json.loads(entry.body)
    return Line(
        index=entry.index,
        title=translate(KINDS[entry.kind]),
        certificate=str(told.get("certificate", "")),
        about=str(told.get("id") or told.get("kid") or ""),
        day=date.fromisoformat(told["on"]) if told.get("on") else None,
        at=entry.at,
    )
