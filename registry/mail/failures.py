"""Jobs of the worker that fail, and work again: rows, so that whoever watches the site is told by any process.

Only changes are written: a job that works costs nothing.
"""

import logging

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select, update

from assessments.clock import now
from registry import db
from registry.mail.models import JobFailure

log = logging.getLogger("registry.worker")
KNOWN = "failing jobs"  # in app.extensions: the names of jobs that fail, as this process knows them


def note(name: str, error: Exception) -> None:
    """Write down that a job failed: the kind of error only. Where even that fails, the log has it."""
    try:
        with db.writing() as session:
            found = session.get(JobFailure, name) or JobFailure(name=name, times=0)
            if found.mended_at is not None:
                found.since = now()
            found.times, found.at, found.mended_at = found.times + 1, now(), None
            found.error = type(error).__name__
            session.add(found)
        _known().add(name)
    except (SQLAlchemyError, OSError):
        log.warning("the failure of %s could not be written down", name)


def mended(name: str) -> None:
    """Write down that a job works again, where it did not."""
    try:
        if name not in _known():
            return
        with db.writing() as session:
            over = update(JobFailure).where(col(JobFailure.name) == name, col(JobFailure.mended_at).is_(None))
            session.exec(over.values(mended_at=now()))
        _known().discard(name)
    except (SQLAlchemyError, OSError):
        log.warning("that %s works again could not be written down", name)


def failing() -> list[JobFailure]:
    """The jobs that failed at their last turn, the longest first."""
    with db.reading() as session:
        question = select(JobFailure).where(col(JobFailure.mended_at).is_(None)).order_by(col(JobFailure.since))
        return list(session.exec(question).all())


def _known() -> set[str]:
    """Looked up once in the life of a worker."""
    known: set[str] | None = current_app.extensions.get(KNOWN)
    if known is None:
        known = current_app.extensions[KNOWN] = {one.name for one in failing()}
    return known
