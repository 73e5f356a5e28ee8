"""Letters to the second person: a proposal to publish an edition waits for another decider."""

from datetime import timedelta

from sqlmodel import Session

from assessments.clock import now
from assessments.models import EditionProposal
from assessments.people import Role
from assessments.queries.deadline_editions import CONFIRM_DAYS
from assessments.queries.people import people, with_role
from criteria import store
from criteria.source import EditionError
from registry import links
from registry.mail import outbox

AGAIN_AFTER = (0, 3, CONFIRM_DAYS, 2 * CONFIRM_DAYS)  # days since it was proposed at which deciders are written to


def tell_second(session: Session, proposal: EditionProposal) -> int:
    """Write to every decider but the one who proposed, each time once; returns how many letters there were.

    Nothing is written for one that no longer waits, or whose files cannot be read any more.
    """
    if proposal.confirmed_at is not None or proposal.closed_at is not None:
        return 0
    try:
        edition = store.load(proposal.edition_id)
    except EditionError:
        return 0
    step = max(days for days in AGAIN_AFTER if now() >= proposal.proposed_at + timedelta(days=days))
    by = people(session, {proposal.proposed_by})[proposal.proposed_by].name
    count = 0
    for person in with_role(session, Role.DECIDER):
        if person.id == proposal.proposed_by:
            continue
        values = {
            "edition": edition,
            "proposal": proposal,
            "proposed_by": by,
            "again": step > 0,
            "until": proposal.proposed_at + timedelta(days=CONFIRM_DAYS),
            "url": links.absolute("criteria.draft", person.language, edition_id=edition.id),
        }
        event = f"edition_proposal:{proposal.id}:{step}:{person.id}"
        mail = outbox.Mail(event, person.email, person.language, "edition_proposal", values)
        count += outbox.write(session, mail) is not None
    return count
