"""Why a certificate changes, and what has to be said about it: in both languages, with days that make sense."""

import calendar
from dataclasses import dataclass
from datetime import date

from assessments.clock import today
from assessments.errors import N_, Invalid
from assessments.models import Certificate
from assessments.reductions import Reduction
from criteria import store


@dataclass(frozen=True)
class Change:
    """Why a certificate changes, in both languages; a suspension also says what restores it and by when, and a
    reduction what remains."""

    reason_vi: str
    reason_en: str
    condition_vi: str = ""
    condition_en: str = ""
    restore_by: date | None = None
    reduction: Reduction | None = None


def check(change: Change) -> None:
    """Refuse (Invalid) a change whose reason is missing in one language."""
    if not (change.reason_vi.strip() and change.reason_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))


def check_suspension(certificate: Certificate, change: Change) -> None:
    """Refuse (Invalid) a suspension that does not say what restores it, or by a day beyond the edition's longest."""
    if not (change.condition_vi.strip() and change.condition_en.strip()) or change.restore_by is None:
        raise Invalid(N_("Ghi điều kiện khôi phục bằng tiếng Việt và tiếng Anh, và hạn khôi phục."))
    longest = months_after(today(), store.load(certificate.edition_id).periods.suspension_max_months)
    if not today() < change.restore_by <= longest:
        raise Invalid(N_("Hạn khôi phục phải sau hôm nay và muộn nhất là %(day)s."), day=longest.strftime("%d/%m/%Y"))


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
