"""What triggers, standings and measures of surveillance are called."""

from collections.abc import Mapping

from assessments.errors import N_
from assessments.lifecycle import Measure, Trigger
from assessments.queries.surveillance import Standing
from registry.i18n import translate
from registry.surveyed import MEASURES

TRIGGERS: Mapping[Trigger, str] = {
    Trigger.SCHEDULE: N_("Theo lịch"),
    Trigger.CONCERN: N_("Có phản ánh"),
    Trigger.CHANGE_NOTICE: N_("Đơn vị báo thay đổi lớn"),
    Trigger.STORE_VERSION: N_("Cửa hàng có phiên bản khác"),
}
STANDINGS: Mapping[Standing, str] = {
    Standing.LATER: N_("Chưa đến kỳ"),
    Standing.DUE: N_("Đến kỳ"),
    Standing.OVERDUE: N_("Quá hạn bắt đầu"),
    Standing.RUNNING: N_("Đang giám sát"),
    Standing.STUCK: N_("Hồ sơ dừng giữa chừng"),
    Standing.DONE: N_("Đã xong"),
    Standing.DROPPED: N_("Đã bỏ"),
}


def trigger_word(trigger: Trigger) -> str:
    """Why it is made."""
    return translate(TRIGGERS[trigger])


def standing_word(standing: Standing) -> str:
    """How far it has come."""
    return translate(STANDINGS[standing])


def measure_word(measure: Measure) -> str:
    """What it led to."""
    return translate(MEASURES[measure])
