"""Pages of handed-in files as pictures: wanted with a submission, kept as they are made, forgotten with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from assessments.clock import now
from assessments.models import RenderedPage, Rendition
from assessments.queries import reading as queries
from assessments.states import RenditionState

RENDERER = 1  # raise it when pages come out differently: the worker makes them all anew
MOST_PAGES = 300  # of one document; the rest is downloaded
MOST_FAULTS = 3  # pages that break what makes them, after which a document is left as it is
LONGEST_TEXT = 20_000  # characters of one page
BACKOFF = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


@dataclass(frozen=True)
class Picture:
    """One page that was made and is kept in the storage."""

    number: int
    image_sha256: str
    size: int
    width: int
    height: int
    text: str = ""


@dataclass(frozen=True)
class Stretch:
    """What came of looking at some pages: from which on, how many, of how many, and those that could be made."""

    first: int
    looked_at: int
    pages: int  # of the whole document
    made: tuple[Picture, ...]


def want(session: Session, content: Mapping[str, Any]) -> None:
    """Have pages made of the files of a submission; what is wanted or made already stays as it is."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Rendition) if on_postgresql else sqlite.insert(Rendition)
    for sha256 in sorted(queries.files_to_picture(content)):
        row = Rendition(sha256=sha256, renderer=RENDERER)
        session.execute(insert.values(**row.model_dump()).on_conflict_do_nothing())


def keep(session: Session, sha256: str, stretch: Stretch) -> bool:
    """Write down what was made. Returns whether it counts: not when the file is gone or shut away by now, and not
    when another worker was faster; then the caller lets go of the pictures.
    """
    _hold_pages(session)
    found = _held(session, sha256)
    if found is None or found.done != stretch.first - 1 or not queries.is_readable(session, sha256):
        return False
    for one in stretch.made:
        session.add(
            RenderedPage(
                sha256=sha256,
                number=one.number,
                image_sha256=one.image_sha256,
                size=one.size,
                width=one.width,
                height=one.height,
                text=one.text.replace("\0", "")[:LONGEST_TEXT],
            )
        )
    found.pages = stretch.pages
    found.done = min(found.done + stretch.looked_at, stretch.pages)
    found.faults += stretch.looked_at - len(stretch.made)
    _settle(found)
    session.add(found)
    session.flush()
    return True


def _settle(found: Rendition) -> None:
    """Done when every page was looked at, or when too many could not be made."""
    if found.done < min(found.pages, MOST_PAGES) and found.faults < MOST_FAULTS:
        return
    found.state = RenditionState.MADE if found.done > found.faults else RenditionState.FAILED
    found.made_at = now()


def give_up(session: Session, sha256: str) -> None:
    """The file cannot be opened at all: it is downloaded."""
    found = _held(session, sha256)
    if found is not None:
        found.state, found.made_at = RenditionState.FAILED, now()
        session.add(found)


def postpone(session: Session, sha256: str) -> None:
    """The storage did not answer: try later, each time a little later."""
    found = _held(session, sha256)
    if found is not None:
        found.due_at = now() + BACKOFF[min(found.tries, len(BACKOFF) - 1)]
        found.tries += 1
        session.add(found)


def forget(session: Session, names: Iterable[str]) -> set[str]:
    """Let the pages of these files go, and whatever is known of them; returns the sha256 of their pictures."""
    wanted = list(names)
    freed = _drop_pages(session, wanted)
    session.exec(delete(Rendition).where(col(Rendition.sha256).in_(wanted)))
    return freed


def begin_anew(session: Session, names: Iterable[str]) -> set[str]:
    """Have the pages of these files made once more; returns the sha256 of the pictures there were."""
    wanted = list(names)
    freed = _drop_pages(session, wanted)
    for found in queries.renditions(session, wanted).values():
        found.renderer, found.state, found.due_at, found.made_at = RENDERER, RenditionState.WAITING, now(), None
        found.pages = found.done = found.faults = found.tries = 0
        session.add(found)
    session.flush()
    return freed


def _drop_pages(session: Session, names: list[str]) -> set[str]:
    _hold_pages(session)
    session.exec(select(Rendition.sha256).where(col(Rendition.sha256).in_(names)).with_for_update()).all()
    freed = set(session.exec(select(RenderedPage.image_sha256).where(col(RenderedPage.sha256).in_(names))).all())
    session.exec(delete(RenderedPage).where(col(RenderedPage.sha256).in_(names)))
    return freed


def _hold_pages(session: Session) -> None:
    """First the table, then the rows: whoever decides which bytes nobody needs does so in this order as well."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE rendered_page IN ROW EXCLUSIVE MODE"))


def _held(session: Session, sha256: str) -> Rendition | None:
    """A rendition that still waits, held until the transaction ends."""
    question = select(Rendition).where(Rendition.sha256 == sha256, Rendition.state == RenditionState.WAITING)
    return session.exec(question.with_for_update()).one_or_none()
