"""Checks for fsck: pages, lists, log and signatures tell the same of a certificate, but for what is on its way."""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import Certificate, Credential, LogEntry, LogKind, Publication, SigningKey, StatusList
from assessments.publishing import StatusPurpose
from assessments.queries import credentials as signatures
from assessments.queries import keys as queries_of_keys
from assessments.queries import publications as queries
from assessments.queries.certificates import status
from assessments.queries.credentials import SIZE
from registry.log import checking

EVERY = 1_000_000_000


def everything(session: Session, _asked: object = None) -> Iterator[str]:
    """Whatever is wrong, as sentences."""
    keys = {key.kid: key for key in session.exec(select(SigningKey)).all()}
    waiting = _on_their_way(session)
    yield from _signatures(session, keys)
    yield from _publications(session)
    yield from _certificates(session, waiting)
    yield from _lists(session, keys, waiting)
    yield from _lost(session, waiting)


def _on_their_way(session: Session) -> set[UUID]:
    """The certificates about which something has still to go out."""
    unfinished = select(Publication.certificate_id).where(
        queries.is_open(), col(Publication.certificate_id).is_not(None)
    )
    noted = {one for one in session.exec(unfinished).all() if one is not None}
    return noted | set(queries.certificates_to_note(session, today(), EVERY))


def _signatures(session: Session, keys: dict[str, SigningKey]) -> Iterator[str]:
    """Every signed certificate is the one that was signed."""
    question = select(Certificate.number, Credential).join(
        Certificate, col(Certificate.id) == col(Credential.certificate_id)
    )
    for number, one in session.exec(question.order_by(col(Credential.status_index)).execution_options(yield_per=100)):
        if hashlib.sha256(one.jwt.encode()).hexdigest() != one.sha256 or not _holds(one.jwt, keys.get(one.kid)):
            yield f"The signed form {one.revision} of {number} was changed."


def _publications(session: Session) -> Iterator[str]:
    """What has gone into the log stands there, and nothing about a certificate stands there that nobody sent."""
    told = session.exec(select(LogEntry.key, LogEntry.index).where(LogEntry.kind != LogKind.HEAD)).all()
    entries: dict[str, int] = dict(told)
    for one in session.exec(select(Publication).order_by(col(Publication.id))):
        if entries.pop(one.key, None) != one.log_index:
            yield f"Publication {one.key} is not in the log where it should be."
    for key in sorted(entries):
        yield f"The log has an entry {key} that nobody sent."


def _certificates(session: Session, waiting: set[UUID]) -> Iterator[str]:
    """What the log says of a certificate last is what it is; every one that was published is signed."""
    entries = select(LogEntry.certificate_id, LogEntry.body).where(col(LogEntry.certificate_id).is_not(None))
    last = dict(session.exec(entries.order_by(col(LogEntry.index))).all())
    signed = set(session.exec(select(Credential.certificate_id)).all())
    for one in session.exec(select(Certificate).order_by(col(Certificate.number))):
        if one.id in waiting or one.id not in last:
            continue
        if one.id not in signed:
            yield f"{one.number} is in the log and was never signed."
        shown, logged = status(one, today()).value, json.loads(last[one.id])["status"]
        if shown != logged:
            yield f"{one.number} is {shown}, the log says {logged}."


def _lists(session: Session, keys: dict[str, SigningKey], waiting: set[UUID]) -> Iterator[str]:
    """Every bit is what the certificate is, and every list is the one that was signed."""
    for one in signatures.lists(session):
        if not _holds(one.jwt, keys.get(one.kid)):
            yield f"The status list {one.name} was changed."
        yield from _bits(session, one, waiting)


def _lost(session: Session, waiting: set[UUID]) -> Iterator[str]:
    """Nothing that counts today stands under a key that others have."""
    going = {one.number for one in session.exec(select(Certificate).where(col(Certificate.id).in_(waiting))).all()}
    for key in queries_of_keys.lost(session):
        for number, _signed_at in queries_of_keys.signed_with(session, key.kid):
            if number not in going:
                yield f"{number} is signed with {key.kid}, which was lost: keys reissue {key.kid}"
    lost = {key.kid for key in queries_of_keys.lost(session)}
    for one in signatures.lists(session):
        if one.kid in lost:
            yield f"The status list {one.name} is signed with {one.kid}, which was lost; the worker signs it again."


def _bits(session: Session, kept: StatusList, waiting: set[UUID]) -> Iterator[str]:
    places = list(signatures.places_of(session, kept.number))
    newest = {credential.certificate_id: credential.revision for credential, _ in places}
    for credential, certificate in places:
        if certificate.id in waiting:
            continue
        wanted = signatures.is_set(
            StatusPurpose(kept.purpose),
            certificate,
            status(certificate, today()),
            newest=newest[certificate.id] == credential.revision,
        )
        place = credential.status_index % SIZE
        if bool(kept.bits[place // 8] & (0x80 >> place % 8)) != wanted:
            yield f"The status list {kept.name} is wrong about {certificate.number}."


def _holds(jwt: str, key: SigningKey | None) -> bool:
    """Whether a signature is the one of this key."""
    content, _, signature = jwt.rpartition(".")
    if key is None:
        return False
    public = Ed25519PublicKey.from_public_bytes(_decoded(key.public_jwk["x"]))
    try:
        public.verify(_decoded(signature), content.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


CHECKS = (checking.sound, everything)
