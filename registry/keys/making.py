"""What is done to the registry's keys: made, rotated, retired, found lost; each is told to the public log."""

import re
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, select

from assessments import publications
from assessments.clock import now
from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from assessments.queries.keys import Identity
from registry.keys import ring

HOST = r"[A-Za-z0-9][A-Za-z0-9.-]*"
DID = re.compile(rf"did:web:{HOST}(%3A\d+)?")
ORIGIN = re.compile(rf"{HOST}(:\d+)?(/[A-Za-z0-9._~/-]*)?")
KID_LENGTH = 8  # of the thumbprint in a key's name


class KeyRefused(Exception):
    """What was asked of a key cannot be; the message says why."""


def create(session: Session, purpose: KeyPurpose, wanted: Identity) -> SigningKey:
    """Make the first key of a purpose; the private half is written to its file before the row.

    Refuses (KeyRefused) a second key in force (that is what rotating is for), a name that cannot be one, and another
    issuer or log origin than the keys before have.
    """
    _check(session, wanted)
    if queries.active(session, purpose) is not None:
        raise KeyRefused(f"There is a key in force for {purpose.value}; take another with: keys rotate")
    return _made(session, purpose, wanted, "created")


def rotate(session: Session, purpose: KeyPurpose) -> SigningKey:
    """Let a new key take the place of the one in force, which is retired: what it has signed still verifies.

    Refuses (KeyRefused) where no key is in force.
    """
    former = queries.active(session, purpose)
    if former is None:
        raise KeyRefused(f"There is no key in force for {purpose.value}; make one with: keys create")
    made = _made(session, purpose, Identity(former.did, former.log_origin), "rotated")
    retire(session, former.kid)
    return made


def retire(session: Session, kid: str) -> SigningKey:
    """Let a key sign no more from now on; refuses (KeyRefused) an unknown one and one that was retired."""
    found = _held(session, kid)
    if found.retired_at is not None:
        raise KeyRefused(f"{kid} was retired on {found.retired_at:%Y-%m-%d}.")
    found.retired_at = max(now(), found.active_from)
    session.add(found)
    publications.tell_of_key(session, found.kid, "retired")
    return found


def compromise(session: Session, kid: str, since: datetime) -> SigningKey:
    """Write down that others may have a key from a moment on; where it is in force, another takes its place.

    What it signed from then on counts no more; what says that it was signed before counts where the public log knows of
    it. Refuses (KeyRefused) an unknown key, a moment that lies ahead, and a later one than is known.
    """
    found = _held(session, kid)
    if since > now():
        raise KeyRefused("That day lies ahead.")
    since = max(since, found.active_from)
    if found.compromised_from is not None and found.compromised_from <= since:
        raise KeyRefused(f"{kid} is known to be lost from {found.compromised_from:%Y-%m-%d %H:%M} UTC on.")
    if found.retired_at is None:
        _made(session, found.purpose, Identity(found.did, found.log_origin), "rotated")
        retire(session, kid)
    again = found.compromised_from is not None
    found.compromised_from = since
    session.add(found)
    session.flush()
    publications.tell_of_key(session, kid, f"compromised-{since:%Y%m%d%H%M}" if again else "compromised")
    return found


def _held(session: Session, kid: str) -> SigningKey:
    found = session.exec(select(SigningKey).where(SigningKey.kid == kid).with_for_update()).one_or_none()
    if found is None:
        raise KeyRefused(f"There is no key {kid}.")
    return found


def _made(session: Session, purpose: KeyPurpose, wanted: Identity, event: str) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    jwk = ring.jwk_of(private.public_key())
    kid = f"{purpose.value}-{ring.thumbprint(jwk)[:KID_LENGTH]}"
    ring.keep(kid, private)
    made = SigningKey(kid=kid, purpose=purpose, public_jwk=jwk, did=wanted.did, log_origin=wanted.log_origin)
    session.add(made)
    session.flush()
    publications.tell_of_key(session, kid, event)
    return made


def _check(session: Session, wanted: Identity) -> None:
    fixed = queries.identity(session)
    if fixed is not None and fixed != wanted:
        raise KeyRefused(f"Issuer and log are fixed: {fixed.did}, {fixed.log_origin}.")
    if not DID.fullmatch(wanted.did):
        raise KeyRefused("An issuer is did:web: and a host, such as did:web:registry.example.vn.")
    if not ORIGIN.fullmatch(wanted.log_origin):
        raise KeyRefused("The origin of a log is a host and a path, such as registry.example.vn/log.")
