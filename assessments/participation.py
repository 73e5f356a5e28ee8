"""Taking a part in an application: one part for one person, whatever else they are; and losing the right to decide."""

from uuid import UUID

from sqlmodel import Session, select

from assessments import history
from assessments.clock import now
from assessments.errors import N_, NotAllowed
from assessments.models import Application, Participation, Proposal, Vote
from assessments.people import Part
from assessments.queries.committee import may_decide
from assessments.queries.votes import waiting_on
from assessments.states import Event


def take_part(session: Session, application: Application, person_id: UUID, part: Part) -> Participation:
    """Record a person's part, once; refuses (NotAllowed) whoever already has another part in this application.

    The primary key (application, person) refuses the same by itself. Source: ISO/IEC 17065, 7.5.1 and 7.6.2.
    """
    found = session.get(Participation, (application.id, person_id))
    if found is None:
        found = Participation(application_id=application.id, person_id=person_id, part=part)
        session.add(found)
        session.flush()
    if found.part is not part:
        raise NotAllowed(N_("Một người chỉ giữ một vai trong một hồ sơ."))
    return found


def let_fall(session: Session, person_id: UUID) -> None:
    """Close what a person has proposed and may not stand by any more; their agreements count no more either.

    To be called wherever somebody may have lost the right to decide: an account closed, a role taken, an interest
    that has come up. What has fallen stays down when the right comes back. Source: ISO/IEC 17065, 4.2 and 7.6.3.
    """
    session.flush()
    for proposal, application in waiting_on(session, person_id):
        session.refresh(application, with_for_update=True)
        session.refresh(proposal)
        if proposal.closed_at is None and not may_decide(session, application, person_id):
            if proposal.proposer_id == person_id:
                fall(session, application, proposal)
            else:
                _uncount(session, proposal, person_id)


def fall(session: Session, application: Application, proposal: Proposal) -> None:
    """Close a proposal whose proposer may decide no more, for good, and write it down; another one may be made."""
    proposal.fell, proposal.closed_at = True, now()
    session.add(proposal)
    session.flush()
    history.record(session, None, history.Step(Event.FALL_PROPOSAL), application)


def _uncount(session: Session, proposal: Proposal, person_id: UUID) -> None:
    for vote in session.exec(select(Vote).where(Vote.proposal_id == proposal.id, Vote.voter_id == person_id)):
        vote.fell_at = now()
        session.add(vote)
    session.flush()
