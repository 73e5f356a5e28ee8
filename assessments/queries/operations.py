"""Questions of those who keep the registry running: what waits, since when, what lapses, and how much is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from assessments.clock import now, today
from assessments.models import (
    Certificate,
    Delivery,
    LogHead,
    Publication,
    Rendition,
    Revision,
    StatusList,
    StoredFile,
    Upload,
)
from assessments.queries.certificates import STANDING
from assessments.queries.publications import is_open
from assessments.states import RenditionState, ScanState

SOON = (7, 30, 90)  # days ahead in which certificates lapse


@dataclass(frozen=True)
class Queue:
    """What waits for a worker: how much of it is due, since when the oldest is, and what was given up."""

    waiting: int
    oldest: datetime | None
    given_up: int = 0

    @property
    def age(self) -> float:
        """Seconds that the oldest has been due."""
        return max(0.0, (now() - self.oldest).total_seconds()) if self.oldest else 0.0


def news(session: Session) -> Queue:
    """Messages to subscribers that are due."""
    due = (col(Delivery.given_up_at).is_(None)) & (col(Delivery.due_at) <= now())
    question = select(
        func.count(case((due, 1))),
        func.min(case((due, col(Delivery.due_at)))),
        func.count(col(Delivery.given_up_at)),
    ).where(col(Delivery.done_at).is_(None))
    return Queue(*session.exec(question).one())


def publications(session: Session) -> Queue:
    """Decisions that are due to become public."""
    question = select(func.count(), func.min(Publication.due_at)).where(is_open(), Publication.due_at <= now())
    return Queue(*session.exec(question).one())


def pictures(session: Session) -> Queue:
    """Files whose pages are due to be made."""
    question = select(func.count(), func.min(Rendition.due_at)).where(
        Rendition.state == RenditionState.WAITING, Rendition.due_at <= now()
    )
    return Queue(*session.exec(question).one())


@dataclass(frozen=True)
class Kept:
    """Files of companies: how many bytes by what the scanner said, and which of them wait for it since when."""

    bytes_by_scan: Mapping[str, int]
    files_by_scan: Mapping[str, int]
    scans: Queue
    uploads: int
    uploaded_bytes: int


def kept(session: Session) -> Kept:
    """What companies have handed over, and what is on its way."""
    files = (
        select(StoredFile.scan, func.count(), func.sum(StoredFile.size), func.min(StoredFile.uploaded_at))
        .where(col(StoredFile.erased_at).is_(None))
        .group_by(col(StoredFile.scan))
    )
    found = {scan: (count, int(size), since) for scan, count, size, since in session.exec(files)}
    waiting = found.get(ScanState.WAITING, (0, 0, None))
    under_way = select(func.count(), func.coalesce(func.sum(Upload.received), 0)).where(Upload.expires_at > now())
    uploads, received = session.exec(under_way).one()
    return Kept(
        {str(scan): size for scan, (_, size, _) in found.items()},
        {str(scan): count for scan, (count, _, _) in found.items()},
        Queue(waiting[0], waiting[2]),
        uploads,
        int(received),
    )


@dataclass(frozen=True)
class Standing:
    """Certificates: how many stand on a day, and how many of these lapse within so many days of it."""

    standing: int
    lapsing: Mapping[int, int]


def certificates(session: Session, day: date | None = None) -> Standing:
    """Counted by dates alone: what the committee has ended is left out, as is what another one follows."""
    on = day or today()
    within = [func.count(case((col(Certificate.valid_until) < on + timedelta(days=days), 1))) for days in SOON]
    columns: list[Any] = [func.count(), *within]
    question = select(*columns).where(
        col(Certificate.state).in_(STANDING),
        col(Certificate.superseded_on).is_(None),
        col(Certificate.published_at).is_not(None),
        Certificate.valid_from <= on,
        Certificate.valid_until >= on,
    )
    standing, *lapsing = session.execute(question).one()
    return Standing(standing, dict(zip(SOON, lapsing, strict=True)))


@dataclass(frozen=True)
class Signed:
    """How far log (entries, those under the last checkpoint), catalogue and the oldest status list are."""

    size: int
    signed_size: int
    signed_at: datetime | None
    revision: int
    lists_signed_at: datetime | None


def signed(session: Session) -> Signed:
    """How far log, catalogue and status lists are."""
    revision = select(func.coalesce(func.max(Revision.number), 0)).scalar_subquery()
    lists = select(func.min(StatusList.signed_at)).scalar_subquery()
    columns: list[Any] = [LogHead.size, LogHead.signed_size, LogHead.signed_at, revision, lists]
    row = session.execute(select(*columns)).first()
    return Signed(*row) if row else Signed(0, 0, None, 0, None)
