"""Questions about the public log: entries, tiles, proofs."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from assessments import merkle
from assessments.merkle import Place
from assessments.models import Certificate, LogEntry, LogHead, LogKind, LogTile

PAGE = 50


@dataclass(frozen=True)
class HistoryHead:
    """The end of the internal history as an entry of the log remembers it."""

    index: int
    seq: int
    hash: str
    at: datetime


def head(session: Session) -> LogHead:
    """How far the log has come; an empty one where it has not begun."""
    return session.get(LogHead, 1) or LogHead()


# --- entries ---


def entry(session: Session, index: int) -> LogEntry | None:
    """The entry with this number, counted from 0."""
    return session.get(LogEntry, index)


def entry_of(session: Session, key: str) -> LogEntry | None:
    """The entry that tells of what this key stands for."""
    return session.exec(select(LogEntry).where(LogEntry.key == key)).one_or_none()


def entries(session: Session, before: int | None = None) -> list[LogEntry]:
    """A page of entries and one more, newest first; `before`: the number that the page before ended with."""
    question = select(LogEntry).order_by(col(LogEntry.index).desc()).limit(PAGE + 1)
    return list(session.exec(question if before is None else question.where(LogEntry.index < before)))


def entries_about(session: Session, certificate_id: UUID) -> list[LogEntry]:
    """Every entry about a certificate, newest first."""
    question = select(LogEntry).where(LogEntry.certificate_id == certificate_id)
    return list(session.exec(question.order_by(col(LogEntry.index).desc())))


def last_about(session: Session, number: str, size: int) -> LogEntry | None:
    """The newest entry about the certificate with this number among the first `size` entries."""
    question = (
        select(LogEntry)
        .join(Certificate, col(Certificate.id) == col(LogEntry.certificate_id))
        .where(Certificate.number == number, LogEntry.index < size)
        .order_by(col(LogEntry.index).desc())
        .limit(1)
    )
    return session.exec(question).first()


def signed_about(session: Session, certificate_id: UUID) -> tuple[int, str] | None:
    """The newest entry about a certificate that the checkpoint signed last covers: its number, and that checkpoint."""
    question = (
        select(LogEntry.index, LogHead.checkpoint)
        .where(LogEntry.certificate_id == certificate_id, LogEntry.index < LogHead.signed_size)
        .order_by(col(LogEntry.index).desc())
        .limit(1)
    )
    return session.exec(question).first()


def bodies(session: Session, first: int, count: int) -> list[str]:
    """The leaves from `first` on, in order."""
    where = (LogEntry.index >= first, LogEntry.index < first + count)
    return list(session.exec(select(LogEntry.body).where(*where).order_by(col(LogEntry.index))))


def last_history_head(session: Session) -> HistoryHead | None:
    """The last time that the log took the end of the history."""
    question = select(LogEntry).where(LogEntry.kind == LogKind.HEAD).order_by(col(LogEntry.index).desc()).limit(1)
    found = session.exec(question).first()
    return history_head(found) if found else None


def history_head(found: LogEntry) -> HistoryHead:
    """What an entry of the kind `head` remembers."""
    told: dict[str, Any] = json.loads(found.body)
    return HistoryHead(found.index, told["seq"], told["hash"], found.at)


# --- the tree ---


def tiles(session: Session, places: Collection[Place]) -> Mapping[Place, bytes]:
    """The hashes of some tiles, as many as they have by now; one statement."""
    if not places:
        return {}
    question = select(LogTile.level, LogTile.number, LogTile.hashes).where(_at(places))
    return {Place(level, number): hashes for level, number, hashes in session.exec(question)}


def tile_rows(session: Session, places: Collection[Place]) -> list[LogTile]:
    """The rows of some tiles, to be written to by whoever holds the head."""
    if not places:
        return []
    return list(session.exec(select(LogTile).where(_at(places)).execution_options(populate_existing=True)))


def root(session: Session, size: int) -> bytes:
    """The root of the first `size` entries; one statement."""
    return merkle.root(lambda places: tiles(session, places), size)


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """The proof that an entry is in the tree of `size` entries; one statement."""
    return merkle.inclusion(lambda places: tiles(session, places), index, size)


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` entries begins with that of `old`; one statement."""
    return merkle.consistency(lambda places: tiles(session, places), old, new)


def _at(places: Collection[Place]) -> ColumnElement[bool]:
    return or_(*(and_(col(LogTile.level) == one.level, col(LogTile.number) == one.number) for one in sorted(places)))
