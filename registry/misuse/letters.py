"""The letter about a new report: to the coordinators, with a number and no word of what was said."""

from typing import Any

from sqlmodel import Session

from assessments.models import MisuseReport
from assessments.queries import misuse as queries
from registry import links
from registry.mail import outbox


def tell_office(session: Session, report: MisuseReport) -> None:
    """Write to every coordinator, once for each report."""
    for person in queries.office(session):
        url = links.absolute("misuse.show", number=report.number)
        values: dict[str, Any] = {"name": person.name, "vendor": "", "report": report, "url": url}
        event = f"{report.number}:misuse_received:{person.id}"
        outbox.write(session, outbox.Mail(event, person.email, person.language, "misuse_received", values))
