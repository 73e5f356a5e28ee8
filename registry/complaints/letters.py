"""The letters about complaints: to those they go to, and to complainants with an account. Never to a typed contact."""

from typing import Any

from sqlmodel import Session

from assessments.models import Complaint
from assessments.people import Actor, Role
from assessments.queries import complaints as queries
from assessments.queries.people import Person, people, with_role
from registry import links
from registry.mail import outbox


def tell_readers(session: Session, complaint: Complaint, template: str) -> None:
    """Write to the impartiality committee and the auditors, but for those it concerns: a number, and no word of it."""
    found = queries.readers_of(session, complaint)
    for person in found:
        _write(session, complaint, template, person, links.absolute("complaints.show", number=complaint.number))
    if not found:
        _tell_that_nobody_is_left(session, complaint)


def tell_of_leaving(session: Session, complaint: Complaint, actor: Actor) -> None:
    """Write to whoever is left when whoever had it in hand has left it; not to whoever has just said so."""
    found = queries.readers_of(session, complaint)
    if complaint.handler_id and complaint.handler_id not in {one.id for one in found}:
        for person in (one for one in found if one.id != actor.id):
            url = links.absolute("complaints.show", number=complaint.number)
            _write(session, complaint, "complaint_left", person, url)
    if not found:
        _tell_that_nobody_is_left(session, complaint)


def _tell_that_nobody_is_left(session: Session, complaint: Complaint) -> None:
    """Administrators name another auditor or member; they do not read it either, the number is all they learn."""
    for person in with_role(session, Role.ADMIN):
        _write(session, complaint, "complaint_nobody", person, links.absolute("people.index"))


def tell_complainant(session: Session, complaint: Complaint, template: str) -> None:
    """Write to whoever complained, where they did so signed in."""
    known = people(session, [complaint.complainant_id]) if complaint.complainant_id else {}
    for person in known.values():
        _write(session, complaint, template, person, links.absolute("complaints.mine", person.language))


def _write(session: Session, complaint: Complaint, template: str, person: Person, url: str) -> None:
    values: dict[str, Any] = {"name": person.name, "vendor": "", "complaint": complaint, "url": url}
    event = f"{complaint.number}:{template}:{person.id}"
    outbox.write(session, outbox.Mail(event, person.email, person.language, template, values))
