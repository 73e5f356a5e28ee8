"""One run: every public address is asked for, what has changed is written, and the new copy replaces the old."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from flask import Flask

from assessments.clock import now, today
from assessments.queries import copies
from registry import db
from registry.copies import basis, extras, plan
from registry.copies.buckets import Bucket
from registry.copies.folders import Folder
from registry.copies.manifest import Kept, Manifest
from registry.copies.plan import Target
from registry.copies.rendering import Page, Renderer, name_of, relinked

SLACK = timedelta(hours=1)  # a transaction that was written then may have been committed after the last run looked
TRIES = 3  # runs at once while the catalogue changes under them


class PlaceOfCopy(Protocol):
    """Where a copy lies: a folder or a bucket."""

    def alone(self) -> Any:
        """A block that keeps other runs out."""

    def manifest(self) -> Manifest:
        """What lies there now."""

    def begin(self) -> None:
        """Begin a new release."""

    def write(self, name: str, body: bytes, media_type: str) -> None:
        """Write one of its files."""

    def finish(self, manifest: Manifest, written: set[str], gone: set[str], moment: datetime) -> None:
        """Let it take the place of the one before."""


@dataclass(frozen=True)
class Done:
    """What a run did."""

    files: int
    asked: int
    written: int
    removed: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Whether there is another copy than before."""
        return bool(self.written or self.removed)


