"""Keys of the demonstration's own, and what they sign as its past goes on."""

from sqlmodel import Session

from assessments import publications
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from registry import issuing, keys, notices
from registry.keys import making


def begin(session: Session) -> None:
    """Make the keys that are wanting; from here on nobody is written to."""
    session.info[notices.SILENT] = True
    for purpose in KeyPurpose:
        if queries.active(session, purpose) is None:
            making.create(session, purpose, queries.identity(session) or keys.usual_identity())


def publish(session: Session) -> None:
    """What a scene has decided goes out at once, as after the commit of a request."""
    if session.info.pop(publications.NOTED, None) is not None:
        issuing.play(session)
        session.info.pop(publications.NOTED, None)


def finish(session: Session) -> None:
    """What the calendar has ended until today."""
    publications.wake(session)
    publish(session)
