"""What the addresses of each route are filled in with: every product, certificate, entry, file and so on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlmodel import Session

from assessments.clock import today
from assessments.merkle import WIDTH
from assessments.queries import copies, credentials, editions, log, situation_reports, transparency
from assessments.queries import sitemaps as mapped
from criteria.model import Edition
from registry import articles
from registry.badges.drawing import THEMES
from registry.data import files, package
from registry.data.sets import DATASETS
from registry.log import tiles
from registry.sitemaps import pages


@dataclass(frozen=True)
class Place:
    """One address of a route: its values, its query, its own place in the copy if it has one, and how long it holds."""

    values: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    address: str = ""
    ends: date | None = None
    product: str = ""


def once(_session: Session) -> Iterator[Place]:
    """A page of which there is one."""
    yield Place()


def products(session: Session) -> Iterator[Place]:
    """Every product of the catalogue."""
    for one in copies.products(session, today()):
        yield Place({"slug": one.name}, ends=one.ends, product=one.product_id.hex)


def certificates(session: Session) -> Iterator[Place]:
    """Every certificate the public may know of."""
    for one in copies.certificates(session, today()):
        yield Place({"number": one.name}, ends=one.ends, product=one.product_id.hex)


def badges(session: Session) -> Iterator[Place]:
    """The usual picture of each, and one for each theme: `/c/N.svg?theme=dark` is `/badges/N.dark.svg` in the copy."""
    for one in certificates(session):
        yield one
        for theme in THEMES[1:]:
            named = f"/badges/{one.values['number']}.{theme}.svg"
            yield Place(one.values, f"theme={theme}", named, one.ends, one.product)


def logged_certificates(session: Session) -> Iterator[Place]:
    """Every certificate; one whose entry is not signed yet has no proof, and is left out when it is asked for."""
    return certificates(session)


def vendors(session: Session) -> Iterator[Place]:
    """Every company with published products."""
    for slug, _changed in mapped.vendors(session, today()):
        yield Place({"slug": slug})


def editions_by_id(session: Session) -> Iterator[Place]:
    """Every edition that was ever published."""
    for one in _editions(session):
        yield Place({"edition_id": one.id})


def criteria(session: Session) -> Iterator[Place]:
    """Every criterion of every edition."""
    for edition in _editions(session):
        for one in edition.criteria:
            yield Place({"edition_id": edition.id, "code": one.code})


def criteria_of_api(session: Session) -> Iterator[Place]:
    """The same as the API names them."""
    for edition in _editions(session):
        for one in edition.criteria:
            yield Place({"edition": edition.id, "code": one.code})


def editions_of_api(session: Session) -> Iterator[Place]:
    """Editions as the API names them."""
    for one in _editions(session):
        yield Place({"edition": one.id})


def guides(session: Session) -> Iterator[Place]:
    """Every guide that is public now."""
    for one in articles.listed(session, "vi"):
        yield Place({"slug": one.slug})


def status_lists(session: Session) -> Iterator[Place]:
    """Every status list."""
    for one in credentials.lists(session):
        yield Place({"name": one.name})


def log_entries(session: Session) -> Iterator[Place]:
    """Every entry of the log as far as it is signed."""
    for index in range(log.head(session).signed_size):
        yield Place({"index": index})


def log_tiles(session: Session) -> Iterator[Place]:
    """Every full tile and bundle, and the partial ones of the checkpoint signed last."""
    size = log.head(session).signed_size
    for level in (tiles.ENTRIES, *range(8)):
        count = size >> 8 * (0 if level == tiles.ENTRIES else int(level))
        for number in range(count // WIDTH):
            yield Place({"level": str(level), "address": tiles.address(number)})
        if count % WIDTH:
            address = f"{tiles.address(count // WIDTH)}.p/{count % WIDTH}"
            yield Place({"level": str(level), "address": address})


def data_files(_session: Session) -> Iterator[Place]:
    """The files of open data; before the worker has made any there are none."""
    found = files.listed()
    for name in sorted(found.files) if found else ():
        stem, _dot, kind = name.rpartition(".")
        if kind in package.MEDIA_TYPES:
            yield Place({"name": stem, "kind": kind})


def datasets(_session: Session) -> Iterator[Place]:
    """The sets of open data."""
    for one in DATASETS:
        yield Place({"name": one.name})


def sitemap_parts(session: Session) -> Iterator[Place]:
    """The parts of the site map."""
    yield Place({"name": "pages"})
    for number in range(1, pages.parts(session) + 1):
        yield Place({"name": f"products-{number}"})


def report_years(session: Session) -> Iterator[Place]:
    """The years with a report."""
    for year in sorted({one.year for one in situation_reports.published(session)}):
        yield Place({"year": year})


def figure_years(session: Session) -> Iterator[Place]:
    """The years with figures."""
    for year in sorted(transparency.everything(session)):
        yield Place({"year": year})


def static_files(_session: Session) -> Iterator[Place]:
    """Every static file."""
    folder = Path(current_app.static_folder or "")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield Place({"filename": path.relative_to(folder).as_posix()})


def _editions(session: Session) -> list[Edition]:
    return editions.public(editions.publications(session))
