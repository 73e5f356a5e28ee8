"""How pages name whom a guide is for, what it is about, and what became of it."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from assessments.guide_kinds import GuideAudience, GuideEnding, GuideTag

AUDIENCES: Mapping[GuideAudience, str] = {
    GuideAudience.PARENTS: _l("Cho cha mẹ"),
    GuideAudience.SCHOOLS: _l("Cho nhà trường"),
    GuideAudience.VENDORS: _l("Cho nhà cung cấp"),
    GuideAudience.REVIEWERS: _l("Cho người đánh giá"),
}
TAGS: Mapping[GuideTag, str] = {
    GuideTag.CHOOSING: _l("Chọn công cụ"),
    GuideTag.DEVICES: _l("Cài đặt máy"),
    GuideTag.HOME_NETWORK: _l("Mạng trong nhà"),
    GuideTag.GAMES: _l("Trò chơi"),
    GuideTag.SCREEN_TIME: _l("Giờ dùng máy"),
    GuideTag.TALKING: _l("Trò chuyện với con"),
    GuideTag.STRANGERS: _l("Người lạ, dụ dỗ"),
    GuideTag.BULLYING: _l("Bắt nạt"),
    GuideTag.PRIVACY: _l("Riêng tư, dữ liệu"),
    GuideTag.HELP: _l("Tìm giúp đỡ"),
    GuideTag.SCHOOL: _l("Trường học"),
    GuideTag.PROCEDURE: _l("Cách Câu lạc bộ làm"),
}
ENDINGS: Mapping[GuideEnding, str] = {
    GuideEnding.REPLACED: _l("thay bằng bản mới hơn"),
    GuideEnding.SHIPPED: _l("rút, dùng lại bản có sẵn"),
    GuideEnding.GONE: _l("rút, trang nói rõ lý do"),
}
