"""What kinds of deadlines are called, who acts, and where the next step is taken."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from assessments.queries.deadline_columns import Acts, Kind
from assessments.queries.deadlines import Due, Show
from assessments.recourse import AppealKind
from registry import recourse

KINDS: Mapping[Kind, Any] = {
    Kind.INTAKE: _l("Kiểm tra hồ sơ đủ hay thiếu"),
    Kind.RETURNED: _l("Đơn vị bổ sung hồ sơ"),
    Kind.REVIEW: _l("Chấm điểm"),
    Kind.CORRECTION: _l("Đơn vị khắc phục"),
    Kind.FINDING: _l("Đơn vị trả lời phát hiện"),
    Kind.NOTICE: _l("Đơn vị trả lời thông báo dự kiến"),
    Kind.SUSPENSION: _l("Xác nhận tạm đình chỉ"),
    Kind.RESTORING: _l("Điều kiện khôi phục giấy"),
    Kind.EXPIRY: _l("Giấy sắp hết hạn"),
    Kind.MEMBERSHIP: _l("Xác nhận hội viên"),
    Kind.CLOSING: _l("Đợt đóng nhận hồ sơ"),
    Kind.ANNOUNCEMENT: _l("Công bố kết quả của đợt"),
    Kind.AUDIT_NOTE: _l("Việc theo kiểm soát"),
    Kind.QUESTION: _l("Đơn vị trả lời câu hỏi"),
    Kind.CONDITION: _l("Điều kiện kèm theo giấy"),
    Kind.APPEAL_RECEIPT: _l("Xác nhận đã nhận yêu cầu xem xét lại"),
    Kind.APPEAL_HEARERS: _l("Chọn người xem xét lại"),
    Kind.APPEAL_RULING: _l("Ra kết quả xem xét lại"),
    Kind.COMPETENCE: _l("Năng lực sắp hết hạn"),
    Kind.LABORATORY: _l("Phòng thử nghiệm sắp hết hạn chấp nhận"),
    Kind.TRANSITION: _l("Giấy chuyển sang bản tiêu chí mới"),
    Kind.EDITION: _l("Xác nhận công bố bản tiêu chí"),
    Kind.CONFLICT: _l("Xem xét lợi ích liên quan phát hiện muộn"),
    Kind.CONCERN_DANGER: _l("Phản ánh có thể có trẻ gặp nguy hiểm"),
    Kind.CONCERN_RECEIPT: _l("Báo đã nhận phản ánh"),
    Kind.CONCERN_ANSWER: _l("Trả lời, đóng phản ánh"),
    Kind.SURVEILLANCE: _l("Bắt đầu giám sát"),
    Kind.SURVEILLANCE_REPLY: _l("Đơn vị trả lời giám sát"),
    Kind.CHANGE_TRIAGE: _l("Xem xét thông báo thay đổi"),
    Kind.CHANGE_APPLICATION: _l("Đơn vị nộp hồ sơ báo thay đổi"),
}
ACTS: Mapping[Acts, Any] = {
    Acts.OFFICE: _l("Văn phòng"),
    Acts.COMMITTEE: _l("Hội đồng"),
    Acts.HEARERS: _l("Hội đồng xem xét lại"),
    Acts.CLOCK: _l("Tự động, theo thời hạn"),
}
SHOWS: Mapping[Show, Any] = {
    Show.ALL: _l("Tất cả"),
    Show.MINE: _l("Việc của văn phòng"),
    Show.LATE: _l("Trễ hạn"),
    Show.WEEK: _l("Bảy ngày tới"),
}
PAGES: Mapping[Kind, tuple[str, str]] = {  # the page of the next step, and what names the thing there
    Kind.INTAKE: ("intake.show", "ref"),
    Kind.RETURNED: ("intake.show", "ref"),
    Kind.REVIEW: ("assignments.show", "ref"),
    Kind.CORRECTION: ("assignments.show", "ref"),
    Kind.FINDING: ("assignments.show", "ref"),
    Kind.NOTICE: ("assignments.show", "ref"),
    Kind.SUSPENSION: ("certificates.office", "number"),
    Kind.RESTORING: ("certificates.office", "number"),
    Kind.EXPIRY: ("certificates.office", "number"),
    Kind.MEMBERSHIP: ("memberships.index", ""),
    Kind.CLOSING: ("rounds.index", ""),
    Kind.ANNOUNCEMENT: ("rounds.index", ""),
    Kind.AUDIT_NOTE: ("audit.follow_ups.index", ""),
    Kind.QUESTION: ("assignments.show", "ref"),
    Kind.CONDITION: ("certificates.conditions.index", ""),
    Kind.APPEAL_RECEIPT: ("appeals.manage", "number"),
    Kind.APPEAL_HEARERS: ("appeals.manage", "number"),
    Kind.APPEAL_RULING: ("appeals.manage", "number"),
    Kind.COMPETENCE: ("competences.index", ""),
    Kind.LABORATORY: ("laboratories.office", ""),
    Kind.TRANSITION: ("certificates.office", "number"),
    Kind.EDITION: ("criteria.draft", "edition_id"),
    Kind.CONFLICT: ("impartiality.conflicts", ""),
    Kind.SURVEILLANCE: ("surveillance.index", ""),
    Kind.SURVEILLANCE_REPLY: ("surveillance.index", ""),
    Kind.CHANGE_TRIAGE: ("change_notices.office", ""),
    Kind.CHANGE_APPLICATION: ("change_notices.office", ""),
    **dict.fromkeys((Kind.CONCERN_DANGER, Kind.CONCERN_RECEIPT, Kind.CONCERN_ANSWER), ("triage.show", "number")),
}
EXTENDED = (Kind.RETURNED, Kind.REVIEW, Kind.CORRECTION)  # where the office can give more time


def kind_word(kind: Kind) -> str:
    """What has to be done."""
    return str(KINDS[kind])


def show_word(show: Show) -> str:
    """What a part of the board is called."""
    return str(SHOWS[show])


def who(due: Due) -> str:
    """Who acts: people of the club by name, a company by its own, with whoever it has named."""
    if due.acts is Acts.PERSON:
        return due.person
    if due.acts is Acts.VENDOR:
        return f"{due.vendor}: {due.person}" if due.person else due.vendor
    return str(ACTS[due.acts])


def left(due: Due) -> str:
    """How long there is still time, or how long it has been late."""
    if due.late:
        days = max(1, -due.days)
        return str(ngettext("quá hạn %(num)d ngày", "quá hạn %(num)d ngày", days))
    if due.days == 0:
        return str(_("hết hạn hôm nay"))
    return str(ngettext("còn %(num)d ngày", "còn %(num)d ngày", due.days))


def detail(due: Due) -> str:
    """More about one line: the reviewer's letter, whose competence, or how much waits."""
    told = _DETAILS.get(due.kind)
    return told(due) if told and due.detail not in {"", "0"} else ""


