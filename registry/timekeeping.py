"""Whether the clock of this machine can be trusted: the worker does nothing while it stands far from its last turn.

What the clock decides cannot be taken back: certificates end, deadlines pass, the public log says so for ever. A clock
that jumped by years would end them all in one turn.
"""

from datetime import timedelta

from flask import current_app
from sqlmodel import Session, select

from assessments.clock import now
from registry.mail.models import WORKER, Heartbeat

BACK = timedelta(hours=1)  # no clock is set back further by anybody who means well
AHEAD = timedelta(days=40)  # nobody leaves a registry without its worker for so long


def trouble(session: Session) -> str:
    """What is wrong with the clock, as a sentence for the log; "" when nothing is."""
    seen = session.exec(select(Heartbeat.at).where(Heartbeat.name == WORKER)).first()
    if seen is None or current_app.config["SETTINGS"].demonstration:
        return ""
    if -BACK <= now() - seen <= AHEAD:
        return ""
    way = "ahead of" if now() > seen else "behind"
    return (
        f"the clock stands far {way} the last turn, {now():%Y-%m-%d %H:%M} against {seen:%Y-%m-%d %H:%M} UTC: nothing "
        "is done. Set the clock; if it is right, start the worker once with --trust-clock."
    )


def trust(session: Session) -> None:
    """The clock is right, whatever was written: go on from here."""
    session.merge(Heartbeat(name=WORKER, at=now()))
