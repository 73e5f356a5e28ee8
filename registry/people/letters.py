"""The letter to a person in whose register the office has written."""

from sqlmodel import Session

from assessments.models import Interest
from registry import links
from registry.accounts.models import User
from registry.mail import outbox


def interest_reported(session: Session, person: User, entry: Interest) -> None:
    """Say what was written and where the office has it from, in the transaction that writes it."""
    template = "interest_reported"
    values = {
        "name": person.name,
        "organisation": entry.organisation,
        "source": entry.source,
        "url": links.absolute("people.own_interests", person.language),
    }
    outbox.write(session, outbox.Mail(f"{entry.id}:{template}", person.email, person.language, template, values))
