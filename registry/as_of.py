"""A day gone by, as it is asked for in an address (`?as_of=`), and what is wrong with one that cannot be answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from assessments.clock import today
from registry.templating import day as written

NAME = "as_of"
LONGEST = 40
_OTHER = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True)
class AsOf:
    """What was typed, the day it means, and why it has no answer ("" when it has one)."""

    typed: str
    day: date | None = None
    fault: str = ""

    @property
    def asked(self) -> date:
        """The day, where there is nothing wrong with it."""
        if self.day is None or self.fault:
            raise LookupError(self.typed)
        return self.day


def read(arguments: Mapping[str, str], beginning: date | None) -> AsOf | None:
    """The day that an address asks for; None when it asks for none. `beginning` is the first day of the register."""
    typed = arguments.get(NAME, "").replace("\0", "").strip()[:LONGEST]
    if not typed:
        return None
    found = day_of(typed)
    if found is None:
        return AsOf(
            typed, fault=_("“%(typed)s” không phải là một ngày. Gõ như 31/05/2026 hoặc 2026-05-31.", typed=typed)
        )
    if found > today():
        return AsOf(typed, found, _("Ngày %(day)s chưa đến. Chọn hôm nay hoặc một ngày đã qua.", day=written(found)))
    if beginning is None:
        return AsOf(typed, found, _("Sổ chưa có giấy nào, nên chưa có ngày nào để xem lại."))
    if found < beginning:
        return AsOf(
            typed,
            found,
            _(
                "Sổ bắt đầu từ ngày %(first)s. Ngày %(day)s chưa có giấy nào được cấp.",
                first=written(beginning),
                day=written(found),
            ),
        )
    return AsOf(typed, found)


def unreadable(typed: str) -> str:
    """What is said of something that is no day."""
    return str(_("“%(typed)s” không phải là một ngày. Gõ như 31/05/2026 hoặc 2026-05-31.", typed=typed))


def day_of(typed: str) -> date | None:
    """A day written 2026-05-31 or 31/05/2026; None for anything else."""
    other = _OTHER.fullmatch(typed)
    text = f"{other[3]}-{other[2]:0>2}-{other[1]:0>2}" if other else typed
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None
