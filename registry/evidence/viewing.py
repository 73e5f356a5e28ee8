"""What the viewer shows of one piece of evidence: a page as a picture, a film, a part of a text, or why nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from assessments import clock
from assessments.clock import VIETNAM
from assessments.errors import NotFound
from assessments.models import Application, RenderedPage, StoredFile
from assessments.policy import Standing, is_auditing, is_decider, is_hearer, is_member, is_reviewer
from assessments.queries import reading as queries
from assessments.queries.evidence import Item
from assessments.reading import MOST_PAGES
from assessments.states import RenditionState
from registry import db, storage
from registry.evidence import excerpts
from registry.forms import whole

TEXTS = {"text/plain", "text/csv"}
NORMAL, LARGE = 1000, 1654  # points wide; a page is drawn as wide as LARGE
ZOOMS = (100, 150, 200)  # per cent of the width that a page has at first


class Means(StrEnum):
    """How a piece is shown, or why it is not."""

    PAGE = "page"
    TEXT = "text"
    VIDEO = "video"
    AUDIO = "audio"
    WAITING = "waiting"  # pages are being made
    BROKEN = "broken"  # this page could not be made, or none could
    NOT_YET = "not_yet"  # pages are made once it is handed in
    BEYOND = "beyond"  # of a long document only the first pages are made
    HIDDEN = "hidden"  # never as a picture: see queries.reading.shows_pictures
    OTHER = "other"  # a type that is only downloaded


@dataclass(frozen=True)
class Place:
    """Where a piece is looked at: in an application, or in the company's own library (no reference)."""

    evidence_id: UUID
    ref: str = ""
    criterion: str = ""
    zoom: int = ZOOMS[0]

    def view(self, number: int, zoom: int | None = None) -> str:
        """The viewer at a page."""
        about = {"page": number, "zoom": zoom or self.zoom, "c": self.criterion}
        return self._url("view", **{name: value for name, value in about.items() if value not in ("", ZOOMS[0])})

    def picture(self, number: int) -> str:
        """A page as a picture, stamped for whoever asks."""
        return self._url("page", number=number, **({"large": 1} if self.zoom > ZOOMS[0] else {}))

    def file(self, **query: Any) -> str:
        """The file itself."""
        return self._url("file", **query)

    def _url(self, endpoint: str, **values: Any) -> str:
        if self.ref:
            return url_for(f"evidence.{endpoint}", ref=self.ref, evidence_id=self.evidence_id, **values)
        return url_for(f"evidence.own_{endpoint}", evidence_id=self.evidence_id, **values)


@dataclass(frozen=True)
class View:
    """One piece at one page, ready for components/viewer.html."""

    item: Item
    place: Place
    means: Means
    number: int = 1
    pages: int = 1  # that there are, of which `shown` can be turned to
    shown: int = 1
    page: RenderedPage | None = None
    text: str = ""  # of the page or of the text; shown escaped

    @property
    def file(self) -> StoredFile:
        """The file; the viewer is for nothing else."""
        if self.item.file is None:
            raise NotFound
        return self.item.file

    @property
    def digest(self) -> str:
        """The beginning of the file's hash, as the bench shows it."""
        return f"sha256 {self.file.sha256[:8]}…"

    @property
    def before(self) -> str:
        """The viewer at the page before; "" at the first."""
        return self.place.view(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """The viewer at the next page; "" at the last."""
        return self.place.view(self.number + 1) if self.number < self.shown else ""

    @property
    def zooms(self) -> list[tuple[int, str]]:
        """Each step of the zoom and where it leads."""
        return [(zoom, self.place.view(self.number, zoom)) for zoom in ZOOMS]

    @property
    def width(self) -> int:
        """How wide the picture is laid out, in points of the screen."""
        return NORMAL * self.place.zoom // 100

    @property
    def height(self) -> int:
        """How high it is laid out, so that nothing jumps when it comes."""
        return round(self.width * self.page.height / self.page.width) if self.page else 0


def place(evidence_id: UUID, ref: str = "") -> Place:
    """Where this request looks: its reference, criterion and zoom."""
    zoom = whole(request.args.get("zoom"))
    return Place(evidence_id, ref, request.args.get("c", "")[:20], zoom if zoom in ZOOMS else ZOOMS[0])


def view(item: Item, at: Place, application: Application | None = None) -> View:
    """What this request sees of a file: the page asked for, or the nearest there is. Links have no view (NotFound)."""
    if item.file is None:
        raise NotFound
    number = max(1, whole(request.args.get("page")))
    hidden = application is not None and not queries.shows_pictures(application.profile)
    if item.file.media_type in TEXTS:
        return _of_text(item, at, item.file, number)
    if item.file.media_type in queries.PICTURED:
        return View(item, at, Means.HIDDEN) if hidden else _of_pages(item, at, item.file, number)
    means = _means_of(item.file.media_type)
    return View(item, at, Means.HIDDEN if hidden and means is not Means.OTHER else means)


def _means_of(media_type: str) -> Means:
    kinds = {"video": Means.VIDEO, "audio": Means.AUDIO}
    return kinds.get(media_type.partition("/")[0], Means.OTHER)


def _of_text(item: Item, at: Place, file: StoredFile, number: int) -> View:
    pages = excerpts.pages_of(file.size)
    number = min(number, pages)
    try:
        with storage.read(file.sha256) as source:
            found = excerpts.excerpt(source, file.size, number)
    except FileNotFoundError as error:
        raise NotFound from error
    return View(item, at, Means.TEXT, number, pages, pages, text=found.text)


def _of_pages(item: Item, at: Place, file: StoredFile, number: int) -> View:
    rendition = queries.renditions(db.session(), [file.sha256]).get(file.sha256)
    if rendition is None:
        return View(item, at, Means.NOT_YET)
    shown = max(1, min(rendition.pages, MOST_PAGES))
    number, pages = min(number, max(1, rendition.pages)), max(1, rendition.pages)
    found = queries.page(db.session(), file.sha256, number)
    if found is not None:
        return View(item, at, Means.PAGE, number, pages, shown, found, excerpts.shown(found.text))
    waits = rendition.state is RenditionState.WAITING and number > rendition.done
    means = Means.BEYOND if number > shown else Means.WAITING if waits else Means.BROKEN
    return View(item, at, means, number, pages, shown)


def words_of(standing: Standing | None, ref: str = "") -> str:
    """What is stamped on a picture: who reads (a reviewer by letter, others by role, nobody by name), what, when."""
    moment = clock.now().astimezone(VIETNAM)
    return " · ".join(part for part in (_reader(standing), ref, f"{moment:%d/%m/%Y %H:%M}") if part)


def _reader(standing: Standing | None) -> str:
    if standing is None or is_member(standing):
        return str(_("Nhà cung cấp"))
    if is_reviewer(standing):
        return str(_("Người đánh giá %(letter)s", letter=standing.letter))
    if is_decider(standing):
        return str(_("Hội đồng"))
    if is_hearer(standing):
        return str(_("Người xem xét lại"))
    return str(_("Kiểm soát viên")) if is_auditing(standing) else str(_("Văn phòng"))


def width_asked() -> int:
    """How wide a picture this request wants: two sizes, so that nobody can have the server draw every one."""
    return LARGE if "large" in request.args else NORMAL
