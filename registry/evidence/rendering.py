"""The worker's part in showing files: pages of what was handed in become pictures, and go when their file goes.

The drawing is done by a script in a limited child process. A page that breaks the child is left out, and a file that
breaks it again and again is left as it is, to be downloaded.
"""

import logging
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from assessments import reading
from assessments.clock import now
from assessments.queries import reading as queries
from assessments.reading import MOST_PAGES, RENDERER, Picture, Stretch
from registry import confined, db, storage
from registry.confined import MEGABYTE, Limits, Overrun
from registry.evidence.files import discard_unneeded

SCRIPT = Path(__file__).parent / "renderers" / "pages.py"
SEVERAL = Limits(cpu_seconds=60, seconds=90, memory=1024 * MEGABYTE, written=64 * MEGABYTE)
ONE = Limits(cpu_seconds=20, seconds=30, memory=1024 * MEGABYTE, written=16 * MEGABYTE)
AT_ONCE = 8  # pages that one child draws
ONE_TURN = 15.0  # seconds, so that letters and deadlines come to their turn as well
PIECE_BYTES = 256 * 1024
PDF = "application/pdf"

log = logging.getLogger("registry.worker")


def render_files() -> int:
    """Make pages of what is due, for a while; returns how many were looked at. Nothing is held while a child draws."""
    until, looked_at = time.monotonic() + ONE_TURN, 0
    tried: set[str] = set()
    while time.monotonic() < until:
        with db.reading() as session:
            due = queries.due(session, now(), tried)
        if due is None:
            break
        tried.add(due.sha256)
        looked_at += _render(due, until)
    return looked_at


def _render(due: queries.Due, until: float) -> int:
    """Pages of one file until they are all made or the time is up; returns how many were looked at."""
    try:
        with storage.read(due.sha256) as source, confined.on_disk(source) as file:
            return _go_through(due, file, until)
    except Overrun as overrun:
        log.warning("file %s cannot be shown as pictures: %s", due.sha256, overrun)
        with db.writing() as session:
            reading.give_up(session, due.sha256)
    except Exception:  # a bucket has errors of its own, and no file may keep the others from their turn
        log.exception("pages of file %s not made", due.sha256)
        with db.writing() as session:
            reading.postpone(session, due.sha256)
    return 0


def _go_through(due: queries.Due, file: BinaryIO, until: float) -> int:
    done, going_on = due.done, True
    while going_on:
        stretch = _several(due, file, done + 1)
        kept = _keep(due.sha256, stretch)
        done += stretch.looked_at
        going_on = kept and done < min(stretch.pages, MOST_PAGES) and time.monotonic() < until
    return done - due.done


def _several(due: queries.Due, file: BinaryIO, first: int) -> Stretch:
    """The next pages; where they break the child, the first of them alone, so that one page costs one page."""
    most = min(AT_ONCE, MOST_PAGES - first + 1)
    try:
        return _draw(due, file, first, most, SEVERAL)
    except Overrun:
        if due.media_type != PDF:
            raise
    try:
        return _draw(due, file, first, 1, ONE)
    except Overrun:
        return Stretch(first, 1, _count(due, file), ())


def _count(due: queries.Due, file: BinaryIO) -> int:
    """How many pages there are, with none drawn. Raises Overrun where not even that can be found out."""
    return _draw(due, file, 1, 0, ONE).pages


def _draw(due: queries.Due, file: BinaryIO, first: int, count: int, limits: Limits) -> Stretch:
    kind = "pdf" if due.media_type == PDF else "image"
    with tempfile.TemporaryFile() as written:
        out = cast("BinaryIO", written)
        said = confined.run(SCRIPT, file, (kind, str(first), str(count)), limits, out)
        made = tuple(_stored(out, one) for one in said["made"])
        pages = int(said["pages"])
    return Stretch(first, min(count, pages - first + 1), pages, made)


def _stored(written: BinaryIO, one: dict[str, Any]) -> Picture:
    """One picture into the storage, piece by piece."""
    written.seek(int(one["offset"]))
    left = int(one["size"])
    with storage.current().begin() as incoming:
        while left and (piece := written.read(min(PIECE_BYTES, left))):
            incoming.write(piece)
            left -= len(piece)
        sha256, size = incoming.keep()
    return Picture(int(one["number"]), sha256, size, int(one["width"]), int(one["height"]), str(one["text"]))


def _keep(sha256: str, stretch: Stretch) -> bool:
    """Bytes first, then the rows; where they do not count any more, the bytes go again."""
    with db.writing() as session:
        counts = reading.keep(session, sha256, stretch) and _are_there(stretch.made)
        if not counts:
            session.rollback()
    if not counts:
        discard_unneeded(one.image_sha256 for one in stretch.made)
    return counts


def _are_there(made: Iterable[Picture]) -> bool:
    """The same bytes may have been swept as unneeded just before these rows; none can go before the commit."""
    return all(storage.current().exists(one.image_sha256) for one in made)


def sweep_pages() -> int:
    """Let go of pages whose file nobody may read any more, and make those anew that an older version has made."""
    with db.reading() as session:
        lost, old = queries.without_file(session), queries.made_before(session, RENDERER)
    if not (lost or old):
        return 0
    with db.writing() as session:
        freed = reading.forget(session, lost) | reading.begin_anew(session, set(old) - set(lost))
    discard_unneeded(freed)
    return len(lost) + len(old)
