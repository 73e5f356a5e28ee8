"""Makes the minutes of decisions that wait to be made, and keeps them by their hash; nobody is written to."""

import logging
from uuid import UUID

from flask import current_app
from sqlmodel import Session, select

from assessments import minutes as verbs
from assessments.models import Application, Decision, Minutes
from assessments.queries import decisions, minutes
from registry import db, storage
from registry.decisions.paper import Facts, render

AT_ONCE = 5  # in one turn of the worker, so that letters go out in between

log = logging.getLogger("registry.worker")


def make_all() -> int:
    """Make the minutes that are wanting; returns how many. Those that cannot be made do not hold up the others."""
    failed: set[UUID] = current_app.extensions.setdefault("minutes that failed", set())
    with db.reading() as session:
        waiting = minutes.to_make(session, AT_ONCE, failed)
    made = 0
    for decision_id in waiting:
        try:
            made += _make(decision_id)
        except Exception:
            log.exception("no minutes of decision %s; tried again when the worker starts anew", decision_id)
            failed.add(decision_id)
    return made


def _make(decision_id: UUID) -> bool:
    """Bytes first, then the row: a worker killed in between makes the same bytes again under the same name."""
    with db.reading() as session:
        content = render(facts_of(session, decision_id), current_app.config["SETTINGS"])
    with storage.current().begin() as incoming:
        incoming.write(content)
        sha256, size = incoming.keep()
    with db.writing() as session:
        found = session.exec(select(Minutes).where(Minutes.decision_id == decision_id).with_for_update()).one()
        if found.sha256 is not None:
            return False  # another worker was faster
        verbs.keep(session, found, sha256, size)
    return True


def facts_of(session: Session, decision_id: UUID) -> Facts:
    """What the minutes of a decision say."""
    decision = session.get_one(Decision, decision_id)
    application = session.get_one(Application, decision.application_id)
    return Facts(decisions.file_of(session, application), decision, session.get_one(Minutes, decision_id).people)
