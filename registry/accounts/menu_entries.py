"""What the menu of the workspace has, and for whom: one table. A new page is one line of MENU."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from assessments.competences import READERS
from assessments.people import Actor, Role
from assessments.queries.complaints import reads

For = Callable[[Actor], bool]


class Group(Enum):
    """The named groups, in the order they are shown; the value is the msgid of the heading."""

    WORK = _l("Việc của tôi")
    COMPANY = _l("Đơn vị")
    FILES = lazy_pgettext("menu", "Hồ sơ và giấy")
    PEOPLE = _l("Người và sự khách quan")
    OVERSIGHT = _l("Giám sát và số liệu")
    ACCOUNT = _l("Tài khoản")


@dataclass(frozen=True)
class Entry:
    """One page of the menu: what it is called, what it is for in a line, and who has it; `top`: it presses.

    `beneath`: the pages under it, where they are not simply those of its blueprint.
    """

    endpoint: str
    label: Any
    hint: Any
    group: Group
    whose: For
    top: bool = False
    beneath: tuple[str, ...] = ()

    def mark(self, endpoint: str | None, blueprint: str | None) -> str:
        """The value of aria-current: "page" for the page itself, "true" for those beneath it, "" for others."""
        if endpoint == self.endpoint:
            return "page"
        if self.beneath:
            return "true" if endpoint in self.beneath else ""
        same = blueprint is not None and blueprint == self.endpoint.rpartition(".")[0]
        return "true" if same and self.group is not Group.ACCOUNT else ""


def club(*roles: Role) -> For:
    """People of the club with one of these roles."""
    return lambda person: bool(person.roles & set(roles))


def company(person: Actor) -> bool:
    """People who belong to a company."""
    return bool(person.memberships)


def newcomer(person: Actor) -> bool:
    """People who belong to nothing yet."""
    return not person.memberships and not person.roles


def everybody(_person: Actor) -> bool:
    """Whoever is signed in."""
    return True


OFFICE = club(Role.COORDINATOR)

MENU: tuple[Entry, ...] = (  # the first one that presses is the page somebody comes to after signing in
    Entry(
        "deadlines.index",
        _l("Việc đến hạn"),
        _l("Mọi việc có thời hạn, việc trễ ở trên."),
        Group.WORK,
        OFFICE,
        top=True,
    ),
    Entry(
        "applications.index",
        lazy_pgettext("menu", "Hồ sơ"),
        _l("Các hồ sơ của đơn vị và việc cần làm."),
        Group.COMPANY,
        company,
        top=True,
    ),
    Entry(
        "evidence.index",
        _l("Kho bằng chứng"),
        _l("Tệp và đường dẫn dùng cho các hồ sơ."),
        Group.COMPANY,
        company,
        top=True,
    ),
    Entry(
        "appeals.index",
        lazy_pgettext("menu", "Yêu cầu xem xét lại"),
        _l("Yêu cầu đơn vị đã gửi, và đang ở bước nào."),
        Group.COMPANY,
        company,
        beneath=("appeals.show", "appeals.new", "appeals.again", "appeals.check", "appeals.end"),
    ),
    Entry(
        "company.show",
        _l("Đơn vị của tôi"),
        _l("Thông tin, người và giấy của đơn vị."),
        Group.COMPANY,
        company,
        top=True,
    ),
    Entry("company.new", _l("Đăng ký đơn vị"), _l("Bắt đầu để nộp hồ sơ."), Group.COMPANY, newcomer, top=True),
    Entry(
        "reviews.index",
        _l("Việc đánh giá"),
        _l("Hồ sơ được giao cho bạn, theo hạn."),
        Group.WORK,
        club(Role.REVIEWER),
        top=True,
    ),
    Entry(
        "decisions.index",
        _l("Việc quyết định"),
        _l("Hồ sơ chờ đề xuất hoặc xác nhận."),
        Group.WORK,
        club(Role.DECIDER),
        top=True,
    ),
    Entry(
        "audit.index",
        _l("Kiểm soát"),
        _l("Đọc hồ sơ đã nộp, ghi chú kiểm soát."),
        Group.WORK,
        club(Role.AUDITOR),
        top=True,
    ),
    Entry(
        "appeals.hearings",
        _l("Việc xem xét lại của tôi"),
        _l("Yêu cầu xem xét lại được giao cho bạn."),
        Group.WORK,
        club(Role.DECIDER, Role.AUDITOR, Role.IMPARTIALITY, Role.REVIEWER),
        beneath=("appeals.declare", "appeals.hear", "appeals.say"),
    ),
    Entry(
        "audit.follow_ups.index",
        _l("Việc theo kiểm soát"),
        _l("Ghi chú của kiểm soát viên nhờ bạn theo dõi."),
        Group.WORK,
        club(Role.COORDINATOR, Role.DECIDER, Role.IMPARTIALITY, Role.ADMIN),
    ),
    Entry(
        "calibrations.index",
        _l("Chấm thử"),
        _l("Hai hồ sơ mẫu để thống nhất cách chấm."),
        Group.WORK,
        club(Role.REVIEWER, Role.COORDINATOR),
    ),
    Entry(
        "competences.own",
        _l("Năng lực của tôi"),
        _l("Loại sản phẩm và nhóm tiêu chí bạn được ghi nhận."),
        Group.WORK,
        club(Role.REVIEWER, Role.DECIDER),
    ),
    Entry(
        "intake.index",
        _l("Kiểm tra hồ sơ mới nộp"),
        _l("Đủ hay thiếu, tiếp nhận hay trả lại."),
        Group.FILES,
        OFFICE,
        top=True,
    ),
    Entry(
        "assignments.index",
        _l("Phân công"),
        _l("Ai đánh giá hồ sơ nào, đến khi nào."),
        Group.FILES,
        OFFICE,
        top=True,
    ),
    Entry("rounds.index", _l("Đợt tiếp nhận"), _l("Mở, đóng và ngày công bố của các đợt."), Group.FILES, OFFICE),
    Entry(
        "certificates.index",
        lazy_pgettext("menu", "Giấy đã cấp"),
        _l("Tình trạng từng giấy, tạm đình chỉ, khôi phục, thu hồi."),
        Group.FILES,
        club(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR),
    ),
    Entry(
        "surveillance.index",
        _l("Giám sát"),
        _l("Sản phẩm đã có giấy đến kỳ kiểm tra lại, đang kiểm tra, đã xong."),
        Group.FILES,
        club(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR),
    ),
    Entry(
        "change_notices.office",
        lazy_pgettext("menu", "Thông báo thay đổi"),
        _l("Đơn vị báo sản phẩm thay đổi: nhỏ hay lớn."),
        Group.FILES,
        OFFICE,
    ),
    Entry(
        "certificates.conditions.index",
        _l("Điều kiện kèm theo giấy"),
        _l("Việc đơn vị còn phải làm sau khi được cấp, và hạn của từng việc."),
        Group.FILES,
        club(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR),
    ),
    Entry(
        "criteria.drafts",
        _l("Các bản tiêu chí"),
        _l("Bản thảo, ảnh hưởng đến các giấy, công bố, việc chuyển."),
        Group.FILES,
        club(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR),
        beneath=(
            *("criteria.draft", "criteria.draft_text", "criteria.draft_compare", "criteria.propose"),
            *("criteria.dismiss", "criteria.impact", "criteria.transitions"),
        ),
    ),
    Entry(
        "laboratories.office",
        lazy_pgettext("menu", "Phòng thử nghiệm"),
        _l("Nơi có báo cáo được chấp nhận, cho việc gì, đến khi nào."),
        Group.FILES,
        OFFICE,
    ),
    Entry(
        "guides.office",
        _l("Viết cẩm nang"),
        _l("Bài cho cha mẹ, nhà trường; xem trước, công bố, rút."),
        Group.OVERSIGHT,
        club(Role.COORDINATOR, Role.ADMIN),
        beneath=(
            *("guides.new", "guides.add", "guides.edit", "guides.save", "guides.preview", "guides.publish"),
            *("guides.withdraw", "guides.history", "guides.restore"),
        ),
    ),
    Entry(
        "appeals.office",
        lazy_pgettext("menu", "Yêu cầu xem xét lại"),
        _l("Báo đã nhận, mời người xem xét lại, theo hạn."),
        Group.FILES,
        club(Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY),
        beneath=("appeals.manage",),
    ),
    Entry("memberships.index", _l("Hội viên"), _l("Đơn vị khai là hội viên, chờ xác nhận."), Group.PEOPLE, OFFICE),
    Entry(
        "members.office",
        _l("Danh sách hội viên và đối tác"),
        _l("Ai đứng trong danh sách công khai, loại hội viên, trang web."),
        Group.PEOPLE,
        club(Role.COORDINATOR, Role.ADMIN),
        beneath=("members.new", "members.add", "members.edit", "members.save"),
    ),
    Entry(
        "people.registers",
        _l("Bản kê lợi ích"),
        _l("Lợi ích từng người đã khai."),
        Group.PEOPLE,
        club(Role.COORDINATOR, Role.IMPARTIALITY),
        beneath=("people.interests", "people.new_report", "people.report_interest"),
    ),
    Entry(
        "competences.index",
        _l("Năng lực"),
        _l("Ai được đánh giá loại sản phẩm và nhóm tiêu chí nào, đến khi nào."),
        Group.PEOPLE,
        club(*READERS),
    ),
    Entry(
        "impartiality.index",
        _l("Bảo đảm khách quan"),
        _l("Số liệu, sổ lợi ích liên quan, rủi ro và cuộc họp."),
        Group.PEOPLE,
        club(Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY),
        top=True,
    ),
    Entry(
        "triage.index",
        _l("Phản ánh nhận được"),
        _l("Điều người dùng thấy không ổn ở sản phẩm; trẻ gặp nguy hiểm ở trên."),
        Group.OVERSIGHT,
        club(Role.COORDINATOR, Role.AUDITOR),
        beneath=("triage.show", "triage.opened", "triage.sheet"),
    ),
    Entry(
        "triage.second",
        _l("Mở cách liên hệ"),
        _l("Người phản ánh để lại cách liên hệ: cần người thứ hai đồng ý."),
        Group.OVERSIGHT,
        club(Role.COORDINATOR, Role.IMPARTIALITY),
    ),
    Entry(
        "misuse.index",
        _l("Báo dùng sai giấy và dấu"),
        _l("Những nơi có người thấy dấu giả, dấu hết giá trị."),
        Group.OVERSIGHT,
        OFFICE,
    ),
    Entry(
        "complaints.index",
        _l("Khiếu nại về Câu lạc bộ"),
        _l("Do ban bảo đảm khách quan xử lý, không qua điều phối viên."),
        Group.OVERSIGHT,
        reads,
        top=True,
    ),
    Entry(
        "people.index",
        _l("Người của Câu lạc bộ"),
        _l("Vai trò, lời mời, khóa tài khoản."),
        Group.PEOPLE,
        club(Role.ADMIN),
        top=True,
        beneath=("people.show", "people.invite", "people.send_invitation", "people.save_roles"),
    ),
    Entry(
        "reliability.index",
        _l("Độ thống nhất"),
        _l("Người đánh giá chấm giống nhau đến đâu."),
        Group.OVERSIGHT,
        club(Role.COORDINATOR, Role.IMPARTIALITY, Role.AUDITOR),
    ),
    Entry(
        "workload.index",
        _l("Khối lượng và thời gian"),
        _l("Ai chấm bao nhiêu, mỗi bước mất bao lâu."),
        Group.OVERSIGHT,
        club(Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY),
    ),
    Entry(
        "transparency.reports.index",
        _l("Báo cáo tình hình hằng năm"),
        _l("Lời nói đầu của Câu lạc bộ, số liệu của năm, công bố."),
        Group.OVERSIGHT,
        OFFICE,
        beneath=("transparency.reports.edit", "transparency.reports.save"),
    ),
    Entry(
        "identities.index",
        _l("Tên và thông tin Câu lạc bộ"),
        _l("Tên, liên hệ, từ công khai, biểu tượng, tổ chức cấp; từ ngày nào."),
        Group.PEOPLE,
        club(Role.ADMIN),
        beneath=(
            *("identities.new", "identities.preview", "identities.add"),
            *("identities.issuing_body", "identities.take_over"),
        ),
    ),
    Entry(
        "accounts.account",
        _l("Tài khoản của tôi"),
        _l("Mật khẩu, ngôn ngữ, phiên đăng nhập, bản kê của bạn."),
        Group.ACCOUNT,
        everybody,
    ),
)
