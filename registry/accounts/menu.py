"""The menu of the workspace: what a person's roles and company lead to, the most pressing first."""

from flask_babel import gettext as _
from flask_babel import pgettext

from assessments.people import Actor, Role
from assessments.queries.complaints import reads

Item = tuple[str, str]


def workspace_nav(person: Actor | None) -> list[Item]:
    """Endpoints with their labels; nothing for visitors."""
    if person is None:
        return []
    items = _company(person) + _reviewing(person) + _office(person)
    return [*items, ("accounts.account", _("Tài khoản của tôi"))]


def _company(person: Actor) -> list[Item]:
    if person.memberships:
        return [
            ("applications.index", pgettext("menu", "Hồ sơ")),
            ("evidence.index", _("Kho bằng chứng")),
            ("appeals.index", pgettext("menu", "Yêu cầu xem xét lại")),
            ("company.show", _("Đơn vị của tôi")),
        ]
    return [] if person.roles else [("company.new", _("Đăng ký đơn vị"))]


def _reviewing(person: Actor) -> list[Item]:
    offered = {
        Role.REVIEWER: ("reviews.index", _("Việc đánh giá")),
        Role.DECIDER: ("decisions.index", _("Việc quyết định")),
    }
    return [item for role, item in offered.items() if role in person.roles]


def _office(person: Actor) -> list[Item]:
    items: list[Item] = []
    if Role.COORDINATOR in person.roles:
        items += [
            ("intake.index", _("Kiểm tra hồ sơ mới nộp")),
            ("assignments.index", _("Phân công")),
            ("rounds.index", _("Đợt tiếp nhận")),
            ("memberships.index", _("Hội viên")),
        ]
    if person.roles & {Role.COORDINATOR, Role.DECIDER, Role.AUDITOR}:
        items.append(("certificates.index", pgettext("menu", "Giấy đã cấp")))
    if person.roles & {Role.COORDINATOR, Role.IMPARTIALITY}:
        items.append(("people.registers", _("Bản kê lợi ích")))
    items += _recourse(person)
    if Role.ADMIN in person.roles:
        items.append(("people.index", _("Người của Câu lạc bộ")))
    return items


def _recourse(person: Actor) -> list[Item]:
    items: list[Item] = []
    if person.roles & {Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY}:
        items.append(("appeals.office", pgettext("menu", "Xem xét lại")))
    if person.roles & {Role.DECIDER, Role.AUDITOR, Role.IMPARTIALITY, Role.REVIEWER}:
        items.append(("appeals.hearings", _("Việc xem xét lại của tôi")))
    if reads(person):
        items.append(("complaints.index", _("Khiếu nại về Câu lạc bộ")))
    return items