@dataclass
class Run:
    """One run under way."""

    renderer: Renderer
    place: PlaceOfCopy
    before: Manifest
    basis: dict[str, Any]
    days: int
    sure: date | None  # the last day before the calendar changes the catalogue
    follows: bool  # the database is the one that was copied last, as far as it was then or further
    changed: set[UUID] | None  # products written since the last run; None: all of them may have been
    files: dict[str, Kept] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    asked: int = 0

    # --- how long a page holds ---

    def until(self, target: Target) -> date:
        """The last day a page names: some days ahead, but none on which the calendar makes it wrong."""
        ends = target.ends if target.product else self.sure if target.rule.last or target.endpoint in LISTS else None
        last = self._day + timedelta(days=self.days)
        return min(last, ends) if ends is not None and ends >= self._day else last

    def still_holds(self, kept: Kept, target: Target) -> bool:
        """Whether the stamp that a page has is good for half of the days, or for as long as a new one would be."""
        half = self._day + timedelta(days=-(-self.days // 2))
        return not kept.until or kept.until >= min(half, self.until(target)).isoformat()

    @property
    def _day(self) -> date:
        return date.fromisoformat(self.basis["day"])

    # --- one address ---

    def take(self, target: Target) -> None:
        """Take one address into the copy, with all pages of a long list."""
        if not target.rule.paged:
            self._take_one(target)
            return
        addresses: dict[str, str] = {}
        path, query, number = target.path, "", 1
        while (page := self._ask(path, query)) is not None:
            following = "" if page.next in addresses else page.next
            if following:
                addresses[following] = f"{path}/pages/{number + 1}"
                addresses[_other(following)] = f"{_other(path)}/pages/{number + 1}"
            own = path if number == 1 else f"{path}/pages/{number}"
            taken = Target(path, query, own, target.endpoint, language=target.language, rule=target.rule)
            self.put(taken, relinked(page, addresses))
            if not following:
                return
            query, number = following.partition("?")[2], number + 1

    def _take_one(self, target: Target) -> None:
        for name in self._known(target):
            self.files[name] = self.before.files[name]
            return
        page = self._ask(target.path, target.query)
        if page is not None:
            self.put(target, page)

    def _known(self, target: Target) -> Iterator[str]:
        """The file of an address that need not be asked for: what lasts, and products that nobody wrote anything of."""
        unchanged = target.product and self.changed is not None and UUID(target.product) not in self.changed
        if not self.follows or not (target.rule.lasting or unchanged):
            return
        for media_type in ("text/html", "application/json", ""):
            name = name_of(target.place, media_type)
            kept = self.before.files.get(name)
            if kept is None:
                continue
            if kept.until and (
                self.before.basis.get("rest") != self.basis["rest"] or not self.still_holds(kept, target)
            ):
                return
            yield name

    def _ask(self, path: str, query: str) -> Page | None:
        self.asked += 1
        return self.renderer.ask(path, query)

    def put(self, target: Target, page: Page) -> None:
        """Put one page into the copy: as it lies there already where nothing but the moment is another one."""
        name, source = name_of(target.place, page.media_type), self.renderer.source(page)
        kept = self.before.files.get(name)
        if kept is not None and kept.source == source and self.still_holds(kept, target):
            self.files[name] = kept
            return
        until = self.until(target)
        self.place.write(name, self.renderer.stamped(page, target.language, until), page.media_type)
        self.files[name] = Kept(source, page.media_type, until.isoformat() if page.is_html else "")
        self.written.add(name)


LISTS = {"vendors.show"}


def _other(address: str) -> str:
    """The same address in the other language."""
    return address.removeprefix("/en") if address.startswith("/en/") else f"/en{address}"


def publish(app: Flask, place: PlaceOfCopy, *, everything: bool = False) -> Done:
    """Bring a copy up to date; `everything` asks for every page, whatever is known of it. Returns what was done.

    Refuses (PublishFailed) where the application answers a public address with a failure; the old copy stays then.
    """
    with place.alone():
        for _try in range(TRIES):
            done = _run(app, place, everything=everything)
            if not _has_moved(place):
                break
        return done


def _has_moved(place: PlaceOfCopy) -> bool:
    """Whether something was written in the catalogue or the log while it was copied."""
    copied = place.manifest().basis
    with db.reading() as session:
        standing = basis.basis_of(session)
    return any(copied.get(name) != standing[name] for name in ("revision", "log"))


def _run(app: Flask, place: PlaceOfCopy, *, everything: bool) -> Done:
    begun, before = time.monotonic(), place.manifest()
    run = _begin(app, place, Manifest(before.basis, before.files), everything=everything)
    place.begin()
    for target in plan.targets():
        run.take(target)
    for target, page in extras.pages(run.renderer):
        run.put(target, page)
    gone = before.files.keys() - run.files.keys()
    manifest = Manifest(run.basis, run.files)
    if run.written or gone or before.basis != run.basis:
        place.finish(manifest, run.written, gone, run.renderer.moment)
    return Done(len(run.files), run.asked, len(run.written), len(gone), time.monotonic() - begun)


def _begin(app: Flask, place: PlaceOfCopy, before: Manifest, *, everything: bool) -> Run:
    moment = now().replace(microsecond=0)
    with db.reading() as session:
        measure = {**basis.basis_of(session), "at": moment.astimezone(UTC).isoformat()}
        follows = not everything and _follows(before.basis, measure)
        same = follows and all(before.basis.get(name) == measure[name] for name in ("day", "rest"))
        since = datetime.fromisoformat(before.basis["at"]) - SLACK if same else moment
        changed = copies.changed_since(session, before.basis["revision"], since) if same else None
        sure = copies.last_sure_day(session, today())
    if all(before.basis.get(name) == value for name, value in measure.items() if name != "at"):
        measure["at"] = before.basis["at"]  # nothing that is measured has changed: an equal copy is the same copy
    days = app.config["SETTINGS"].publish_days
    return Run(Renderer(app, moment), place, before, measure, days, sure, follows, changed)


def _follows(before: dict[str, Any], measure: dict[str, Any]) -> bool:
    """Whether what was copied is the beginning of what is there: not after a restore, nor from another database."""
    further = all(before.get(name, measure[name] + 1) <= measure[name] for name in ("revision", "log"))
    return further and before.get("keys") == measure["keys"]


def place_of(where: str) -> PlaceOfCopy:
    """The place that an address or a path names."""
    return Bucket(where) if where.startswith("s3://") else Folder(Path(where).absolute())
