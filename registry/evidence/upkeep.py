"""What the worker does for evidence: forgets uploads whose time is over, and writes before a piece lapses."""

import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlmodel import Session

from assessments import clock, evidence, uploads
from assessments.models import Upload
from assessments.people import MemberRole
from assessments.queries import lapsing, people
from assessments.queries.lapsing import Lapsing
from registry import db, links, storage
from registry.evidence import stretch
from registry.mail import outbox

log = logging.getLogger("registry.worker")


def sweep_uploads() -> int:
    """Forget uploads whose time is over, rows first; returns how many. What is not removed now, fsck finds."""
    with db.writing() as session:
        over = uploads.sweep(session)
    for upload in over:
        _drop(upload)
    return len(over)


def _drop(upload: Upload) -> None:
    try:
        storage.current().unfinished.drop(stretch.arrived_of(upload))
    except Exception:  # a bucket that does not answer must not stop the worker
        log.exception("bytes of upload %s not removed", upload.id)


def warn_of_lapsing() -> int:
    """Write to the owners of evidence in use that lapses, once before and once after; returns how many pieces."""
    with db.reading() as session:
        if not lapsing.due(session, clock.today()):
            return 0
    with db.writing() as session:
        due = lapsing.due(session, clock.today())
        for vendor_id, found in groupby(due, key=lambda one: one.vendor_id):
            pieces = list(found)
            for person in people.members_of(session, vendor_id, MemberRole.OWNER):
                _write(session, person, pieces)
        evidence.note_warned(session, due)
    return len(due)


def _write(session: Session, person: people.Person, pieces: Sequence[Lapsing]) -> None:
    first = pieces[0]
    values: dict[str, Any] = {
        "name": person.name,
        "vendor": first.vendor,
        "pieces": pieces,
        "url": links.absolute("evidence.index", person.language),
    }
    event = f"lapsing:{first.evidence_id}:{first.stage}:{first.valid_until}:{person.id}"
    outbox.write(session, outbox.Mail(event, person.email, person.language, "evidence_lapsing", values))
