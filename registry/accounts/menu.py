"""The menu of the workspace: what a person's roles and company lead to, the most pressing first."""

from flask_babel import gettext as _
from flask_babel import pgettext

from assessments.competences import READERS
from assessments.people import Actor, Role

Item = tuple[str, str]


def workspace_nav(person: Actor | None) -> list[Item]:
    """Endpoints with their labels; nothing for visitors."""
    if person is None:
        return []
    items = _company(person) + _reviewing(person) + _office(person) + _learning(person)
    return [*items, ("accounts.account", _("Tài khoản của tôi"))]


def _company(person: Actor) -> list[Item]:
    if person.memberships:
        return [
            ("applications.index", pgettext("menu", "Hồ sơ")),
            ("evidence.index", _("Kho bằng chứng")),
            ("company.show", _("Đơn vị của tôi")),
        ]
    return [] if person.roles else [("company.new", _("Đăng ký đơn vị"))]


def _reviewing(person: Actor) -> list[Item]:
    offered = {
        Role.REVIEWER: ("reviews.index", _("Việc đánh giá")),
        Role.DECIDER: ("decisions.index", _("Việc quyết định")),
    }
    items = [item for role, item in offered.items() if role in person.roles]
    return [*items, ("competences.own", _("Năng lực của tôi"))] if items else []


def _learning(person: Actor) -> list[Item]:
    """Calibration, and how far reviewers agree."""
    items: list[Item] = []
    if person.roles & {Role.REVIEWER, Role.COORDINATOR}:
        items.append(("calibrations.index", _("Chấm thử")))
    if person.roles & {Role.COORDINATOR, Role.IMPARTIALITY, Role.AUDITOR}:
        items.append(("reliability.index", _("Độ thống nhất")))
    return items


def _office(person: Actor) -> list[Item]:
    items: list[Item] = []
    if Role.COORDINATOR in person.roles:
        items += [
            ("intake.index", _("Kiểm tra hồ sơ mới nộp")),
            ("assignments.index", _("Phân công")),
            ("rounds.index", _("Đợt tiếp nhận")),
            ("memberships.index", _("Hội viên")),
            ("laboratories.office", _("Phòng thử nghiệm")),
        ]
    if person.roles & {Role.COORDINATOR, Role.DECIDER, Role.AUDITOR}:
        items.append(("certificates.index", pgettext("menu", "Giấy đã cấp")))
    if person.roles & set(READERS):
        items.append(("competences.index", _("Năng lực")))
    if person.roles & {Role.COORDINATOR, Role.IMPARTIALITY}:
        items.append(("people.registers", _("Bản kê lợi ích")))
    if person.roles & {Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY}:
        items.append(("impartiality.index", _("Bảo đảm khách quan")))
    if Role.ADMIN in person.roles:
        items.append(("people.index", _("Người của Câu lạc bộ")))
    return items
