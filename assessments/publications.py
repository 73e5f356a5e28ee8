"""Publications: what has to be told to the public is written down in the transaction of the decision itself.

The chain that signs it, puts it into the log and shows it runs after the commit (registry/issuing): whatever is cut off
in between is finished later, from these rows.
"""

from sqlmodel import Session, select

from assessments.clock import now, today
from assessments.models import Certificate, Publication
from assessments.publishing import PublicationKind
from assessments.queries import publications as queries
from assessments.queries.certificates import ended_unheard

NOTED = "publications"  # key of Session.info: the ids of those this transaction has written; there when it woke others


def note(session: Session, certificate: Certificate) -> list[Publication]:
    """Write down what of a certificate's events is not on its way yet, in order; what is on its way stays.

    What waited about a certificate that ended before its first day becomes void: nobody has heard of it. The caller
    holds the certificate's row.
    """
    there = queries.of_certificate(session, certificate.id)
    if ended_unheard(certificate):
        for one in there:
            _void(session, one)
        return []
    known = {one.key for one in there}
    made = [
        Publication(
            key=told.key(certificate),
            kind=told.kind,
            certificate_id=certificate.id,
            event_number=told.number,
            due_at=told.due_at,
        )
        for told in queries.told_of(session, certificate, today())
        if told.key(certificate) not in known
    ]
    for one in made:  # one after the other: they go out in the order of their numbers
        _write(session, one)
    return made


def tell_of_edition(session: Session, edition_id: str) -> Publication | None:
    """Have a published edition go into the log; None when that is on its way. The caller holds the edition's row."""
    key, kind = f"edition:{edition_id}", PublicationKind.EDITION
    if queries.with_key(session, key) is not None:
        return None
    return _write(session, Publication(key=key, kind=kind, subject=edition_id, due_at=now()))


def tell_of_key(session: Session, kid: str, event: str) -> Publication:
    """Have what happened to a key (created, rotated, retired, compromised) go into the log."""
    subject, kind = f"{kid}:{event}", PublicationKind.KEY
    return _write(session, Publication(key=f"key:{subject}", kind=kind, subject=subject, due_at=now()))


def tell_reissued(session: Session, number: str, kid: str) -> Publication | None:
    """Have a certificate signed anew, and its new signature go into the log, because the key of the old one was lost.

    None when that is on its way or done. Nobody has decided anything: what it says and what it is worth stay.
    """
    certificate = session.exec(select(Certificate).where(Certificate.number == number).with_for_update()).one()
    key = f"{number}:reissue:{kid}"
    if queries.with_key(session, key) is not None:
        return None
    return _write(
        session,
        Publication(key=key, kind=PublicationKind.REISSUE, certificate_id=certificate.id, subject=kid, due_at=now()),
    )


def wake(session: Session) -> None:
    """Have what is due go out after this transaction, though it was written down in an earlier one."""
    session.info.setdefault(NOTED, [])


def _write(session: Session, publication: Publication) -> Publication:
    session.add(publication)
    session.flush()
    session.info.setdefault(NOTED, []).append(publication.id)
    return publication


def _void(session: Session, publication: Publication) -> None:
    if publication.published_at is None and publication.voided_at is None:
        publication.voided_at = now()
        session.add(publication)
