"""Taking a case file away: asked for by an auditor, made by the worker, written down (ISO/IEC 17065, 7.12)."""

from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from assessments import history
from assessments.clock import now
from assessments.errors import NotFound
from assessments.evidence import access_window
from assessments.models import Application, CaseExport, CaseReading
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import cases
from assessments.queries.standings import standing_of
from assessments.states import CaseState, Event


def request(session: Session, actor: Actor, application: Application, language: str) -> CaseExport:
    """Ask for the case file; while one is on its way a second asking gives the same.

    `language` is that of the documents to read. Refuses who may not (NotFound, NotAllowed).
    """
    require(standing_of(session, actor, application), Permission.AUDIT)
    session.refresh(application, with_for_update=True)
    running = cases.running(session, application.id)
    if running is not None:
        return running
    export = CaseExport(application_id=application.id, requested_by=actor.id, language=language)
    session.add(export)
    history.record(session, actor, history.Step(Event.ASK_CASE), application)
    return export


def take(session: Session, actor: Actor, application: Application, export_id: UUID) -> CaseExport:
    """A case file that is ready, written down for a person and ten minutes.

    Refuses who may not (NotFound, NotAllowed), and what is not ready, over, or of another application (NotFound).
    """
    require(standing_of(session, actor, application), Permission.AUDIT)
    export = session.get(CaseExport, export_id)
    if export is None or export.application_id != application.id or export.state is not CaseState.READY:
        raise NotFound
    if export.expires_at is None or export.expires_at < now():
        raise NotFound
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(CaseReading) if on_postgresql else sqlite.insert(CaseReading)
    row = CaseReading(export_id=export_id, person_id=actor.id, window=access_window())
    session.execute(insert.values(**row.model_dump()).on_conflict_do_nothing())
    return export
