"""What subjects, states, steps and conclusions of complaints are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.recourse import ComplaintAction, ComplaintState, ComplaintSubject, Verdict

SUBJECTS: Mapping[ComplaintSubject, Any] = {
    ComplaintSubject.TREATMENT: _l("Cách người của Câu lạc bộ đối xử với tôi"),
    ComplaintSubject.PROCESS: _l("Cách làm, quy trình"),
    ComplaintSubject.DELAY: _l("Chậm trả lời, chậm giải quyết"),
    ComplaintSubject.REVIEWERS: _l("Cách làm việc của người đánh giá"),
    ComplaintSubject.AUDITORS: _l("Cách làm việc của kiểm soát viên"),
    ComplaintSubject.IMPARTIALITY: _l("Cách làm việc của ban bảo đảm khách quan"),
    ComplaintSubject.MARK: _l("Cách dùng dấu và giấy"),
    ComplaintSubject.OTHER: _l("Việc khác của Câu lạc bộ"),
}

STATES: Mapping[ComplaintState, Any] = {
    ComplaintState.RECEIVED: _l("Đã gửi, chờ báo đã nhận"),
    ComplaintState.ACKNOWLEDGED: _l("Đã nhận, chờ người xử lý"),
    ComplaintState.IN_HAND: _l("Đang xử lý"),
    ComplaintState.DECIDED: _l("Đã trả lời"),
    ComplaintState.CLOSED: _l("Đã khép lại"),
}

VERDICTS: Mapping[Verdict, Any] = {
    Verdict.UPHELD: _l("Khiếu nại đúng"),
    Verdict.PARTLY: _l("Khiếu nại đúng một phần"),
    Verdict.NOT_UPHELD: _l("Khiếu nại không đúng"),
    Verdict.ELSEWHERE: _l("Không phải việc của Câu lạc bộ, hoặc có nơi khác giải quyết"),
}

STEPS: Mapping[str, Any] = {
    ComplaintAction.RECEIVE: _l("Đã gửi khiếu nại"),
    ComplaintAction.ACKNOWLEDGE: _l("Câu lạc bộ báo đã nhận và phân loại"),
    ComplaintAction.TAKE: _l("Người không liên quan nhận xử lý"),
    ComplaintAction.DECIDE: _l("Có kết luận và câu trả lời"),
    ComplaintAction.CLOSE: _l("Khép lại"),
    ComplaintAction.OPEN_CONTACT: _l("Mở cách liên hệ"),
    ComplaintAction.EXCLUDE: _l("Ghi thêm một người có liên quan, từ đây không đọc nữa"),
    ComplaintAction.ERASE_CONTACT: _l("Xóa cách liên hệ theo thời hạn"),
}
