"""How long it is until a moment: written by the server, refreshed by a script where one runs (static/countdown.js)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.clock import now

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Countdown:
    """A moment that lies ahead or behind, and the moment it was looked at by the server's clock."""

    until: datetime
    now: datetime

    @property
    def over(self) -> bool:
        """Whether the moment has come: at the very second it has."""
        return self.until <= self.now

    @property
    def left(self) -> str:
        """The time left in the two largest units, cut and never rounded up: nobody is promised a minute too much."""
        left = self.until - self.now
        if left < MINUTE:
            return str(_("chưa đến 1 phút"))
        days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
        parts = [_days(days), _hours(hours)] if days else [_hours(hours), _minutes(minutes)]
        return " ".join(part for part in parts if part)


def init_app(app: Flask) -> None:
    """What the templates ask."""
    app.add_template_filter(countdown)


def countdown(until: datetime) -> Countdown:
    """How long it is until a moment, seen now."""
    return Countdown(until, now())


def _days(number: int) -> str:
    return ngettext("%(num)d ngày", "%(num)d ngày", number) if number else ""


def _hours(number: int) -> str:
    return ngettext("%(num)d giờ", "%(num)d giờ", number) if number else ""


def _minutes(number: int) -> str:
    return ngettext("%(num)d phút", "%(num)d phút", number) if number else ""
