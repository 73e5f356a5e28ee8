"""The steps from a decision to the public: signed, then in the log, then on pages, in lists and in letters.

Each is done once: it asks the row how far the publication has come, and its caller commits it alone. Nothing is shown
before it stands in the log.
"""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import catalogue, log, publications
from assessments.clock import now, today
from assessments.models import Certificate, Publication
from assessments.publishing import PublicationKind
from assessments.queries import credentials as signatures
from assessments.queries import publications as queries
from registry import notices
from registry.credentials import lists, making
from registry.issuing.entries import body_of
from registry.log import checkpoints

Step = Callable[[Session, Publication], None]


def next_step(publication: Publication) -> Step | None:
    """What is next; None for what has gone out or become void."""
    if publication.published_at is not None or publication.voided_at is not None:
        return None
    if publication.signed_at is None:
        return sign
    return publish if publication.logged_at is not None else write_into_log


def sign(session: Session, publication: Publication) -> None:
    """Sign the certificate, where the event asks for a signature of its own. Raises KeyUnavailable."""
    event = queries.event_of(session, publication)
    if publication.certificate_id and publication.kind is PublicationKind.REISSUE:
        making.issue_anew(session, held(session, publication.certificate_id), publication.subject)
    if publication.certificate_id and event and publication.kind is not PublicationKind.LIFT:
        certificate = held(session, publication.certificate_id)
        if signatures.asks_for_another(session, event):
            making.issue(session, certificate, event.number)
    publication.signed_at = now()
    session.add(publication)


def write_into_log(session: Session, publication: Publication) -> None:
    """Append the entry, and sign how far the log has come; an entry that is there under this key is the one."""
    about = publication.certificate_id
    body = body_of(session, publication)
    entry = log.append(session, publication.kind.value, publication.key, body, certificate_id=about)
    publication.logged_at, publication.log_index = now(), entry.index
    session.add(publication)
    checkpoints.renew(session)


def publish(session: Session, publication: Publication) -> None:
    """Show it: the catalogue, the status lists, and of a new certificate the letter to its company.

    Raises KeyUnavailable.
    """
    if publication.certificate_id is not None:
        certificate = held(session, publication.certificate_id)
        lists.renew(session, certificate)
        if publication.kind is PublicationKind.GRANT:
            _publish_first(session, certificate)
        elif publication.kind in {PublicationKind.REDUCE, PublicationKind.RESTORE}:
            catalogue.refresh(session, certificate.product_id)
    publication.published_at = now()
    session.add(publication)


def held(session: Session, certificate_id: UUID) -> Certificate:
    """A certificate as it is now, its row held."""
    question = select(Certificate).where(Certificate.id == certificate_id)
    return session.exec(question.with_for_update().execution_options(populate_existing=True)).one()


def _publish_first(session: Session, certificate: Certificate) -> None:
    """From here on the public knows the certificate; those whose place it takes are told of as well."""
    if certificate.published_at is None:
        certificate.published_at = now()
        session.add(certificate)
        session.flush()
        catalogue.refresh(session, certificate.product_id)
        notices.certificate_published(session, certificate)
    for former in _replaced(session, certificate):
        publications.note(session, former)


def _replaced(session: Session, certificate: Certificate) -> list[Certificate]:
    question = (
        select(Certificate)
        .where(
            Certificate.product_id == certificate.product_id,
            Certificate.id != certificate.id,
            col(Certificate.superseded_on) <= today(),
        )
        .order_by(col(Certificate.year), col(Certificate.serial))
    )
    return list(session.exec(question.with_for_update()).all())
