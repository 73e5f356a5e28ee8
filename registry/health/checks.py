"""What is asked of database, storage, worker, outbox and scanner: each answers True, or False, or fails."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, func, select

from assessments.clock import now
from assessments.queries import publications
from registry import db, revisions, scanner, storage
from registry.mail.models import WORKER, Heartbeat, Letter

WORKER_SILENT = timedelta(minutes=2)
LETTER_WAITS = timedelta(minutes=30)
PUBLICATION_WAITS = timedelta(minutes=30)
SHORT = scanner.Patience(connect=2, answer=2)


def signing() -> bool:
    """No decision that is due has waited too long to be signed, logged and shown."""
    with db.reading() as session:
        oldest = publications.oldest_waiting(session)
    return oldest is None or now() - oldest < PUBLICATION_WAITS


def database() -> bool:
    """A statement comes back."""
    with db.reading() as session:
        return session.exec(select(1)).one() == 1


def revision() -> bool:
    """The database is the one of this version of the program; asked anew, so that others are sent no visitors."""
    revisions.require_still(db.engine())
    return True


def stored_files() -> bool:
    """The storage can be written to and read from."""
    return storage.is_healthy(storage.current())


def worker() -> bool:
    """A worker was seen lately."""
    with db.reading() as session:
        seen = session.exec(select(Heartbeat.at).where(Heartbeat.name == WORKER)).first()
    return seen is not None and abs(now() - seen) < WORKER_SILENT


def outbox() -> bool:
    """No letter that is due has waited too long."""
    with db.reading() as session:
        oldest = session.exec(
            select(func.min(Letter.due_at)).where(col(Letter.sent_at).is_(None), col(Letter.given_up_at).is_(None))
        ).one()
    return oldest is None or now() - oldest < LETTER_WAITS


def harmful_software() -> bool:
    """The scanner answers; asked only where one is set up. Until it does, new files wait."""
    configured = scanner.current()
    return configured is None or replace(configured, patience=SHORT).ping()
