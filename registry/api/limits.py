"""How often an address may ask: counted in memory, and by several processes together, without a write for each request.

Forms are counted in the database (registry/accounts/attempts.py), where each try matters. Here a limit only keeps one
reader from taking the place of the others; caches in front answer most of them, and are not counted.

A process lets an address ask a tenth of the limit by itself. Whoever asks more takes further tenths from a row that
every process on the same PostgreSQL counts in: so few readers cause a write, and those one for many requests. On SQLite
each process counts for itself, because its writers wait for each other.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from assessments.clock import now
from assessments.errors import N_, TooMany
from registry import db
from registry.accounts import attempts
from registry.copied import is_copied

WINDOW = timedelta(minutes=1)
MOST_ADDRESSES = 10_000  # remembered; the one that has asked least lately is forgotten first
TENTH = 10
TOO_MANY = N_("Hỏi quá nhiều lần.")


@dataclass
class Window:
    """A minute of one address in this process."""

    until: datetime
    allowed: int  # requests that this process may answer in it
    full: bool  # nothing more can be had
    asked: int = 0
    told: int = 0  # of those allowed, how many the other processes know of

    @property
    def is_short(self) -> bool:
        """Whether more has to be had before another request is answered."""
        return self.asked > self.allowed and not self.full


Windows = OrderedDict[str, Window]
_lock = Lock()


def take() -> None:
    """Count one request of this address; refuses (TooMany) when its minute is full. A limit of 0 is none."""
    most: int = current_app.config["SETTINGS"].api_per_minute
    if not most or is_copied():
        return
    address, part = attempts.network(request.remote_addr or ""), max(1, most // TENTH)
    with _lock:
        window = _window(address, most, part)
        window.asked += 1
        wanted = 0
        if window.is_short:
            wanted = window.allowed + part - window.told
            window.allowed, window.told = window.allowed + part, window.told + wanted
    if wanted:
        _ask_for(window, address, wanted, most)
    if window.asked > window.allowed:
        raise TooMany(TOO_MANY, window.until)


def _ask_for(window: Window, address: str, wanted: int, most: int) -> None:
    """Take so many more from what all processes may answer; without a database this process counts for itself."""
    try:
        with db.writing() as session:
            count, until = attempts.count_on(session, attempts.Purpose.API, address, wanted, WINDOW)
    except SQLAlchemyError:
        count, until = window.allowed, window.until
    with _lock:
        over = max(0, count - most)
        window.allowed, window.full = window.allowed - min(over, wanted), over > 0
        window.until = min(until, now() + WINDOW)  # the clock of another machine may be ahead


def _window(address: str, most: int, part: int) -> Window:
    """The running minute of an address, or a new one."""
    windows: Windows = current_app.extensions.setdefault("api windows", OrderedDict())
    moment, window = now(), windows.pop(address, None)
    if window is None or not window.until - WINDOW <= moment < window.until:
        alone = db.engine().dialect.name == "sqlite"
        window = Window(moment + WINDOW, most if alone else part, full=alone)
    windows[address] = window
    while len(windows) > MOST_ADDRESSES:
        windows.popitem(last=False)
    return window
