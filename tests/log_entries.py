"""Entries for the public log of a test, and its checkpoint."""

from flask import Flask
from sqlmodel import Session

from assessments import log
from assessments.models import LogEntry
from assessments.queries import log as queries
from registry.log import checkpoints


def edition(session: Session, name: object) -> LogEntry:
    """An entry that takes nothing else to be there."""
    return log.append(session, "edition", f"edition:{name}", {"id": f"vcsc-{name}", "digest": "0" * 64})


def fill(app: Flask, session: Session, count: int) -> None:
    """Add entries and sign them."""
    first = queries.head(session).size
    with app.app_context():
        for number in range(first, first + count):
            edition(session, number)
        checkpoints.renew(session)
        session.commit()
