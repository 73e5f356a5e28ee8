"""What the sections and fields of a case file are called in the documents to read."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

SECTIONS: Mapping[str, Any] = {
    "application": lazy_pgettext("case", "Hồ sơ"),
    "vendor": _l("Đơn vị"),
    "product": _l("Sản phẩm"),
    "round": _l("Đợt tiếp nhận"),
    "edition": _l("Bản tiêu chí"),
    "agreements": _l("Thỏa thuận đã chấp nhận"),
    "submissions": _l("Các lần nộp"),
    "receipts": _l("Biên nhận"),
    "basis": _l("Căn cứ của hồ sơ lần sau"),
    "confirmations": _l("Câu trả lời cũ đã xem lại"),
    "evidence": _l("Bằng chứng"),
    "evidence_readings": _l("Nhật ký mở bằng chứng"),
    "test_access": _l("Tài khoản thử"),
    "test_access_readings": _l("Nhật ký mở tài khoản thử"),
    "participations": _l("Phần việc"),
    "declarations": _l("Lời khai lợi ích"),
    "reviews": _l("Các phần đánh giá"),
    "agreed_scores": _l("Điểm thống nhất"),
    "findings": _l("Phát hiện đánh giá"),
    "recommendation": _l("Bản trình hội đồng"),
    "proposals": _l("Đề xuất quyết định"),
    "notices": _l("Thông báo dự kiến"),
    "decisions": _l("Quyết định"),
    "certificates": _l("Giấy đã cấp"),
    "reminders": _l("Lần nhắc"),
    "audit_notes": _l("Ghi chú kiểm soát"),
    "letters": _l("Thư đã gửi"),
    "history": _l("Diễn biến"),
}

FIELDS: Mapping[str, Any] = {
    "accepted_at": _l("Lúc chấp nhận"),
    "accepted_by": _l("Người chấp nhận"),
    "accepted_name": _l("Tên người chấp nhận"),
    "action": _l("Bước"),
    "agreement": _l("Thỏa thuận"),
    "answer": _l("Trả lời"),
    "answered_at": _l("Lúc trả lời"),
    "answered_by": _l("Người trả lời"),
    "answers": _l("Câu trả lời"),
    "assigned_at": _l("Lúc giao"),
    "at": _l("Lúc"),
    "basis": _l("Căn cứ"),
    "by": _l("Ai"),
    "categories": _l("Nhóm sản phẩm"),
    "claim": _l("Phần trình bày"),
    "closed_at": _l("Lúc đóng"),
    "closed_by": _l("Người đóng"),
    "closing_note": _l("Lời khi đóng"),
    "code": _l("Mã"),
    "comment": _l("Ý kiến"),
    "content": _l("Nội dung"),
    "correction_round": _l("Lượt khắc phục"),
    "created_at": _l("Lúc tạo"),
    "criterion": _l("Tiêu chí"),
    "decided_at": _l("Lúc quyết định"),
    "declared_at": _l("Lúc khai"),
    "departs": _l("Khác kết quả tính"),
    "digest": _l("Mã kiểm tra"),
    "due_at": _l("Hạn"),
    "due_on": _l("Hạn"),
    "edition": _l("Bản tiêu chí"),
    "evidence": _l("Bằng chứng"),
    "file": _l("Tệp"),
    "final_at": _l("Lúc chốt"),
    "has_interest": _l("Có lợi ích liên quan"),
    "kind": _l("Loại"),
    "lead": _l("Trưởng nhóm"),
    "letter": _l("Chữ thay tên"),
    "level": _l("Mức"),
    "limits": _l("Giới hạn"),
    "media_type": _l("Loại tệp"),
    "name": _l("Tên"),
    "not_applicable": _l("Không áp dụng"),
    "not_applicable_reason": _l("Lý do không áp dụng"),
    "not_shown": _l("Bằng chứng không cho thấy"),
    "note": _l("Ghi chú"),
    "number": _l("Số"),
    "outcome": _l("Kết quả"),
    "owner_id": _l("Người theo dõi"),
    "panel_only": _l("Chỉ nhóm đánh giá và hội đồng"),
    "part": _l("Phần việc"),
    "person_id": _l("Ai"),
    "profile": _l("Thông tin sản phẩm"),
    "proposed_at": _l("Lúc đề xuất"),
    "raised_at": _l("Lúc nêu"),
    "raised_by": _l("Người nêu"),
    "rationale": _l("Lý do"),
    "reconciliation": _l("Lý do thống nhất"),
    "ref": lazy_pgettext("case", "Hồ sơ"),
    "reviewer_id": _l("Người đánh giá"),
    "saved_at": _l("Lúc lưu"),
    "scores": _l("Điểm"),
    "sent": _l("Đã gửi"),
    "sent_at": _l("Lúc gửi"),
    "severity": _l("Mức độ"),
    "size": _l("Dung lượng (byte)"),
    "state": _l("Trạng thái"),
    "subject": _l("Tiêu đề thư"),
    "submitted_at": _l("Lúc nộp"),
    "submitted_by": _l("Người nộp"),
    "text": _l("Nội dung"),
    "title": _l("Tên"),
    "to": _l("Người nhận"),
    "to_state": _l("Sang"),
    "from_state": _l("Từ"),
    "to_vendor": _l("Gửi đơn vị"),
    "valid_from": _l("Có giá trị từ"),
    "valid_until": _l("Có giá trị đến hết"),
    "value": _l("Điểm"),
    "vendor": _l("Đơn vị"),
    "voided_at": _l("Lúc không tính nữa"),
    "written_at": _l("Lúc viết"),
    "written_by": _l("Người viết"),
}

PEOPLE = {"by", "to", "person_id", "reviewer_id", "proposer_id", "confirmer_id", "owner_id"}  # who did it, unnamed


def section_label(name: str) -> str:
    """The name of a section; one that has none keeps its own, so that nothing is hidden."""
    return str(SECTIONS.get(name, name))


def field_label(path: tuple[str, ...]) -> str:
    """The name of a value from the way to it, such as answers, TN-05, claim."""
    return " › ".join(str(FIELDS.get(part, part)) for part in path)


def is_person(field: str) -> bool:
    """Whether a field says who did something."""
    return field in PEOPLE or field.endswith("_by")
