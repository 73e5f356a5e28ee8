"""What the worker does for competences: writes to the person and to the office before one runs out."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlmodel import Session

from assessments import clock, competences
from assessments.models import Competence
from assessments.people import Role
from assessments.queries import competences as queries
from assessments.queries import people
from assessments.queries.people import Person
from registry import db, links
from registry.mail import outbox


def remind_of_expiry() -> int:
    """Write of competences that run out, once each; returns how many. Whoever no longer judges is not written to."""
    with db.reading() as session:
        if not queries.to_remind(session, clock.today()):
            return 0
    with db.writing() as session:
        due = queries.to_remind(session, clock.today())
        office = people.with_role(session, Role.COORDINATOR)
        for person_id, found in groupby(due, key=lambda one: one.person_id):
            line = queries.judge(session, person_id)
            if line is not None:
                _tell(session, line.person, list(found), office)
        competences.note_reminded(session, due)
    return len(due)


def _tell(session: Session, who: Person, lines: Sequence[Competence], office: Iterable[Person]) -> None:
    _write(session, who, who, lines, "competence_expiring")
    for one in office:
        if one.id != who.id:
            _write(session, one, who, lines, "office_competence_expiring")


def _write(session: Session, to: Person, who: Person, lines: Sequence[Competence], template: str) -> None:
    values: dict[str, Any] = {
        "name": to.name,
        "person": who.name,
        "lines": [(line.code, line.expires_on) for line in lines],
        "url": links.absolute("competences.show", to.language, person_id=str(who.id)),
    }
    event = f"competence:{lines[0].id}:{lines[0].expires_on}:{to.id}"
    outbox.write(session, outbox.Mail(event, to.email, to.language, template, values))
