"""How often an address may ask: counted in the memory of each process, because reading must not write.

Forms are counted in the database (registry/accounts/attempts.py), where each try matters. Here a limit only keeps one
reader from taking the place of the others; caches in front answer most of them, and are not counted.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app, request

from assessments.clock import now
from assessments.errors import N_, TooMany
from registry.accounts.attempts import network
from registry.copied import is_copied

WINDOW = timedelta(minutes=1)
MOST_ADDRESSES = 10_000  # remembered; the one that has asked least lately is forgotten first
TOO_MANY = N_("Hỏi quá nhiều lần.")

Windows = OrderedDict[str, tuple[datetime, int]]
_lock = Lock()


def take() -> None:
    """Count one request of this address; refuses (TooMany) when its minute is full. A limit of 0 is none."""
    most: int = current_app.config["SETTINGS"].api_per_minute
    if not most or is_copied():
        return
    moment, address = now(), network(request.remote_addr or "")
    with _lock:
        begun, count = _counted(address, moment)
    if count > most:
        raise TooMany(TOO_MANY, begun + WINDOW)


def _counted(address: str, moment: datetime) -> tuple[datetime, int]:
    """When the window of an address began, and how many requests there were with this one."""
    windows: Windows = current_app.extensions.setdefault("api windows", OrderedDict())
    begun, count = windows.pop(address, (moment, 0))
    if moment >= begun + WINDOW or moment < begun:
        begun, count = moment, 0
    windows[address] = (begun, count + 1)
    while len(windows) > MOST_ADDRESSES:
        windows.popitem(last=False)
    return windows[address]
