"""What a badge says in three lines, and in one sentence to whoever has it read out."""

from flask_babel import gettext as _

from assessments.states import CertificateStatus
from registry.badges.status import Badge
from registry.i18n import lang, words
from registry.templating import day
from registry.templating import sentence as capital


def lines(badge: Badge, *, demonstration: bool) -> tuple[str, str, str]:
    """The three lines in the language of what is written now."""
    small = badge.number
    if demonstration:
        small = str(_("%(number)s · dữ liệu trình diễn", number=badge.number))
    elif badge.reconstruction:
        small = str(_("%(number)s · bộ tiêu chí dựng tạm", number=badge.number))
    if badge.status is None:
        return str(_("Không có giấy mang số này")), str(_("Dấu này có thể là giả.")), badge.number
    if badge.status is CertificateStatus.ACTIVE:
        level = badge.level_en if lang() == "en" else badge.level_vi
        first = str(_("VCSC · Mức %(rank)s – %(name)s", rank=badge.rank, name=level))
        return first, str(_("Còn hiệu lực đến hết ngày %(day)s", day=day(badge.until))), small
    return _ended(badge)[0], _ended(badge)[1], small


def sentence(badge: Badge, *, demonstration: bool) -> str:
    """What the picture is, for those who do not see it."""
    first, second, small = lines(badge, demonstration=demonstration)
    mark = capital(words()["mark"])
    return str(_("%(mark)s: %(first)s. %(second)s. %(small)s", mark=mark, first=first, second=second, small=small))


def _ended(badge: Badge) -> tuple[str, str]:
    since = day(badge.since)
    told = {
        CertificateStatus.SUSPENDED: (_("Tạm đình chỉ"), _("Từ %(day)s, dấu không có giá trị", day=since)),
        CertificateStatus.WITHDRAWN: (_("Đã thu hồi"), _("Từ %(day)s, dấu không còn giá trị", day=since)),
        CertificateStatus.TERMINATED: (_("Đã chấm dứt"), _("Từ %(day)s, dấu không còn giá trị", day=since)),
        CertificateStatus.SUPERSEDED: (_("Đã thay bằng giấy mới"), _("Từ %(day)s, xem giấy mới", day=since)),
        CertificateStatus.EXPIRED: (_("Hết hạn"), _("Sau ngày %(day)s, dấu không còn giá trị", day=day(badge.until))),
    }
    first, second = told[badge.status or CertificateStatus.EXPIRED]
    return str(first), str(second)
