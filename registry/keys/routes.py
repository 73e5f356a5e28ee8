"""Routes under /.well-known: the public keys with their history, and the document behind did:web."""

from typing import Any

from flask import Blueprint, jsonify
from werkzeug import Response

from assessments.errors import NotFound
from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from registry import access, db

bp = Blueprint("keys", __name__, url_prefix="/.well-known")

MAX_AGE = 60  # seconds


@bp.get("/jwks.json")
@access.public
def jwks() -> Response:
    """Every public key there ever was (RFC 7517), with what it signs and from when to when."""
    return _shown(key_set(queries.everyone(db.session())), "application/jwk-set+json")


@bp.get("/did.json")
@access.public
def did() -> Response:
    """The DID document; the keys of certificates assert, retired ones too: what they signed stands; lost ones not."""
    keys = queries.everyone(db.session())
    if not keys:
        raise NotFound
    return _shown(document(keys), "application/did+ld+json")


def key_set(keys: list[SigningKey]) -> dict[str, Any]:
    """A JWK set: `kid` is the full name that signatures carry; purpose, active_from, retired_at and compromised_from
    are our own."""
    return {"keys": [_jwk(key) for key in keys]}


def document(keys: list[SigningKey]) -> dict[str, Any]:
    """The DID document of the issuer (DID Core 1.0) with every key as a verification method."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": keys[0].did,
        "verificationMethod": [
            {
                "id": key.method,
                "type": "JsonWebKey",
                "controller": key.did,
                "publicKeyJwk": key.public_jwk | {"kid": key.kid, "alg": "EdDSA"},
            }
            for key in keys
        ],
        "assertionMethod": [
            key.method for key in keys if key.purpose is KeyPurpose.ASSERTION and key.compromised_from is None
        ],
    }


def _jwk(key: SigningKey) -> dict[str, Any]:
    return {
        **key.public_jwk,
        "kid": key.method,
        "use": "sig",
        "alg": "EdDSA",
        "purpose": key.purpose.value,
        "active_from": key.active_from.isoformat(timespec="seconds"),
        "retired_at": key.retired_at.isoformat(timespec="seconds") if key.retired_at else None,
        "compromised_from": key.compromised_from.isoformat(timespec="seconds") if key.compromised_from else None,
    }


def _shown(content: dict[str, Any], media_type: str) -> Response:
    response = jsonify(content)
    response.headers["Content-Type"] = media_type
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
