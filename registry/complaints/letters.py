"""The letters about complaints: to those they go to, and to complainants with an account. Never to a typed contact."""

from typing import Any

from sqlmodel import Session

from assessments.models import Complaint
from assessments.queries import complaints as queries
from assessments.queries.people import Person, people
from registry import links
from registry.mail import outbox


def tell_readers(session: Session, complaint: Complaint, template: str) -> None:
    """Write to the impartiality committee and the auditors; the letter says a number and no word of the complaint."""
    for person in queries.readers(session):
        if person.id != complaint.complainant_id:
            _write(session, complaint, template, person, links.absolute("complaints.show", number=complaint.number))


def tell_complainant(session: Session, complaint: Complaint, template: str) -> None:
    """Write to whoever complained, where they did so signed in."""
    known = people(session, [complaint.complainant_id]) if complaint.complainant_id else {}
    for person in known.values():
        _write(session, complaint, template, person, links.absolute("complaints.mine", person.language))


def _write(session: Session, complaint: Complaint, template: str, person: Person, url: str) -> None:
    values: dict[str, Any] = {"name": person.name, "vendor": "", "complaint": complaint, "url": url}
    event = f"{complaint.number}:{template}:{person.id}"
    outbox.write(session, outbox.Mail(event, person.email, person.language, template, values))
