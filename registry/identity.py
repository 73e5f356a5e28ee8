"""Who the club is on a day: what every page, letter and document says of it, from the dated rows or the settings.

The rows are few and read on every page, so that a process keeps them for some seconds; who sets one forgets them.
"""

import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

from flask import Flask, current_app
from flask_babel import get_locale
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from assessments.clock import today
from assessments.models import Identity
from assessments.queries import identities
from registry import db
from registry.config import Settings
from registry.revisions import WrongRevision

KEPT = "identities"
SECONDS = 1.0  # so late other processes follow
Kept = tuple[float, list[Identity]]  # when they were read, and the rows
_turn = Lock()
LOGOS = ("leaves", "shield", "hands")  # symbols of templates/components/logos.html


@dataclass(frozen=True)
class Club:
    """The club as it stands on a day, in one language."""

    name: str
    short_name: str
    site_name: str
    wording: str
    logo: str
    email: str
    phone: str
    address: str
    website: str
    funding: str


def init_app(app: Flask) -> None:
    """Read the rows once when a server, a worker or a command starts; a database that is not there yet has none."""
    engine: Engine = app.extensions["engine"]
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return
    with app.app_context():
        _kept()
    engine.dispose()  # no connection of this look may be shared with processes forked later


def on(day: date | None = None, language: str = "") -> Club:
    """The club of a legal day (today), in a language (the one that is spoken now)."""
    return told(row_of(day or today()), language or _spoken())


def told(row: Identity, language: str) -> Club:
    """What a row says in a language."""
    english = language == "en"
    return Club(
        name=row.name_en if english else row.name_vi,
        short_name=row.short_name,
        site_name=row.site_name_en if english else row.site_name_vi,
        wording=row.wording,
        logo=row.logo if row.logo in LOGOS else LOGOS[0],
        email=row.email,
        phone=row.phone,
        address=row.address_en if english else row.address_vi,
        website=row.website,
        funding=row.funding_en if english else row.funding_vi,
    )


def row_of(day: date) -> Identity:
    """The identity of a legal day; before the first that was set, the settings of the site."""
    standing = [one for one in _kept() if one.starts_on <= day]
    return standing[-1] if standing else of_settings(current_app.config["SETTINGS"])


@lru_cache(maxsize=4)
def of_settings(settings: Settings) -> Identity:
    """What the settings of the site say of the club; a page asks a dozen times, and an entity takes its time."""
    return Identity(
        starts_on=date.min,
        name_vi=settings.issuer_vi,
        name_en=settings.issuer_en,
        short_name="VCSC",
        site_name_vi=settings.site_name_vi,
        site_name_en=settings.site_name_en,
        wording=settings.wording,
        logo=LOGOS[0],
        email=settings.office_email,
    )


def forget(app: Flask | None = None) -> None:
    """Read the rows anew at the next question: one was set in this process."""
    (app or current_app).extensions.pop(KEPT, None)


def _kept() -> list[Identity]:
    """The rows as they were read last. One request reads them for all that ask meanwhile.

    Each request that asks holds a connection and would wait for a second one: as many as there are connections, all at
    once when the second is over, would wait for each other.
    """
    kept: Kept | None = current_app.extensions.get(KEPT)
    if kept is not None and time.monotonic() - kept[0] <= SECONDS:
        return kept[1]
    if not _turn.acquire(blocking=kept is None):
        return kept[1] if kept else []
    try:
        kept = (time.monotonic(), _read(kept[1] if kept else []))
        current_app.extensions[KEPT] = kept
        return kept[1]
    finally:
        _turn.release()


def _read(before: list[Identity]) -> list[Identity]:
    """Every row, oldest first; a site without a database, or with one of another version, has what it had before."""
    if "engine" not in current_app.extensions:
        return []
    try:
        with db.reading() as session:
            found = identities.everything(session)
            session.expunge_all()
            return found
    except (SQLAlchemyError, WrongRevision):
        return before


def _spoken() -> str:
    locale = get_locale()
    return locale.language if locale else "vi"
