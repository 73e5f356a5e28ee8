"""The letters about concerns: to the club's people alone, with a number and no word of what was said or by whom."""

from typing import Any

from sqlmodel import Session

from assessments.clock import today
from assessments.models import Concern, ConcernOpening
from assessments.people import Role
from assessments.queries import concerns as queries
from assessments.queries.people import Person, people, with_role
from registry import links
from registry.mail import outbox


def tell_of_new(session: Session, concern: Concern) -> None:
    """Write to the coordinators it goes to: at once where a child may be in danger."""
    _tell_office(session, concern, "concern_danger" if concern.danger in queries.ALARM else "concern_received")


def tell_of_reply(session: Session, concern: Concern) -> None:
    """The reporter has written again: once a day and concern."""
    template = "concern_danger" if concern.danger in queries.ALARM else "concern_replied"
    _tell_office(session, concern, template, today().isoformat())


def tell_of_late(session: Session, concern: Concern) -> None:
    """Its deadline has passed."""
    _tell_office(session, concern, "concern_late", concern.due_at.date().isoformat() if concern.due_at else "")


def tell_confirmers(session: Session, concern: Concern, opening: ConcernOpening) -> None:
    """Ask for the second person of an opening."""
    for person in queries.confirmers(session, concern, opening.asked_by):
        _write(session, concern, "concern_opening", person, str(opening.id))


def tell_asker(session: Session, concern: Concern, opening: ConcernOpening) -> None:
    """Tell whoever asked that the second person has answered."""
    for person in people(session, [opening.asked_by]).values():
        _write(session, concern, "concern_opening_answered", person, str(opening.id))


def _tell_office(session: Session, concern: Concern, template: str, occasion: str = "") -> None:
    found = queries.office(session, concern)
    for person in found:
        _write(session, concern, template, person, occasion)
    if not found:  # administrators name another coordinator; they read nothing, the number is all they learn
        for person in with_role(session, Role.ADMIN):
            _write(session, concern, "concern_nobody", person, occasion)


def _write(session: Session, concern: Concern, template: str, person: Person, occasion: str) -> None:
    given: dict[str, Any] = {"name": person.name, "vendor": "", "concern": concern, "url": _page(concern, template)}
    event = f"{concern.number}:{template}:{occasion}:{person.id}"
    outbox.write(session, outbox.Mail(event, person.email, person.language, template, given))


def _page(concern: Concern, template: str) -> str:
    """Where it leads to: a page that its reader may open."""
    elsewhere = {"concern_opening": "triage.second", "concern_nobody": "people.index"}
    if template in elsewhere:
        return links.absolute(elsewhere[template])
    return links.absolute("triage.show", number=concern.number)
