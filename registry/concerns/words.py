"""What kinds, states, outcomes and steps of concerns are called; to reporters in plain words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.recourse import ConcernAction, ConcernKind, ConcernOutcome, ConcernState, Danger, Referral

KINDS: Mapping[ConcernKind, Any] = {
    ConcernKind.LET_THROUGH: _l("Bỏ lọt nội dung xấu"),
    ConcernKind.BLOCKED_WRONGLY: _l("Chặn nhầm"),
    ConcernKind.GOT_ROUND: _l("Con tắt, gỡ được"),
    ConcernKind.CONTACT: _l("Người lạ làm quen, quấy rầy trẻ qua sản phẩm"),
    ConcernKind.DATA: _l("Lấy dữ liệu quá mức"),
    ConcernKind.ADVERT: _l("Quảng cáo sai, dùng dấu sai"),
    ConcernKind.OTHER: _l("Việc khác"),
}

CHILD_KINDS: Mapping[ConcernKind, Any] = {  # the same, as a child would say it
    ConcernKind.CONTACT: _l("Có người lạ nhắn tin, làm phiền"),
    ConcernKind.LET_THROUGH: _l("Ứng dụng hiện ra thứ xấu, đáng sợ"),
    ConcernKind.BLOCKED_WRONGLY: _l("Ứng dụng chặn nhầm thứ em cần"),
    ConcernKind.DATA: _l("Ứng dụng hỏi, lấy quá nhiều chuyện riêng của em"),
    ConcernKind.OTHER: _l("Chuyện khác"),
}

STATES: Mapping[ConcernState, Any] = {
    ConcernState.RECEIVED: _l("Đã nhận, chờ người đọc"),
    ConcernState.ACKNOWLEDGED: _l("Đã có người đọc"),
    ConcernState.INVESTIGATING: _l("Đang xem"),
    ConcernState.REFERRED: _l("Đã chuyển đến nơi có thể bảo vệ trẻ"),
    ConcernState.CLOSED: _l("Đã đóng"),
}

NEXT: Mapping[ConcernState, Any] = {  # what the reporter can expect
    ConcernState.RECEIVED: _l("Một người ở Câu lạc bộ sẽ đọc và báo lại ở trang này."),
    ConcernState.ACKNOWLEDGED: _l("Câu lạc bộ đã đọc và sẽ xem việc này."),
    ConcernState.INVESTIGATING: _l("Câu lạc bộ đang kiểm tra sản phẩm. Có gì mới sẽ ghi ở trang này."),
    ConcernState.REFERRED: _l("Câu lạc bộ đã chuyển điều bạn viết và không giữ lại nội dung. Bạn vẫn gọi 111 được."),
    ConcernState.CLOSED: _l("Lý do ghi ở dưới. Có chuyện mới, hãy gửi phản ánh mới."),
}

OUTCOMES: Mapping[ConcernOutcome, Any] = {
    ConcernOutcome.PUT_RIGHT: _l("Đúng là sản phẩm có lỗi, và nay đã sửa"),
    ConcernOutcome.SURVEILLANCE: _l("Sản phẩm được kiểm tra lại (giám sát)"),
    ConcernOutcome.NO_FAULT: _l("Sản phẩm làm đúng như đã ghi"),
    ConcernOutcome.UNCLEAR: _l("Chưa đủ thông tin để tìm ra"),
    ConcernOutcome.ELSEWHERE: _l("Nơi khác giải quyết việc này"),
    ConcernOutcome.NO_CONCERN: _l("Không phải phản ánh về sản phẩm"),
}

REFERRALS: Mapping[Referral, Any] = {
    Referral.HELPLINE: _l("Tổng đài điện thoại quốc gia bảo vệ trẻ em 111"),
    Referral.POLICE: _l("Công an (113 hoặc công an nơi xảy ra việc)"),
    Referral.NETWORK: _l("Cơ quan nhà nước về an toàn thông tin mạng"),
    Referral.OTHER: _l("Cơ quan khác có trách nhiệm bảo vệ trẻ em"),
}

DANGERS: Mapping[Danger, Any] = {
    Danger.SUSPECTED: _l("Có thể có trẻ gặp nguy hiểm"),
    Danger.FOUND: _l("Có trẻ gặp nguy hiểm"),
    Danger.CLEARED: _l("Đã xem: không có trẻ gặp nguy hiểm"),
    Danger.NONE: "",
}

STEPS: Mapping[str, Any] = {
    ConcernAction.RECEIVE: _l("Nhận phản ánh"),
    ConcernAction.HEAR: _l("Người phản ánh viết thêm"),
    ConcernAction.FORGET: _l("Người phản ánh xóa cách liên hệ"),
    ConcernAction.ACKNOWLEDGE: _l("Báo đã nhận"),
    ConcernAction.INVESTIGATE: _l("Bắt đầu xem"),
    ConcernAction.NOTE: _l("Ghi chú"),
    ConcernAction.REPLY: _l("Trả lời người phản ánh"),
    ConcernAction.NAME_PRODUCT: _l("Ghi sản phẩm"),
    ConcernAction.FIND_DANGER: _l("Đánh dấu có trẻ gặp nguy hiểm"),
    ConcernAction.CLEAR_DANGER: _l("Ghi không có trẻ gặp nguy hiểm"),
    ConcernAction.ASK_CONTACT: _l("Xin mở cách liên hệ"),
    ConcernAction.CONFIRM_CONTACT: _l("Người thứ hai đồng ý mở cách liên hệ"),
    ConcernAction.REFUSE_CONTACT: _l("Người thứ hai không đồng ý mở cách liên hệ"),
    ConcernAction.SHOW_CONTACT: _l("Xem cách liên hệ"),
    ConcernAction.WRITE_OUT: _l("Lấy bản để chuyển đi"),
    ConcernAction.REFER: _l("Đã chuyển đi, xóa nội dung"),
    ConcernAction.SURVEY: _l("Lập giám sát"),
    ConcernAction.CLOSE: _l("Đóng phản ánh"),
    ConcernAction.ERASE: _l("Xóa nội dung theo thời hạn"),
}
