"""What the public log says of a publication: dates, a status and hashes; no name of a person and no free text."""

import hashlib
from datetime import UTC, date
from typing import Any

from sqlmodel import Session

from assessments.log import canonical
from assessments.models import Certificate, CertificateEvent, EditionPublication, Publication, SigningKey
from assessments.publishing import PublicationKind
from assessments.queries import credentials, publications
from assessments.queries.certificates import newer_than
from assessments.states import CertificateStatus

_AFTER = {
    PublicationKind.GRANT: CertificateStatus.ACTIVE,
    PublicationKind.SUSPEND: CertificateStatus.SUSPENDED,
    PublicationKind.REINSTATE: CertificateStatus.ACTIVE,
    PublicationKind.LIFT: CertificateStatus.ACTIVE,
}
_ENDS = {
    PublicationKind.WITHDRAW: CertificateStatus.WITHDRAWN,
    PublicationKind.TERMINATE: CertificateStatus.TERMINATED,
    PublicationKind.SUPERSEDE: CertificateStatus.SUPERSEDED,
    PublicationKind.EXPIRE: CertificateStatus.EXPIRED,
}


def body_of(session: Session, publication: Publication) -> dict[str, Any]:
    """The entry of a publication, as assessments/log.py describes it."""
    if publication.kind is PublicationKind.KEY:
        return _of_key(session, publication.subject)
    if publication.kind is PublicationKind.EDITION:
        edition = session.get_one(EditionPublication, publication.subject)
        return {"id": edition.edition_id, "digest": edition.digest}
    certificate = session.get_one(Certificate, publication.certificate_id)
    event = publications.event_of(session, publication)
    day = publications.day_of(publication, certificate, event)
    signed = credentials.newest(session, certificate.id)
    body = {
        "certificate": certificate.number,
        "revision": signed.revision if signed else 0,
        "credential": signed.sha256 if signed else "",
        "on": day.isoformat(),
        "status": status_after(publication.kind, certificate, day).value,
        "valid_until": certificate.valid_until.isoformat(),
        "reason": _reason(publication, event),
    }
    if publication.kind is PublicationKind.SUPERSEDE:
        body["newer"] = newer_than(session, certificate, day)
    return body


def status_after(kind: PublicationKind, certificate: Certificate, day: date) -> CertificateStatus:
    """What a certificate is worth from this event on; dates that have passed go before what was decided."""
    if kind in _ENDS:
        return _ENDS[kind]
    if certificate.superseded_on is not None and day >= certificate.superseded_on:
        return CertificateStatus.SUPERSEDED
    if day > certificate.valid_until:
        return CertificateStatus.EXPIRED
    return _AFTER.get(kind, CertificateStatus(certificate.state.value))


def reason_digest(vi: str, en: str) -> str:
    """sha256 of a public reason, {"en":...,"vi":...} with sorted keys and no spaces; "" where none is given."""
    return hashlib.sha256(canonical({"vi": vi, "en": en}).encode()).hexdigest() if vi or en else ""


def _reason(publication: Publication, event: CertificateEvent | None) -> str:
    """Of the event; that a suspension was lifted has no reason of its own."""
    if event is None or publication.kind is PublicationKind.LIFT:
        return ""
    return reason_digest(event.reason_vi, event.reason_en)


def _of_key(session: Session, subject: str) -> dict[str, Any]:
    kid, _, event = subject.partition(":")
    key = session.get_one(SigningKey, kid)
    return {
        "kid": kid,
        "event": event,
        "purpose": key.purpose.value,
        "did": key.did,
        "log_origin": key.log_origin,
        "jwk": key.public_jwk,
        **_lost(key, event),
    }


def _lost(key: SigningKey, event: str) -> dict[str, str]:
    """From when on a key was lost, in the entry that says so."""
    if key.compromised_from is None or not event.startswith("compromised"):
        return {}
    return {"compromised_from": key.compromised_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
