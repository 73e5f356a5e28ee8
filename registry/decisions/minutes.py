"""Makes the minutes of decisions that wait to be made, and keeps them by their hash; nobody is written to."""

import logging
from uuid import UUID

from flask import current_app
from sqlmodel import Session, select

from assessments import minutes as verbs
from assessments.models import Application, Decision, Minutes
from assessments.queries import decisions, minutes
from registry import db, storage
from registry.decisions.paper import Facts, masked, render

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
    settings = current_app.config["SETTINGS"]
    with db.reading() as session:
        facts = facts_of(session, decision_id)
        papers = [render(facts, settings), render(masked(facts), settings)]
    named, unnamed = (_kept(content) for content in papers)
    with db.writing() as session:
        found = session.exec(select(Minutes).where(Minutes.decision_id == decision_id).with_for_update()).one()
        if found.masked_sha256 is not None:
            return False  # another worker was faster
        verbs.keep(session, found, named, unnamed)
    return True


def _kept(content: bytes) -> tuple[str, int]:
    with storage.current().begin() as incoming:
        incoming.write(content)
        return incoming.keep()


def facts_of(session: Session, decision_id: UUID) -> Facts:
    """What the minutes of a decision say."""
    decision = session.get_one(Decision, decision_id)
    application = session.get_one(Application, decision.application_id)
    return Facts(decisions.file_of(session, application), decision, session.get_one(Minutes, decision_id).people)
