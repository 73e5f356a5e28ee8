"""Signs a revision of a certificate; what was signed once is kept and never changed."""

import hashlib

from sqlmodel import Session

from assessments import log
from assessments.clock import now
from assessments.manifest import file_set_digest
from assessments.models import Certificate, Credential, SigningKey
from assessments.queries import credentials as queries
from registry.credentials.payload import Revision, payload_of
from registry.credentials.signing import key_in_force, signed


def issue(session: Session, certificate: Certificate, event_number: int) -> Credential:
    """The signed form that an event of a certificate asks for; the one that is there when it was signed already.

    The caller holds the certificate's row; the head of the log is held here, so that no place in the lists is given
    out twice. Raises KeyUnavailable.
    """
    there = queries.of_certificate(session, certificate.id)
    if found := next((one for one in there if one.event_number == event_number), None):
        return found
    return _signed(session, certificate, event_number, len(there) + 1)


def issue_anew(session: Session, certificate: Certificate, lost: str) -> Credential:
    """The signed form of a certificate under the key in force, where the one that stands is under a lost one.

    It says the same, has its own place in the lists, and revokes the one before. The caller holds the certificate's
    row. Raises KeyUnavailable.
    """
    there = queries.of_certificate(session, certificate.id)
    if there[-1].kid != lost:
        return there[-1]
    return _signed(session, certificate, there[-1].event_number, len(there) + 1)


def _signed(session: Session, certificate: Certificate, event_number: int, revision: int) -> Credential:
    log.held(session)
    key = key_in_force(session)
    made = Credential(
        certificate_id=certificate.id,
        revision=revision,
        event_number=event_number,
        status_index=queries.next_index(session),
        kid=key.kid,
        issued_at=now().replace(microsecond=0),
        jwt="",
        sha256="",
    )
    made.jwt = written(session, certificate, made, key)
    made.sha256 = hashlib.sha256(made.jwt.encode()).hexdigest()
    session.add(made)
    session.flush()
    return made


def written(session: Session, certificate: Certificate, made: Credential, key: SigningKey) -> str:
    """The bytes of a revision: the same again whenever they are asked for."""
    submission = queries.submission_of(session, certificate)
    revision = Revision(
        certificate,
        queries.content_after(session, certificate, made.event_number),
        made.revision,
        key.did,
        made.status_index,
        made.issued_at,
        file_set_digest(submission.content) if submission else "",
    )
    return signed(payload_of(revision), key)
