"""Writes what the check of a number reads: certificates with their decisions, signed texts and lines of the log.

The signed texts and the log's tree have the size of real ones and are none: whoever verifies them is told so. Never for
a database that anything else uses.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from assessments.clock import now
from assessments.models import Certificate, CertificateEvent, Credential, LogEntry, LogHead, SigningKey
from assessments.publishing import KeyPurpose
from assessments.states import CertificateAction
from bench import contents, shelving
from bench.products import Made

KID = "assertion-bench"
DID = "did:web:registry.example"
ORIGIN = "registry.example/log"
JWT = "e" * 3_900 + "."  # characters before what differs; a real one has some 4,000
STOOD = ("vendor", "updates", "surveillance", "versions", "history", "conditions", "state_since")  # of the listing only


def write(session: Session, rows: Sequence[shelving.Row]) -> None:
    """Write what stands behind some listings, into a database that has no certificates; for shelving.fill."""
    if rows and not rows[0][0].number:
        _begin(session)
    shelving.put(session, Certificate, [_certificate(made, row) for made, row in rows])
    shelving.put(session, CertificateEvent, [one for made, row in rows for one in _events(made, row)])
    shelving.put(session, Credential, [_credential(made, row) for made, row in rows])
    shelving.put(session, LogEntry, [_entry(made, row) for made, row in rows])
    size = rows[-1][0].number + 1
    signed = {"signed_size": size, "checkpoint": _checkpoint(size)}
    session.merge(LogHead.model_validate({"id": 1, "size": size, "root": _hash(size), "signed_at": now(), **signed}))


def _begin(session: Session) -> None:
    """Name the key that all are signed with."""
    key = {"kid": KID, "purpose": KeyPurpose.ASSERTION, "did": DID, "log_origin": ORIGIN}
    shelving.put(session, SigningKey, [{**key, "public_jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}}])


def _certificate(made: Made, row: dict[str, Any]) -> dict[str, Any]:
    content = {key: value for key, value in row["content"].items() if key not in STOOD}
    at = _moment(row)
    return {
        "id": row["certificate_id"],
        "number": row["number"],
        "year": shelving.YEAR,
        "serial": made.number + 1,
        "application_id": shelving.id_of("application", made.number),
        "decision_id": shelving.id_of("decision", made.number),
        "product_id": row["product_id"],
        "vendor_id": shelving.id_of("vendor", len(made.vendor)),
        "level": content["level"]["code"],
        "edition_id": content["edition"]["id"],
        "edition_digest": content["edition"]["digest"],
        "submission_digest": content["submission"]["digest"],
        "content": {**content, "vendor": row["content"]["vendor"]},
        "decided_on": row["valid_from"] - timedelta(days=7),
        "valid_from": row["valid_from"],
        "valid_until": row["valid_until"],
        "state": row["state"],
        "state_since": row["valid_from"],
        "issued_at": at,
        "published_at": at,
    }


def _events(made: Made, row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": shelving.id_of(f"event {place}", made.number),
            "certificate_id": row["certificate_id"],
            "number": place,
            "action": CertificateAction(action),
            **{f"reason_{language}": text for language, text in contents.reason_of(action).items()},
            "decided_by": shelving.id_of("user", 1),
            "decided_at": _moment(row),
            "effective_on": row["valid_from"],
            "confirmed_by": shelving.id_of("user", 2),
            "confirmed_at": _moment(row),
        }
        for place, action in enumerate(contents.decided(made), 1)
    ]


def _credential(made: Made, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "certificate_id": row["certificate_id"],
        "revision": 1,
        "event_number": 1,
        "status_index": made.number,
        "kid": KID,
        "issued_at": _moment(row),
        "jwt": f"{JWT}{made.number:064x}",
        "sha256": _hash(made.number),
    }


def _entry(made: Made, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "index": made.number,
        "key": f"{row['number']}:1:grant",
        "kind": "grant",
        "body": f'{{"certificate":"{row["number"]}","credential":"{_hash(made.number)}","kind":"grant","revision":1}}',
        "leaf_hash": _hash(made.number),
        "certificate_id": row["certificate_id"],
        "at": _moment(row),
    }


def _checkpoint(size: int) -> str:
    return f"{ORIGIN}\n{size}\n{'A' * 43}=\n\n— {ORIGIN} {'A' * 88}\n"


def _hash(number: int) -> str:
    return f"{number:064x}"


def _moment(row: dict[str, Any]) -> datetime:
    return datetime.combine(row["valid_from"], time(), UTC)
