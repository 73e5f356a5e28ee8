"""How long a session lasts: shorter for people of the club than for people of companies; the settings say it.

Judged at every request by what the person is now, so that a role given in the meantime shortens a session at once.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from assessments.clock import now
from registry.accounts.models import LoginSession, User

HALFWAY = timedelta(minutes=30)  # from the password to the second factor, setting one up included


@dataclass(frozen=True)
class Limit:
    """How long a session may rest, and how long it lasts altogether."""

    idle: timedelta
    whole: timedelta


def of(user: User) -> Limit:
    """The limits of a person, by what they are."""
    settings = current_app.config["SETTINGS"]
    if user.roles:
        return Limit(timedelta(minutes=settings.club_idle_minutes), timedelta(hours=settings.club_session_hours))
    return Limit(timedelta(hours=settings.company_idle_hours), timedelta(hours=settings.company_session_hours))


def runs(user: User, row: LoginSession) -> bool:
    """Whether a session has been used lately enough, and has not gone on for too long."""
    limit, moment = of(user), now()
    whole = HALFWAY if owes_factor(user, row) else limit.whole
    return moment - row.seen_at < limit.idle and moment - row.created_at < whole


def owes_factor(user: User, row: LoginSession) -> bool:
    """Whether this session has still to show a second factor, or to set one up, before anything else."""
    if row.factor_at is not None:
        return False
    return row.asks_factor or (bool(user.roles) and current_app.config["SETTINGS"].club_shows_factors)
