"""Makes the papers of certificates that are wanting, in both languages, and gathers what stands on one."""

import logging
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments.clock import today
from assessments.models import Certificate, CertificatePaper, Credential
from assessments.queries import credentials
from assessments.queries import papers as queries
from registry import db, storage
from registry.certificates.scope import Facts, signatory_of
from registry.certificates.standing import Shown, shown_of
from registry.i18n import LANGUAGES
from registry.links import absolute
from registry.log import proofs

AT_ONCE = 5  # of each language in one turn of the worker, so that letters go out in between
QUIET = "papers: nothing wanting since"
FAILED = "papers that failed"

log = logging.getLogger("registry.worker")


def make_all() -> int:
    """Make the papers that are wanting; returns how many. One that cannot be made does not hold up the others.

    While nothing has happened since nothing was wanting, certificates are not even asked.
    """
    with db.reading() as session:
        change = queries.last_change(session, today())
    if current_app.extensions.get(QUIET) == change:
        return 0
    failed: set[UUID] = current_app.extensions.setdefault(FAILED, set())
    with db.reading() as session:
        waiting = [(one, of) for one in LANGUAGES for of in queries.to_make(session, today(), one, AT_ONCE, failed)]
    if not waiting:
        current_app.extensions[QUIET] = change
    return sum(_try(certificate_id, language) for language, certificate_id in waiting)


def _try(certificate_id: UUID, language: str) -> bool:
    try:
        return _make(certificate_id, language)
    except Exception:
        log.exception("no paper of certificate %s; tried again when the worker starts anew", certificate_id)
        current_app.extensions[FAILED].add(certificate_id)
    return False


def _make(certificate_id: UUID, language: str) -> bool:
    """Bytes first, then the row: a worker killed in between makes the same bytes again under the same name."""
    from registry.certificates.paper import render  # noqa: PLC0415  it draws: only the worker should load that

    with db.reading() as session:
        shown = shown_of(session, session.get_one(Certificate, certificate_id))
        signed = credentials.newest(session, certificate_id)
        if signed is None:
            return False
        content = render(facts_of(session, shown, language, signed), current_app.config["SETTINGS"], language)
    with storage.current().begin() as incoming:
        incoming.write(content)
        sha256, size = incoming.keep()
    made = CertificatePaper(
        certificate_id=certificate_id,
        language=language,
        revision=signed.revision,
        status=shown.status,
        state_since=shown.certificate.state_since,
        made_on=shown.day,
        sha256=sha256,
        size=size,
    )
    with db.writing() as session:
        return _keep(session, made)


def _keep(session: Session, made: CertificatePaper) -> bool:
    """Keep the row, unless the certificate has changed meanwhile or another worker was faster."""
    certificate = session.get_one(Certificate, made.certificate_id, with_for_update=True)
    signed = credentials.newest(session, certificate.id)
    status = shown_of(session, certificate).status
    now = (status, certificate.state_since, signed.revision if signed else 0)
    if now != (made.status, made.state_since, made.revision):
        return False
    if queries.paper_of(session, certificate, status, made.language) is not None:
        return False
    session.add(made)
    return True


def facts_of(session: Session, shown: Shown, language: str, signed: Credential | None = None) -> Facts:
    """What the paper of a certificate says today; with a signature, also what lies inside it."""
    certificate = shown.certificate
    proof = proofs.about(session, certificate.number) if signed else None
    return Facts(
        shown=shown,
        address=absolute("certificates.show", language, number=certificate.number),
        check=absolute("certificates.verify", language),
        made_on=shown.day,
        revision=certificate.revision,
        signatory=signatory_of(shown, language),
        signed=signed,
        proof=proof.text if proof else "",
    )
