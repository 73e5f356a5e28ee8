"""What origins and effects of conflicts are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from assessments.people import Part
from assessments.states import ConflictEffect, ConflictOrigin

ORIGINS: Mapping[ConflictOrigin, str] = {
    ConflictOrigin.DECLARED: _l("Tự khai khi được hỏi về hồ sơ"),
    ConflictOrigin.REGISTERED: _l("Tự ghi vào bản kê"),
    ConflictOrigin.REPORTED: _l("Câu lạc bộ ghi vào bản kê"),
    ConflictOrigin.JOINED: _l("Trở thành người của nhà cung cấp"),
}
EFFECTS: Mapping[ConflictEffect, str] = {
    ConflictEffect.ACCESS_ENDED: _l("Không mở được hồ sơ nữa"),
    ConflictEffect.REVIEW_VOIDED: _l("Phần đánh giá không được tính"),
    ConflictEffect.PROPOSAL_FELL: _l("Đề xuất không còn giá trị"),
    ConflictEffect.AFTER_RECOMMENDATION: _l("Phát hiện khi hồ sơ đã ở hội đồng"),
    ConflictEffect.AFTER_DECISION: _l("Phát hiện sau khi đã quyết định"),
}
PARTS: Mapping[str, str] = {
    "": _l("chưa giữ vai nào"),
    Part.COORDINATOR.value: _l("điều phối viên"),
    Part.REVIEWER.value: _l("người đánh giá"),
    Part.PROPOSER.value: _l("người đề xuất"),
    Part.CONFIRMER.value: _l("người xác nhận"),
}