def _findings(due: Due) -> str:
    waiting = int(due.detail)
    return str(ngettext("%(num)d phát hiện chưa trả lời", "%(num)d phát hiện chưa trả lời", waiting))


def _questions(due: Due) -> str:
    waiting = int(due.detail)
    return str(ngettext("%(num)d câu hỏi chưa trả lời", "%(num)d câu hỏi chưa trả lời", waiting))


def _competences(due: Due) -> str:
    lines = ngettext("%(num)d mục", "%(num)d mục", int(due.detail))
    return f"{due.person}: {lines}"


def _appealed(due: Due) -> str:
    return str(recourse.KINDS[AppealKind(due.detail)])


_DETAILS: Mapping[Kind, Callable[[Due], str]] = {
    Kind.REVIEW: lambda due: str(_("Người đánh giá %(letter)s", letter=due.detail)),
    Kind.CORRECTION: _findings,
    Kind.FINDING: lambda due: due.detail,
    Kind.QUESTION: _questions,
    Kind.CONDITION: lambda due: str(_("Điều kiện %(n)d", n=int(due.detail))),
    Kind.COMPETENCE: _competences,
    Kind.TRANSITION: lambda due: due.detail,
    **dict.fromkeys((Kind.APPEAL_RECEIPT, Kind.APPEAL_HEARERS, Kind.APPEAL_RULING), _appealed),
}


def address(due: Due) -> str:
    """Where the next step is taken."""
    endpoint, name = PAGES[due.kind]
    values: dict[str, Any] = {name: due.place} if name else {}
    return url_for(endpoint, **values)
