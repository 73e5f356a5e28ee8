"""Makes the documents of published reports that are wanting, in both languages, and keeps them by their hash."""

import logging
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments import situation_reports as verbs
from assessments.models import SituationReport
from assessments.queries import situation_reports as queries
from registry import db, storage
from registry.i18n import LANGUAGES
from registry.transparency.paper import render

AT_ONCE = 2  # in one turn of the worker
FAILED = "situation reports that failed"

log = logging.getLogger("registry.worker")


def make_all() -> int:
    """Make the documents that are wanting; returns of how many reports. One that fails does not hold up the others."""
    failed: set[UUID] = current_app.extensions.setdefault(FAILED, set())
    with db.reading() as session:
        waiting = queries.to_make(session, AT_ONCE, failed)
    made = 0
    for report_id in waiting:
        try:
            made += _make(report_id)
        except Exception:
            log.exception("no document of report %s; tried again when the worker starts anew", report_id)
            failed.add(report_id)
    return made


def _make(report_id: UUID) -> bool:
    """Bytes first, then the row: a worker killed in between makes the same bytes again under the same name."""
    with db.reading() as session:
        report = session.get_one(SituationReport, report_id)
        papers = {one: render(report, current_app.config["SETTINGS"], one) for one in LANGUAGES}
    kept = {language: _kept(content) for language, content in papers.items()}
    with db.writing() as session:
        verbs.keep(session, _held(session, report_id), kept)
    return True


def _held(session: Session, report_id: UUID) -> SituationReport:
    return session.get_one(SituationReport, report_id, with_for_update=True)


def _kept(content: bytes) -> tuple[str, int]:
    with storage.current().begin() as incoming:
        incoming.write(content)
        return incoming.keep()
