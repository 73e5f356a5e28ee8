"""Routes /healthz and /readyz: the truth about database, storage, worker, outbox and scanner."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlmodel import col, func, select

from assessments.clock import now
from assessments.queries import publications
from registry import access, db, revisions, scanner, storage
from registry.mail.models import WORKER, Heartbeat, Letter

bp = Blueprint("health", __name__)
log = logging.getLogger("registry.health")

WORKER_SILENT = timedelta(minutes=2)
LETTER_WAITS = timedelta(minutes=30)
PUBLICATION_WAITS = timedelta(minutes=30)
SHORT = scanner.Patience(connect=2, answer=2)


@bp.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}


@bp.get("/readyz")
@access.public
def readyz() -> ResponseReturnValue:
    """Everything the site needs works: 200, or 503 and what does not. Says nothing that an attacker could use.

    What only waits for the operator is a warning and leaves the answer 200.
    """
    asked = CHECKS if scanner.current() is None else {**CHECKS, "scanner": harmful_software}
    checks = {name: _passes(check) for name, check in asked.items()}
    code = 200 if all(checks.values()) else 503
    said = {"status": "ready" if code == 200 else "not ready", "checks": checks, **_warnings()}
    return jsonify(said), code, {"Cache-Control": "no-store"}


def _warnings() -> dict[str, list[str]]:
    """What somebody should look at while the site goes on: decisions that have long waited for a key or for the log."""
    return {} if _passes(signing) else {"warnings": ["signing"]}


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


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "revision": revision,
    "storage": stored_files,
    "worker": worker,
    "outbox": outbox,
}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # whatever fails is an answer: a bucket has errors of its own
        log.warning("%s of %s: %s", check.__name__, current_app.name, error)
        return False
