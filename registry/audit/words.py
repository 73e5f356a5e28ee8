"""What an auditor's pages and documents call people, kinds of notes and states of a case file."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.states import AuditKind, CaseState

PEOPLE: Mapping[str, Any] = {
    "": _l("Tự động"),
    "clock": _l("Tự động"),
    "company": _l("Đơn vị"),
    "club": _l("Câu lạc bộ"),
    "coordinator": _l("Điều phối viên"),
    "proposer": _l("Người đề xuất quyết định"),
    "confirmer": _l("Người xác nhận quyết định"),
    "auditor": _l("Kiểm soát viên"),
    "hearer": _l("Người xem xét lại"),
}
KINDS: Mapping[AuditKind, Any] = {
    AuditKind.SAMPLING: _l("Ghi chú chọn mẫu"),
    AuditKind.OBSERVATION: _l("Nhận xét"),
    AuditKind.RECOMMENDATION: _l("Khuyến nghị"),
}
CASES: Mapping[CaseState, Any] = {
    CaseState.WAITING: _l("Đang chờ chuẩn bị"),
    CaseState.MAKING: _l("Đang chuẩn bị"),
    CaseState.READY: _l("Sẵn sàng"),
    CaseState.FAILED: _l("Không chuẩn bị được"),
    CaseState.OVER: _l("Tệp đã xóa"),
}


def who(code: str) -> str:
    """A person without a name: "reviewer:A" and the parts of assessments.queries.audit.masks_of."""
    part, _colon, letter = code.partition(":")
    if part == "reviewer":
        return str(_("Người đánh giá %(letter)s", letter=letter))
    return str(PEOPLE.get(part, code))


def kind_word(kind: AuditKind) -> str:
    """What a kind of note is called."""
    return str(KINDS[kind])


def case_word(state: CaseState) -> str:
    """How far a case file is."""
    return str(CASES[state])
