"""The snapshot: all that somebody needs to check certificates later, when we are not there. Keys once published stay.

format        1
as_of         the moment of all that follows, UTC
issuer        the name under which certificates are signed now, did:web:HOST; "" before the first key
keys          the JWK set of /.well-known/jwks.json: did, purpose (assertion, log), active_from, retired_at or null,
              compromised_from or null, and for keys of the log log_origin
status_lists  {address: the list as it is signed}: VC-JOSE-COSE, Bitstring Status List 1.0
checkpoint    the head of the public log, a signed note; "" before the first
log_key       the key of the log as signed notes write it (vkey); "" before the first
"""

import json
from base64 import urlsafe_b64decode
from datetime import UTC
from typing import Any

from sqlmodel import Session

from assessments.clock import now
from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import credentials, log
from registry import keys
from registry.keys.routes import key_set
from registry.log.checkpoints import verifier_of

FORMAT = 1


def snapshot_of(session: Session) -> dict[str, Any]:
    """What this module's opening names, as of now."""
    found = keys.everyone(session)
    issuer, log_key = _last(found, KeyPurpose.ASSERTION), _last(found, KeyPurpose.LOG)
    return {
        "format": FORMAT,
        "as_of": now().astimezone(UTC).isoformat(timespec="seconds"),
        "issuer": issuer.did if issuer else "",
        "keys": {"keys": [_key(key, jwk) for key, jwk in zip(found, key_set(found)["keys"], strict=True)]},
        "status_lists": {_address(one.jwt): one.jwt for one in credentials.lists(session)},
        "checkpoint": log.head(session).checkpoint,
        "log_key": verifier_of(log_key).text if log_key else "",
    }


def _last(found: list[SigningKey], purpose: KeyPurpose) -> SigningKey | None:
    """The key of a purpose that signs now, or signed last."""
    return next((key for key in reversed(found) if key.purpose is purpose), None)


def _key(key: SigningKey, jwk: dict[str, Any]) -> dict[str, Any]:
    return {**jwk, "log_origin": key.log_origin} if key.purpose is KeyPurpose.LOG else jwk


def _address(jwt: str) -> str:
    """The address that a list has, as it says itself."""
    payload = jwt.split(".")[1]
    address: str = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["id"]
    return address
