"""Status lists (Bitstring Status List 1.0): a bit for each credential, signed anew at every change and every day.

revocation says that a credential counts no more: withdrawn, ended by the vendor, replaced by another certificate or by
another revision of its own. suspension says that it does not count for the time being. A copy that somebody keeps says
until when it may be trusted.
"""

import gzip
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from assessments.clock import now, today
from assessments.models import Certificate, Credential, StatusList
from assessments.publishing import KeyPurpose, StatusPurpose
from assessments.queries import credentials as queries
from assessments.queries import keys
from assessments.queries.certificates import status
from assessments.queries.credentials import SIZE
from registry.credentials.payload import CONTEXTS, list_address, moment
from registry.credentials.signing import key_in_force, signed
from registry.keys.ring import encoded

GOOD_FOR = timedelta(days=7)
ANEW = timedelta(days=1)


def renew(session: Session, certificate: Certificate) -> None:
    """Write what a certificate is worth today into the lists its credentials stand in, and sign those that change.

    The caller holds the certificate's row. Raises KeyUnavailable.
    """
    credentials = queries.of_certificate(session, certificate.id)
    for purpose in StatusPurpose:
        for number in sorted({one.status_index // SIZE + 1 for one in credentials}):
            _renew_one(session, certificate, credentials, (purpose, number))


def sign_again(session: Session) -> int:
    """Sign the lists that were signed a day ago or by a key that is no longer in force; returns how many.

    Raises KeyUnavailable.
    """
    found = old(session)
    for one in found:
        if held := _held(session, one.purpose, one.number):
            _sign(session, held)
    return len(found)


def old(session: Session) -> list[StatusList]:
    """The lists that have to be signed again; those that a clock has signed that ran ahead are among them."""
    key = keys.active(session, KeyPurpose.ASSERTION)
    kid = key.kid if key else ""
    return [one for one in queries.lists(session) if not now() - ANEW < one.signed_at <= now() + ANEW or one.kid != kid]


def expected(session: Session, purpose: StatusPurpose, number: int) -> bytes:
    """The bits as they should be by the certificates' rows: for the check of everything."""
    bits = bytearray(SIZE // 8)
    places = list(queries.places_of(session, number))
    last = {credential.certificate_id: credential.revision for credential, _certificate in places}
    for credential, certificate in places:
        newest = last[certificate.id] == credential.revision
        _put(bits, credential.status_index, _says(purpose, certificate, newest=newest))
    return bytes(bits)


def says(jwt: str, place: int) -> bool:
    """What a signed list says of a place; the signature is for others to check."""
    return _bit(unpacked(jwt), place)


def unpacked(jwt: str) -> bytes:
    """The bits inside a signed list."""
    body = jwt.split(".")[1]
    content = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    packed = content["credentialSubject"]["encodedList"][1:]
    return gzip.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))


def _renew_one(
    session: Session, certificate: Certificate, credentials: list[Credential], place: tuple[StatusPurpose, int]
) -> None:
    purpose, number = place
    kept = _held(session, purpose, number)
    before = kept.bits if kept else bytes(SIZE // 8)
    bits = bytearray(before)
    for one in credentials:
        if one.status_index // SIZE + 1 == number:
            _put(bits, one.status_index, _says(purpose, certificate, newest=one is credentials[-1]))
    if kept is None or bytes(bits) != before:
        kept = kept or StatusList(
            name=f"{purpose.value}-{number}", purpose=purpose, number=number, bits=b"", kid="", signed_at=now(), jwt=""
        )
        kept.bits = bytes(bits)
        _sign(session, kept)


def _says(purpose: StatusPurpose, certificate: Certificate, *, newest: bool) -> bool:
    return queries.is_set(purpose, certificate, status(certificate, today()), newest=newest)


def _held(session: Session, purpose: StatusPurpose, number: int) -> StatusList | None:
    question = select(StatusList).where(StatusList.purpose == purpose, StatusList.number == number)
    return session.exec(question.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _sign(session: Session, kept: StatusList) -> None:
    key = key_in_force(session)
    kept.kid, kept.signed_at = key.kid, now().replace(microsecond=0)
    kept.jwt = signed(_payload(kept, key.did), key)
    session.add(kept)
    session.flush()


def _payload(kept: StatusList, did: str) -> dict[str, Any]:
    address = list_address(did, kept.purpose, kept.number)
    return {
        "@context": [CONTEXTS[0]],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": moment(kept.signed_at),
        "validUntil": moment(kept.signed_at + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": kept.purpose.value,
            "encodedList": "u" + encoded(gzip.compress(kept.bits, mtime=0)),
        },
    }


def _put(bits: bytearray, index: int, value: bool) -> None:  # noqa: FBT001  a bit
    """Set or clear a place; place 0 is the first bit from the left."""
    byte, bit = divmod(index % SIZE, 8)
    mask = 0x80 >> bit
    bits[byte] = bits[byte] | mask if value else bits[byte] & ~mask


def _bit(bits: bytes, index: int) -> bool:
    byte, bit = divmod(index % SIZE, 8)
    return bool(bits[byte] & (0x80 >> bit))
