"""What the worker does for the log: takes the end of the history into it, and signs what grew meanwhile."""

from assessments import log
from assessments.queries import log as queries
from registry import db
from registry.log import checkpoints


def note_history() -> int:
    """Take the end of the internal history into the log, at most once an hour; returns how many entries were added."""
    with db.reading() as session:
        if not log.owes_history(session, log.HEADS_EVERY):
            return 0
    with db.writing() as session:
        return int(log.note_history(session, every=log.HEADS_EVERY) is not None)


def sign() -> int:
    """Sign the log where it grew and nobody has signed yet; returns how many checkpoints were signed."""
    with db.reading() as session:
        head = queries.head(session)
        if head.size == head.signed_size:
            return 0
    with db.writing() as session:
        return int(checkpoints.renew(session))
