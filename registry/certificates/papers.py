"""Makes the papers of certificates that are wanting, in both languages, and finds the one that fits today."""

import logging
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments.clock import today
from assessments.models import Certificate, CertificatePaper
from assessments.queries import papers as queries
from assessments.queries.papers import revision_of
from registry import db, storage
from registry.certificates.paper import render
from registry.certificates.scope import Facts
from registry.certificates.standing import Shown, shown_of
from registry.i18n import LANGUAGES
from registry.links import absolute

AT_ONCE = 5  # of each language in one turn of the worker, so that letters go out in between

log = logging.getLogger("registry.worker")


def make_all() -> int:
    """Make the papers that are wanting; returns how many. One that cannot be made does not hold up the others."""
    return sum(_make_those_of(language) for language in LANGUAGES)


def _make_those_of(language: str) -> int:
    failed: set[UUID] = current_app.extensions.setdefault("papers that failed", {}).setdefault(language, set())
    with db.reading() as session:
        waiting = queries.to_make(session, today(), language, AT_ONCE, failed)
    made = 0
    for certificate_id in waiting:
        try:
            made += _make(certificate_id, language)
        except Exception:
            log.exception("no paper of certificate %s; tried again when the worker starts anew", certificate_id)
            failed.add(certificate_id)
    return made


def _make(certificate_id: UUID, language: str) -> bool:
    """Bytes first, then the row: a worker killed in between makes the same bytes again under the same name."""
    with db.reading() as session:
        facts = facts_of(session, shown_of(session, session.get_one(Certificate, certificate_id)), language)
        content = render(facts, current_app.config["SETTINGS"], language)
    with storage.current().begin() as incoming:
        incoming.write(content)
        sha256, size = incoming.keep()
    with db.writing() as session:
        certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
        if _has_changed(session, certificate, facts) or _is_there(session, certificate, facts.shown, language):
            return False  # it has changed meanwhile, or another worker was faster
        session.add(
            CertificatePaper(
                certificate_id=certificate.id,
                language=language,
                revision=facts.revision,
                status=facts.shown.status,
                state_since=certificate.state_since,
                made_on=facts.made_on,
                sha256=sha256,
                size=size,
            )
        )
    return True


def facts_of(session: Session, shown: Shown, language: str) -> Facts:
    """What the paper of a certificate says today, and what lies inside it."""
    number = shown.certificate.number
    return Facts(
        shown=shown,
        address=absolute("certificates.show", language, number=number),
        check=absolute("certificates.verify", language),
        made_on=shown.day,
        revision=revision_of(shown.certificate),
    )


def _has_changed(session: Session, certificate: Certificate, facts: Facts) -> bool:
    """Whether the certificate is another one by now than the paper says."""
    now = shown_of(session, certificate)
    then = facts.shown
    return (now.status, now.since, revision_of(certificate)) != (then.status, then.since, facts.revision)


def _is_there(session: Session, certificate: Certificate, shown: Shown, language: str) -> bool:
    return queries.paper_of(session, certificate, shown.status, language) is not None
