"""What the worker does for a new edition: reminds the second person, tells the companies, ends what was to end."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import transitions as verbs
from assessments.clock import today
from assessments.errors import Refused
from assessments.models import Certificate, EditionPublication
from assessments.people import MemberRole
from assessments.queries import transitions as queries
from assessments.queries.editions import newest, open_proposals, publications
from assessments.queries.people import members_of
from assessments.queries.transitions import Going
from criteria import store
from registry import db, links
from registry.criteria import letters
from registry.mail import outbox


def tell_of_edition() -> int:
    """Write once to the owners of every live certificate that has to go over; returns how many letters there were."""
    with db.reading() as session:
        found = _newest(session)
        if found is None or found.told_at is not None:
            return 0
    with db.writing() as session:
        publication = session.get_one(EditionPublication, found.edition_id, with_for_update=True)
        if publication.told_at is not None:
            return 0
        count = _tell(session, publication, queries.waiting(session, publication), "edition_published", "told")
        verbs.note_told(session, publication)
    return count


def remind_of_transition() -> int:
    """Remind the owners who have not handed in, each time once; returns how many letters there were."""
    with db.reading() as session:
        found = _newest(session)
        if found is None or queries.due_reminder(found, today()) is None:
            return 0
    try:
        with db.writing() as session:
            publication = session.get_one(EditionPublication, found.edition_id, with_for_update=True)
            verbs.note_reminded(session, publication)
            once = f"reminded:{publication.reminded_days}"
            return _tell(session, publication, queries.waiting(session, publication), "transition_reminder", once)
    except Refused:  # somebody was faster
        return 0


def remind_of_proposal() -> int:
    """Remind the deciders of an edition that waits for a second one, each time once; returns how many letters."""
    with db.reading() as session:
        if not open_proposals(session):
            return 0
    with db.writing() as session:
        return sum(letters.tell_second(session, one) for one in open_proposals(session))


def end_what_lapses() -> int:
    """End the certificates that have not gone over, where the publication says so; returns how many."""
    with db.reading() as session:
        found = _newest(session)
        due = queries.to_lapse(session, found) if found else []
    return sum(_end(certificate_id) for certificate_id in due)


def _end(certificate_id: UUID) -> bool:
    try:
        with db.writing() as session:
            verbs.lapse(session, session.get_one(Certificate, certificate_id))
    except Refused:  # somebody was faster, or it is for the committee
        return False
    return True


def _newest(session: Session) -> EditionPublication | None:
    """The newest publication, where certificates go over to it."""
    found = newest(publications(session))
    return found if found is not None and found.transition_until is not None else None


def _tell(session: Session, publication: EditionPublication, waiting: Iterable[Going], template: str, once: str) -> int:
    """One letter to each owner of each company, with all its certificates; the event keeps it one."""
    count = 0
    for vendor_id, found in groupby(waiting, key=lambda one: one.vendor_id):
        lines = list(found)
        for owner in members_of(session, vendor_id, MemberRole.OWNER):
            event = f"edition:{publication.edition_id}:{once}:{vendor_id}:{owner.id}"
            values = _values(publication, lines, owner.name, owner.language)
            letter = outbox.write(session, outbox.Mail(event, owner.email, owner.language, template, values))
            count += letter is not None
    return count


def _values(publication: EditionPublication, lines: Sequence[Going], name: str, language: str) -> dict[str, Any]:
    return {
        "name": name,
        "edition": store.load(publication.edition_id),
        "publication": publication,
        "lines": [
            (one.number, (one.product_en if language == "en" else "") or one.product, one.stage.value) for one in lines
        ],
        "url": links.absolute("applications.new", language),
    }
