"""What a browser says of itself, in the two words a person recognises it by."""

import re

from flask import request
from flask_babel import gettext as _

from registry.accounts.sessions import Seat

# The first that matches counts: nearly every browser also claims to be the ones below it.
_BROWSERS = (
    ("Coc Coc", r"coc_coc_browser"),
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser"),
    ("Zalo", r"\bZalo\b"),
    ("Firefox", r"Firefox|FxiOS"),
    ("Chrome", r"Chrome|CriOS|Chromium"),
    ("Safari", r"Safari"),
)
_SYSTEMS = (
    ("Windows", r"Windows"),
    ("Android", r"Android"),
    ("iPadOS", r"iPad"),
    ("iOS", r"iPhone"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def here() -> Seat:
    """Where this request comes from."""
    return Seat(request.remote_addr or "", str(request.user_agent))


def in_words(user_agent: str) -> str:
    """ "Firefox trên Windows"; a browser nobody knows is said to be just that."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return str(_("%(browser)s trên %(system)s", browser=browser, system=system))
    return browser or system or str(_("Trình duyệt không rõ"))


def _first(named: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in named if re.search(pattern, text)), "")
