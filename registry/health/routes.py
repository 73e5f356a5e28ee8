"""Routes /healthz and /readyz: the truth about database, storage, worker, outbox and scanner."""

import logging
from collections.abc import Callable

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from registry import access, scanner
from registry.health import checks as asked_of
from registry.health import probes

bp = Blueprint("health", __name__)
log = logging.getLogger("registry.health")


@bp.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """The process answers; the doctor is told besides how its request looked from here."""
    return jsonify(status="ok", **probes.seen()), 200, {"Cache-Control": "no-store"}


@bp.get("/readyz")
@access.public
def readyz() -> ResponseReturnValue:
    """Everything the site needs works: 200, or 503 and what does not. Says nothing that an attacker could use.

    What only waits for the operator is a warning and leaves the answer 200.
    """
    asked = CHECKS if scanner.current() is None else {**CHECKS, "scanner": asked_of.harmful_software}
    checks = {name: _passes(check) for name, check in asked.items()}
    code = 200 if all(checks.values()) else 503
    said = {"status": "ready" if code == 200 else "not ready", "checks": checks, **_warnings()}
    return jsonify(said), code, {"Cache-Control": "no-store"}


def _warnings() -> dict[str, list[str]]:
    """What somebody should look at while the site goes on: decisions that have long waited for a key or for the log."""
    return {} if _passes(asked_of.signing) else {"warnings": ["signing"]}


CHECKS: dict[str, Callable[[], bool]] = {
    "database": asked_of.database,
    "revision": asked_of.revision,
    "storage": asked_of.stored_files,
    "worker": asked_of.worker,
    "outbox": asked_of.outbox,
}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # whatever fails is an answer: a bucket has errors of its own
        log.warning("%s of %s: %s", check.__name__, current_app.name, error)
        return False
