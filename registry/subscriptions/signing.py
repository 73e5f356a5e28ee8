"""Signs messages to webhooks as the Standard Webhooks specification has it: HMAC-SHA256 over id, time and body."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret to be shown once."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a receiver checks: the same id at every try, the time of this one, a signature over all."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message at one time."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
