"""The edition of new applications, for the pages of one request."""

from assessments.clock import today
from assessments.queries import editions as queries
from criteria.model import Edition
from registry import db


def current() -> Edition:
    """The edition in force today, asked once per request; refuses when there is none (EditionError)."""
    session, key = db.session(), ("edition in force", today())
    if key not in session.info:
        session.info[key] = queries.current(session)
    found: Edition = session.info[key]
    return found
