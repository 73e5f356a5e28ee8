"""What the measures of a surveillance are called, and the states of its application: nothing is granted there."""

from collections.abc import Mapping

from assessments.errors import N_
from assessments.lifecycle import Measure
from assessments.states import State

MEASURES: Mapping[Measure, str] = {
    Measure.KEEP: N_("Giữ nguyên giấy"),
    Measure.REDUCE: N_("Thu hẹp phạm vi giấy"),
    Measure.SUSPEND: N_("Tạm đình chỉ giấy"),
    Measure.WITHDRAW: N_("Thu hồi giấy"),
}
UNANSWERED = N_("Không trả lời có thể dẫn đến tạm đình chỉ %(certificate)s.")
STATES: Mapping[State, str] = {  # of the others the words are those of every application
    State.DRAFT: N_("Giám sát, chờ đơn vị trả lời"),
    State.CERTIFIED: N_("Giám sát xong, giấy tiếp tục có hiệu lực"),
    State.DECLINED: N_("Giám sát xong, giấy tạm đình chỉ hoặc thu hồi"),
    State.WITHDRAWN: N_("Giám sát dừng theo giấy"),
}
MEANINGS: Mapping[State, str] = {
    State.DRAFT: N_(
        "Câu lạc bộ kiểm tra lại sản phẩm đã có giấy. Xem lại từng câu trả lời được hỏi rồi nộp, muộn nhất hết ngày "
        "%(date)s. Trong lúc này, %(certificate)s vẫn có hiệu lực."
    ),
    State.MINDED_TO: N_(
        "Hội đồng dự kiến tạm đình chỉ hoặc thu hồi %(certificate)s. Đây chưa phải là quyết định. "
        "Đơn vị có thể gửi ý kiến, muộn nhất hết ngày %(date)s."
    ),
    State.CERTIFIED: N_("Kết quả và lý do, nếu có, nằm ở trang của %(certificate)s."),
    State.DECLINED: N_(
        "Kết quả và lý do nằm ở trang của %(certificate)s. Đơn vị có quyền yêu cầu xem xét lại, từ hồ sơ được cấp giấy."
    ),
    State.WITHDRAWN: N_("Lần giám sát này dừng ngày %(moved)s vì %(certificate)s đã kết thúc."),
}
