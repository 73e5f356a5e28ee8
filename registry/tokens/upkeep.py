"""What the worker does for tokens: writes before one expires, and when one ended without its owners' doing."""

from datetime import timedelta

from assessments.clock import now, today
from assessments.models import ApiToken
from assessments.queries import tokens as queries
from registry import db
from registry.tokens import letters

WARN_DAYS = 14


def warn_of_expiry() -> int:
    """Write to owners of tokens that expire within two weeks, once each; returns of how many."""
    before = today() + timedelta(days=WARN_DAYS + 1)
    with db.reading() as session:
        if not queries.to_warn(session, before):
            return 0
    with db.writing() as session:
        found = queries.to_warn(session, before)
        for token_id in found:
            token = session.get_one(ApiToken, token_id)
            token.warned_at = now()
            session.add(token)
            if (token.expires_at - token.made_at).days > WARN_DAYS:
                letters.expiring(session, token)
    return len(found)


def tell_of_ended() -> int:
    """Write to owners of tokens that ended because of an address, or of who made them; returns of how many."""
    with db.reading() as session:
        if not queries.to_tell(session):
            return 0
    with db.writing() as session:
        found = queries.to_tell(session)
        for token_id in found:
            token = session.get_one(ApiToken, token_id)
            token.told_at = now()
            session.add(token)
            letters.ended(session, token)
    return len(found)
