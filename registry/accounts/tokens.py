"""Links that prove a mailbox: signed, for one purpose, for one person, for a while, and good only once.

A token holds a fingerprint of what using it changes, so that it dies with its use; nothing is stored.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from assessments.clock import now
from registry import links
from registry.accounts.models import User


class Purpose(StrEnum):
    """What a link is for; a token of one purpose is nothing to the other."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105  a purpose, not a password


LASTS = {Purpose.VERIFY_EMAIL: timedelta(days=3), Purpose.RESET_PASSWORD: timedelta(minutes=60)}


def issue(purpose: Purpose, user: User) -> str:
    """A token for a link in a mail to this person."""
    return str(_signer(purpose).dumps([user.id.hex, fingerprint(purpose, user), int(now().timestamp())]))


def holder(session: Session, purpose: Purpose, token: str) -> User | None:
    """The person a token was issued to, while it is good: not used, not outdated, not for something else."""
    try:
        user_id, mark, issued = _signer(purpose).loads(token)
        user, age = session.get(User, UUID(hex=user_id)), now().timestamp() - issued
    except (BadData, ValueError, TypeError, AttributeError):
        return None
    if user is None or user.disabled_at is not None or mark != fingerprint(purpose, user):
        return None
    return user if age < LASTS[purpose].total_seconds() else None


def fingerprint(purpose: Purpose, user: User) -> str:
    """What changes when a token is used: the password, and for a first link whether the address is known to be good."""
    verified = purpose is Purpose.VERIFY_EMAIL and user.email_verified_at is not None
    parts = f"{purpose}\n{user.email}\n{user.password_hash}\n{verified}"
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _signer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].signing_keys, salt=links.purpose(f"accounts.{purpose}"))
