"""The time the procedure goes by: aware UTC for moments, Asia/Ho_Chi_Minh for legal days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pinned.get() or datetime.now(UTC)


def today() -> date:
    """The legal day: the calendar day in Viet Nam."""
    return legal_day(now())


def legal_day(moment: datetime) -> date:
    """The calendar day in Viet Nam at an aware moment."""
    return moment.astimezone(VIETNAM).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a legal day, in UTC: deadlines run "to the end of the day"."""
    return datetime.combine(day, time.max, VIETNAM).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first moment of a legal day, in UTC: announcements are made "on" a day."""
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)


def deadline(days: int) -> datetime:
    """The end of the legal day that lies `days` calendar days ahead."""
    return end_of_day(today() + timedelta(days=days))


def working_days(days: int) -> datetime:
    """The end of the legal day that lies `days` working days (Monday to Friday) ahead."""
    day = today()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return end_of_day(day)


def is_held() -> bool:
    """Whether the clock is held at a moment, by `at`."""
    return _pinned.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at one moment: for whatever must be judged at a single one, the demonstration's past, tests."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)
