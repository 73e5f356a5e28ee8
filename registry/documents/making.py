"""Makes the documents that wait to be made: the receipt of each submission, kept by its hash and sent to the owners."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlmodel import Session, select

from assessments import manifest
from assessments.clock import now
from assessments.models import Application, Receipt, Submission, Vendor
from assessments.people import MemberRole
from assessments.queries import history, people, submissions
from assessments.states import Action
from registry import db, links, storage
from registry.documents.receipt import Facts, render
from registry.mail import outbox

AT_ONCE = 5  # receipts in one turn of the worker, so that letters go out in between
NEWS = timedelta(days=2)  # an older submission gets its receipt, but nobody a letter about it
PDF = "application/pdf"
HANDED_IN = (Action.SUBMIT, Action.ANSWER_CORRECTION)

log = logging.getLogger("registry.worker")


def receipts() -> int:
    """Make the receipts that are wanting; returns how many. One that cannot be made does not hold up the others."""
    failed: set[UUID] = current_app.extensions.setdefault("receipts that failed", set())
    with db.reading() as session:
        waiting = submissions.without_receipt(session, AT_ONCE, failed)
    made = 0
    for submission_id in waiting:
        try:
            made += _make(submission_id)
        except Exception:
            log.exception("no receipt for submission %s; tried again when the worker starts anew", submission_id)
            failed.add(submission_id)
    return made


def _make(submission_id: UUID) -> bool:
    """Bytes first, then row and letters in one transaction.

    A worker killed in between leaves bytes without a row; made again they are the same bytes under the same name.
    """
    with db.reading() as session:
        facts = facts_of(session, session.get_one(Submission, submission_id))
        content = render(facts, current_app.config["SETTINGS"])
    with storage.current().begin() as incoming:
        incoming.write(content)
        sha256, size = incoming.keep()
    with db.writing() as session:
        session.exec(select(Submission.id).where(Submission.id == submission_id).with_for_update()).one()
        if submissions.receipt_of(session, submission_id) is not None:
            return False  # another worker was faster
        session.add(Receipt(submission_id=submission_id, sha256=sha256, size=size))
        _tell(session, facts, outbox.Enclosure(facts.name, PDF, sha256, size))
    return True


def facts_of(session: Session, submission: Submission) -> Facts:
    """What the receipt of a submission says."""
    application = session.get_one(Application, submission.application_id)
    steps = [row.action for row in reversed(history.timeline(session, application.id)) if row.action in HANDED_IN]
    return Facts(
        ref=application.ref,
        submission=submission,
        submitted_by=people.name_of(session, submission.submitted_by),
        action=steps[submission.number - 1] if submission.number <= len(steps) else Action.SUBMIT,
    )


def _tell(session: Session, facts: Facts, enclosed: outbox.Enclosure) -> None:
    """One letter to each owner, with the receipt; the event names person and submission, so that nobody gets two."""
    if facts.submission.submitted_at < now() - NEWS:
        return
    application = session.get_one(Application, facts.submission.application_id)
    vendor = session.get_one(Vendor, application.vendor_id)
    for owner in _owners(session, application):
        values = {
            "name": owner.name,
            "vendor": vendor.name,
            "ref": facts.ref,
            "number": facts.submission.number,
            "product": facts.profile.name(owner.language),
            "version": facts.profile.version,
            "at": facts.submission.submitted_at,
            "files": len(manifest.files_of(facts.submission.content)),
            "digest": facts.submission.digest,
            "file_set": manifest.file_set_digest(facts.submission.content),
            "url": _url(facts, owner.language),
        }
        event = f"receipt:{facts.submission.id}:{owner.id}"
        outbox.write(session, outbox.Mail(event, owner.email, owner.language, "receipt", values, (enclosed,)))


def _owners(session: Session, application: Application) -> Iterable[people.Person]:
    return people.members_of(session, application.vendor_id, MemberRole.OWNER)


def _url(facts: Facts, language: str) -> str:
    place = {"ref": facts.ref, "number": str(facts.submission.number)}
    return links.absolute("applications.submission", language, **place)
