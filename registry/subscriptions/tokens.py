"""The links of subscriptions: each signed for one purpose and one subscription; those that confirm last some days.

The link that ends a subscription never gets old: a letter may be read after years.
"""

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from assessments.clock import now
from assessments.subscriptions import CONFIRM_DAYS
from registry import links


class Purpose(StrEnum):
    """What a link is for; a token of one purpose is nothing to the other."""

    CONFIRM = "confirm"
    END = "end"


def issue(purpose: Purpose, subscription_id: UUID) -> str:
    """A token for a link in a letter."""
    return str(_signer(purpose).dumps([subscription_id.hex, int(now().timestamp())]))


def read(purpose: Purpose, token: str) -> UUID | None:
    """The subscription a token is for; None for one that is forged, for something else, or too old to confirm with."""
    try:
        subscription_id, issued = _signer(purpose).loads(token)
        found = UUID(hex=subscription_id)
        old = now().timestamp() - issued > timedelta(days=CONFIRM_DAYS).total_seconds()
    except (BadData, ValueError, TypeError, AttributeError):
        return None
    return None if old and purpose is Purpose.CONFIRM else found


def marks_of(*parts: str) -> list[str]:
    """Keyed hashes of what was asked: the same for the same, and nothing to whoever reads the table.

    The first is that of SECRET_KEY; the others are of the keys before it, under which it may have been asked.
    """
    said = "\n".join(("subscription", *parts)).encode()
    keys = reversed(current_app.config["SETTINGS"].signing_keys)
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in keys]


def _signer(purpose: Purpose) -> URLSafeSerializer:
    keys = current_app.config["SETTINGS"].signing_keys
    return URLSafeSerializer(keys, salt=links.purpose(f"subscriptions.{purpose}"))
