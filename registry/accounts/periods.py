"""How long what is known of people is kept, why, and what ends it: one table, which the public page shows as well.

A column that can hold something of a person has its line here; tests/registry/accounts/test_periods.py fails without.
Law on Personal Data Protection 91/2025/QH15: kept no longer than it serves, and what is kept longer has its reason.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l

UNCONFIRMED = timedelta(days=30)  # an account whose address nobody has proven
INVITED = timedelta(days=90)  # after an invitation was taken, taken back or lapsed
ACCOUNT_LETTERS = timedelta(days=90)  # letters of accounts: they carry links and names


class Way(Enum):
    """What ends it."""

    WORKER = "worker"  # a job of the worker
    CLOSING = "closing"  # the person closes the account
    ACT = "act"  # whoever gave it takes it back or changes it
    RECORD = "record"  # part of a record that others rely on: stays, the law's request is answered by hand


@dataclass(frozen=True)
class Period:
    """One line: what, in which columns, until when, why, and what ends it."""

    what: Any
    columns: tuple[str, ...]
    until: Any
    why: Any
    way: Way
    job: str = ""  # of the worker: module:function


PERIODS: tuple[Period, ...] = (
    Period(
        _l("Tên, email, ngôn ngữ, mật khẩu (không đọc ngược lại được) của tài khoản"),
        ("user.email", "user.name", "user.password_hash"),
        _l("đến khi bạn đóng tài khoản"),
        _l("để bạn đăng nhập và nhận thư"),
        Way.CLOSING,
    ),
    Period(
        _l("Tài khoản chưa xác nhận email"),
        ("user.email", "user.name"),
        _l("30 ngày"),
        _l("để bạn kịp mở thư xác nhận"),
        Way.WORKER,
        "registry.accounts.forgetting:forget_unconfirmed",
    ),
    Period(
        _l("Phiên đăng nhập: giờ, địa chỉ mạng, loại trình duyệt"),
        ("login_session.address", "login_session.browser"),
        _l("30 ngày sau khi phiên hết hạn"),
        _l("để bạn nhận ra phiên lạ"),
        Way.WORKER,
        "registry.jobs:sweep",
    ),
    Period(
        _l("Số lần thử đăng nhập (chỉ mã băm của địa chỉ)"),
        ("attempts.bucket",),
        _l("đến hết thời gian chờ, nhiều nhất vài giờ"),
        _l("để chặn người dò mật khẩu"),
        Way.WORKER,
        "registry.jobs:sweep",
    ),
    Period(
        _l("Lời mời: email, tên, nơi làm việc của người được mời"),
        ("invitation.email", "invitation.name", "invitation.affiliation"),
        _l("90 ngày sau khi nhận, thu lại hoặc hết hạn"),
        _l("để biết ai đã mời ai"),
        Way.WORKER,
        "registry.accounts.forgetting:forget_invitations",
    ),
    Period(
        _l("Thư về tài khoản (xác nhận, đặt lại mật khẩu, lời mời)"),
        ("letter.recipient", "letter.subject", "letter.body", "letter.last_error"),
        _l("90 ngày sau khi gửi"),
        _l("để tìm lại khi thư thất lạc"),
        Way.WORKER,
        "registry.accounts.forgetting:forget_letters",
    ),
    Period(
        _l("Thư về hồ sơ và giấy"),
        ("letter.recipient", "letter.subject", "letter.body"),
        _l("cùng hồ sơ; địa chỉ bị thay khi người nhận đóng tài khoản"),
        _l("để chứng minh ai đã được báo, khi nào"),
        Way.RECORD,
    ),
    Period(
        _l("Nhật ký các bước: tên người làm, lời ghi"),
        ("history_text.actor_name", "history_text.note"),
        _l("lâu dài; xóa được theo luật mà nhật ký vẫn kiểm chứng được"),
        _l("để ai cũng kiểm tra lại được một quyết định"),
        Way.RECORD,
    ),
    Period(
        _l("Tên người chấp nhận thỏa thuận, người có tên trong biên bản và cuộc họp"),
        ("agreement_acceptance.accepted_name", "minutes.people", "meeting.present", "risk.owner"),
        _l("cùng hồ sơ, biên bản"),
        _l("bằng chứng của một thỏa thuận, một quyết định"),
        Way.RECORD,
    ),
    Period(
        _l("Người đại diện, email, điện thoại, địa chỉ của đơn vị"),
        ("vendor.representative", "vendor.contact_email", "vendor.contact_phone", "vendor.address"),
        _l("còn đơn vị trong danh mục; người phụ trách sửa được"),
        _l("in trên giấy, và để liên hệ khi giấy có chuyện"),
        Way.RECORD,
    ),
    Period(
        _l("Người của Câu lạc bộ: nơi làm việc, lợi ích liên quan, năng lực, chỗ trong hội đồng"),
        (
            *("background.affiliation", "background.represents", "interest.organisation", "interest.note"),
            *("committee_seat.name", "committee_seat.affiliation", "committee_seat.represents"),
            *("committee_seat.interests", "competence.note"),
        ),
        _l("còn vai trò, rồi cùng những quyết định đã tham gia; tên công khai dừng khi rút đồng ý"),
        _l("để chứng minh quyết định là khách quan"),
        Way.RECORD,
    ),
    Period(
        _l("Ai đã đọc gì: bằng chứng, tài khoản thử, tệp hồ sơ, dữ liệu tải về"),
        (
            *("evidence_access.person_id", "test_access_reading.person_id", "case_reading.person_id"),
            *("company_export_reading.person_id", "concern_opening.asked_by", "concern_opening.answered_by"),
        ),
        _l("cùng điều đã đọc"),
        _l("để đơn vị và kiểm soát viên biết ai đã đọc"),
        Way.RECORD,
    ),
    Period(
        _l("Tệp tải lên dở dang"),
        ("upload.name", "upload.metadata_header"),
        _l("7 ngày sau phần cuối cùng"),
        _l("để tải tiếp khi mất mạng"),
        Way.WORKER,
        "registry.evidence.upkeep:sweep_uploads",
    ),
    Period(
        _l("Tài khoản thử cho người đánh giá (mã hóa)"),
        ("test_access.sealed",),
        _l("đến khi hồ sơ kết thúc"),
        _l("để thử sản phẩm"),
        Way.ACT,
    ),
    Period(
        _l("Khiếu nại về Câu lạc bộ: cách liên hệ (mã hóa)"),
        ("complaint.contact",),
        _l("theo thời hạn ghi ở trang gửi, tính từ khi khép lại"),
        _l("để trả lời người khiếu nại"),
        Way.WORKER,
        "registry.complaints.upkeep:erase_contacts",
    ),
    Period(
        _l("Phản ánh về sản phẩm: lời kể và cách liên hệ (mã hóa)"),
        ("concern.contact", "concern.text"),
        _l("theo thời hạn ghi ở trang gửi, tính từ khi khép lại; ngay khi đã chuyển đến nơi bảo vệ trẻ"),
        _l("để hỏi thêm và trả lời"),
        Way.WORKER,
        "registry.concerns.upkeep:erase",
    ),
    Period(
        _l("Báo dùng sai giấy và dấu: cách liên hệ (mã hóa)"),
        ("misuse_report.contact",),
        _l("theo thời hạn ghi ở trang gửi, tính từ khi khép lại"),
        _l("để hỏi thêm"),
        Way.WORKER,
        "registry.misuse.upkeep:erase_contacts",
    ),
    Period(
        _l("Nhận tin: địa chỉ thư hoặc webhook (mã hóa)"),
        ("subscription.address", "subscription.url"),
        _l("đến khi thôi nhận; chưa xác nhận thì ba ngày"),
        _l("để gửi tin bạn xin nhận"),
        Way.ACT,
    ),
)
