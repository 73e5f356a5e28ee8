"""A JSON Web Signature with Ed25519 over a verifiable credential (VC-JOSE-COSE: the payload is the credential itself).

Ed25519 is deterministic and the payload is written in one way only: the same credential under the same key gives the
same bytes.
"""

import json
from typing import Any

from sqlmodel import Session

from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from registry.keys.ring import KeyUnavailable, encoded, signer

MEDIA_TYPE = "application/vc+jwt"


def key_in_force(session: Session) -> SigningKey:
    """The key that certificates are signed with now. Raises KeyUnavailable."""
    found = queries.active(session, KeyPurpose.ASSERTION)
    if found is None:
        raise KeyUnavailable("There is no key in force for the purpose assertion.")
    return found


def signed(payload: dict[str, Any], key: SigningKey) -> str:
    """The credential as a compact JWS. Raises KeyUnavailable."""
    header = {"alg": "EdDSA", "cty": "vc", "kid": key.method, "typ": "vc+jwt"}
    content = f"{encoded(_written(header))}.{encoded(_written(payload))}"
    return f"{content}.{encoded(signer(key).sign(content.encode()))}"


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()
