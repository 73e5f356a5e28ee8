"""What the tables and the disks say: queues, failed jobs, storage, certificates, log, scanner and mail.

The numbers come from the database, so that every process gives the same answer. Few statements: see the tests.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import current_app
from sqlalchemy import case
from sqlmodel import Session, col, func, select

from assessments.clock import now
from assessments.queries import operations
from assessments.queries.operations import Queue
from registry import db
from registry.health import checks
from registry.mail.models import WORKER, Heartbeat, JobFailure, Letter
from registry.metrics.exposition import Family, Sample, gauge, gauges

log = logging.getLogger("registry.metrics")


def families() -> Iterator[Family]:
    """Everything but the requests; what cannot be asked is left out, and `registry_up` says so."""
    yield gauge("build_info", "The version that runs; always 1.", 1, version=build())
    yield from disks()
    asked: list[Family] = []
    up = 0
    try:
        with db.reading() as session:
            for ask in ASKED:
                asked.extend(ask(session))
        up = 1
    except Exception as error:  # whatever the database answers: the other numbers are told nevertheless
        log.warning("the database could not be asked: %s", type(error).__name__)
    yield gauge("up", "Whether the database could be asked.", up)
    yield from asked
    yield gauge("scanner_up", "Whether the malware scanner answers; nothing where none is set up.", scanner())


def build() -> str:
    """The version of the program."""
    try:
        return version("vcsc-registry")
    except PackageNotFoundError:
        return "unknown"


def waiting(session: Session, files: operations.Kept | None = None) -> dict[str, Queue]:
    """What waits for the worker and for what it talks to, by name."""
    return {
        "letters": letters(session),
        "news": operations.news(session),
        "publications": operations.publications(session),
        "scans": (files or operations.kept(session)).scans,
        "pictures": operations.pictures(session),
    }


def queues(session: Session) -> Iterator[Family]:
    """Queues, and the files of companies."""
    files = operations.kept(session)
    found = waiting(session, files)
    yield gauges("queue_length", "What is due and waits.", "queue", {name: one.waiting for name, one in found.items()})
    ages = {name: one.age for name, one in found.items()}
    yield gauges("queue_age_seconds", "How long the oldest of it has been due.", "queue", ages)
    tried = {name: found[name].given_up for name in ("letters", "news")}
    yield gauges("queue_given_up", "What was tried too often and is tried no more.", "queue", tried)
    yield gauges(
        "stored_bytes", "Bytes of companies' files, by what the scanner said.", "scan", {**files.bytes_by_scan}
    )
    yield gauges("stored_files", "Companies' files, by what the scanner said.", "scan", {**files.files_by_scan})
    yield gauge("uploads_under_way", "Uploads that somebody may go on with.", files.uploads)
    yield gauge("uploads_under_way_bytes", "Bytes of them that have arrived.", files.uploaded_bytes)


def letters(session: Session) -> Queue:
    """Letters that are due."""
    due = (col(Letter.given_up_at).is_(None)) & (col(Letter.due_at) <= now())
    question = select(
        func.count(case((due, 1))), func.min(case((due, col(Letter.due_at)))), func.count(col(Letter.given_up_at))
    ).where(col(Letter.sent_at).is_(None))
    return Queue(*session.exec(question).one())


def worker(session: Session) -> Iterator[Family]:
    """The worker's sign of life, its jobs that fail, and the mail it sends."""
    columns = (Heartbeat.at, select(func.max(Letter.sent_at)).scalar_subquery())
    beat = session.exec(select(*columns).where(Heartbeat.name == WORKER)).first()
    yield gauge("worker_seen_seconds", "Seconds since a worker was seen.", _since(beat[0]) if beat else None)
    yield gauge("letter_sent_seconds", "Seconds since a letter went out.", _since(beat[1]) if beat else None)
    failures = session.exec(select(JobFailure).order_by(JobFailure.name)).all()
    about = "Failures of the jobs of the worker, since the database was made."
    yield Family(
        "job_failures_total", "counter", about, tuple(Sample(one.times, {"job": one.name}) for one in failures)
    )
    failing: dict[str, float | None] = {one.name: _since(one.since) for one in failures if one.mended_at is None}
    yield gauges("job_failing_seconds", "How long a job has failed at each turn.", "job", failing)


def public(session: Session) -> Iterator[Family]:
    """Certificates, the log and the status lists."""
    found = operations.certificates(session)
    yield gauge("certificates_standing", "Certificates that stand today.", found.standing)
    lapsing: dict[str, float | None] = {str(days): count for days, count in found.lapsing.items()}
    yield gauges("certificates_lapsing", "Of these, how many lapse within so many days.", "days", lapsing)
    signed = operations.signed(session)
    yield gauge("log_entries", "Entries of the public log.", signed.size)
    yield gauge(
        "log_unsigned_entries", "Entries that the last checkpoint does not cover.", signed.size - signed.signed_size
    )
    yield gauge("log_head_age_seconds", "Seconds since a checkpoint was signed.", _since(signed.signed_at))
    yield gauge(
        "status_list_age_seconds", "Seconds since the oldest status list was signed.", _since(signed.lists_signed_at)
    )
    yield gauge("revision", "Number of the public catalogue; it grows with every change.", signed.revision)


def disks() -> Iterator[Family]:
    """Free bytes where this machine keeps things."""
    free: dict[str, float | None] = {}
    for name, folder in places().items():
        try:
            free[name] = shutil.disk_usage(folder).free
        except OSError:
            continue
    yield gauges("disk_free_bytes", "Free bytes on the disk of a folder.", "place", free)


def places() -> dict[str, Path]:
    """The folders of this machine that fill up, by what is in them."""
    settings = current_app.config["SETTINGS"]
    found = {"var": settings.var_dir}
    if settings.database_url.startswith("sqlite:///"):
        found["database"] = Path(settings.database_url.removeprefix("sqlite:///")).parent
    if settings.storage_url.startswith("file://"):
        found["storage"] = Path(settings.storage_url.removeprefix("file://"))
    return {name: folder for name, folder in found.items() if folder.exists()}


def scanner() -> int | None:
    """1 or 0 for a scanner that does or does not answer; nothing where none is set up."""
    if not current_app.config["SETTINGS"].clamd_url:
        return None
    try:
        return int(checks.harmful_software())
    except Exception:  # any failure of it is the answer
        return 0


def _since(moment: datetime | None) -> float | None:
    return None if moment is None else (now() - moment).total_seconds()


ASKED: tuple[Callable[[Session], Iterator[Family]], ...] = (queues, worker, public)
