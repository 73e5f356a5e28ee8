"""What states, actions and steps of a certificate are called, and its history as the office reads it."""

from collections.abc import Iterable, Mapping

from assessments.errors import N_
from assessments.queries.history import TimelineRow
from assessments.states import CertificateStatus, CertificateStep
from registry.i18n import translate
from registry.templating import iso, moment
from registry.timeline import Entry

STATUSES: Mapping[CertificateStatus, str] = {
    CertificateStatus.ACTIVE: N_("Còn hiệu lực"),
    CertificateStatus.SUSPENDED: N_("Tạm đình chỉ"),
    CertificateStatus.SCHEDULED: N_("Chờ công bố"),
    CertificateStatus.EXPIRED: N_("Hết hạn"),
    CertificateStatus.WITHDRAWN: N_("Đã thu hồi"),
    CertificateStatus.TERMINATED: N_("Đã chấm dứt"),
    CertificateStatus.SUPERSEDED: N_("Đã thay bằng giấy mới"),
}

STEPS: Mapping[str, str] = {
    CertificateStep.GRANT: N_("Cấp %(certificate)s"),
    CertificateStep.SUSPEND: N_("Tạm đình chỉ giấy"),
    CertificateStep.CONFIRM_SUSPENSION: N_("Xác nhận việc tạm đình chỉ"),
    CertificateStep.LIFT_SUSPENSION: N_("Không xác nhận việc tạm đình chỉ; giấy có hiệu lực trở lại"),
    CertificateStep.PROPOSE_REINSTATEMENT: N_("Đề xuất khôi phục giấy"),
    CertificateStep.REINSTATE: N_("Khôi phục giấy"),
    CertificateStep.PROPOSE_WITHDRAWAL: N_("Đề xuất thu hồi giấy"),
    CertificateStep.WITHDRAW: N_("Thu hồi giấy"),
    CertificateStep.DISMISS: N_("Không đồng ý với đề xuất"),
    CertificateStep.SUPERSEDE: N_("Được thay bằng giấy mới"),
    CertificateStep.PROPOSE_REDUCTION: N_("Đề xuất thu hẹp phạm vi"),
    CertificateStep.REDUCE: N_("Thu hẹp phạm vi"),
    CertificateStep.RESTORE: N_("Trả lại phạm vi đã thu hẹp"),
    CertificateStep.TERMINATE: N_("Đơn vị chấm dứt giấy"),
    CertificateStep.EXPIRE: N_("Hết hạn"),
    CertificateStep.PLAN_SURVEILLANCE: N_("Lập lần giám sát"),
    CertificateStep.DROP_SURVEILLANCE: N_("Bỏ lần giám sát"),
    CertificateStep.FINISH_SURVEILLANCE: N_("Giám sát xong, giữ nguyên giấy"),
    CertificateStep.GIVE_CHANGE_NOTICE: N_("Đơn vị báo thay đổi"),
    CertificateStep.JUDGE_MINOR: N_("Xem là thay đổi nhỏ"),
    CertificateStep.JUDGE_MAJOR: N_("Xem là thay đổi lớn"),
    CertificateStep.CHANGE_OVERDUE: N_("Quá hạn nộp hồ sơ báo thay đổi"),
    CertificateStep.REMIND_RENEWAL: N_("Nhắc lập hồ sơ khi giấy sắp hết hạn"),
    CertificateStep.REMIND_SUSPENSION: N_("Nhắc xác nhận việc tạm đình chỉ"),
    CertificateStep.RESTORING_OVERDUE: N_("Quá hạn khôi phục"),
    CertificateStep.KEEP: N_("Giấy mới dừng trước ngày bắt đầu; giấy này tiếp tục có giá trị"),
}


def status_word(status: CertificateStatus) -> str:
    """The name of a status in the current language."""
    return translate(STATUSES[status])


def timeline(rows: Iterable[TimelineRow], *, named: bool = True) -> list[Entry]:
    """The history of a certificate as templates/components/timeline.html draws it; `named`: people by name."""
    return [
        Entry(
            iso=iso(row.at),
            when=moment(row.at),
            who=row.actor_name if named or not row.actor_id else translate(N_("Câu lạc bộ")),
            title=translate(STEPS.get(row.action, row.action)),
            text=row.note,
        )
        for row in rows
    ]
