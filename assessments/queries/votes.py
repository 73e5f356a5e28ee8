"""Questions about votes: who has agreed with a proposal, how many have to, and whether enough are left who may."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, not_, or_
from sqlmodel import Session, col, exists, select

from assessments.models import Application, Participation, Proposal, Vote
from assessments.people import Part
from assessments.queries.committee import able_to_decide
from assessments.queries.people import PERSON
from assessments.queries.standings import has_interest_in, interest_window_start
from criteria import store

Ballots = dict[UUID, list[Vote]]  # by proposal


@dataclass(frozen=True)
class Tally:
    """How far the committee has come with a file, and who of it is left.

    `needed`: members who have to agree besides the proposer; `able`: members who may decide this file, with the part
    they have in it.
    """

    needed: int
    able: dict[UUID, Part | None]
    proposal: Proposal | None = None
    votes: tuple[Vote, ...] = ()  # on the open proposal, those that count, in their order

    @property
    def agreed(self) -> int:
        """How many have agreed with the open proposal."""
        return sum(vote.agrees for vote in self.votes)

    @property
    def missing(self) -> int:
        """How many more have to agree."""
        return max(0, self.needed - self.agreed)

    @property
    def wanting(self) -> int:
        """How many members the committee lacks for this file; 0 when those who are left are enough."""
        proposers = sum(part is Part.PROPOSER for part in self.able.values())
        others = len(self.able) - proposers
        if self.proposal is not None:
            voted = {vote.voter_id for vote in self.votes}
            left = sum(part is not Part.PROPOSER and one not in voted for one, part in self.able.items())
            return max(0, self.missing - left)
        confirmers = sum(part is Part.CONFIRMER for part in self.able.values())
        may_propose = proposers + others - confirmers
        return max(0, self.needed + (0 if proposers else 1) - others, 0 if may_propose else 1)

    def has_voted(self, person_id: UUID) -> bool:
        """Whether somebody has answered the open proposal."""
        return any(vote.voter_id == person_id for vote in self.votes)


def tally(session: Session, application: Application, proposals: Iterable[Proposal], votes: Ballots) -> Tally:
    """How far the committee has come, given an application's proposals and the votes on them, in one statement.

    A proposal whose maker may decide no more does not wait, nor does the agreement count of whoever may not.
    """
    able = _able(session, application)
    waiting = next((one for one in proposals if one.closed_at is None and one.proposer_id in able), None)
    given = votes.get(waiting.id, []) if waiting is not None else []
    return Tally(
        needed=store.load(application.edition_id).quorum.agreeing,
        able=able,
        proposal=waiting,
        votes=tuple(vote for vote in given if vote.fell_at is None and vote.voter_id in able),
    )


def counted(session: Session, proposal_id: UUID) -> tuple[Vote, ...]:
    """The votes on a proposal that count, in their order."""
    question = select(Vote).where(Vote.proposal_id == proposal_id, col(Vote.fell_at).is_(None))
    return tuple(session.exec(question.order_by(col(Vote.at), col(Vote.voter_id))).all())


def of_application(session: Session, application_id: UUID) -> Ballots:
    """proposal id -> every vote on it there ever was, in their order."""
    question = select(Vote).where(Vote.application_id == application_id).order_by(col(Vote.at), col(Vote.voter_id))
    found: Ballots = {}
    for vote in session.exec(question).all():
        found.setdefault(vote.proposal_id, []).append(vote)
    return found


def waiting_on(session: Session, person_id: UUID) -> list[tuple[Proposal, Application]]:
    """The open proposals that a person made or has agreed with, with their applications."""
    voted = exists().where(
        col(Vote.proposal_id) == col(Proposal.id), col(Vote.voter_id) == person_id, col(Vote.fell_at).is_(None)
    )
    question = (
        select(Proposal, Application)
        .join(Application, col(Application.id) == col(Proposal.application_id))
        .where(col(Proposal.closed_at).is_(None), or_(col(Proposal.proposer_id) == person_id, voted))
        .order_by(col(Application.ref))
    )
    return [(proposal, application) for proposal, application in session.exec(question).all()]


def _able(session: Session, application: Application) -> dict[UUID, Part | None]:
    """Active deciders without an interest and without another part in the application."""
    free = not_(has_interest_in(PERSON.c.id, application.vendor_id, interest_window_start(application.edition_id)))
    mine = and_(
        col(Participation.application_id) == application.id,
        col(Participation.person_id) == PERSON.c.id,
    )
    part = col(Participation.part)
    question = (
        select(PERSON.c.id, part)
        .select_from(PERSON)
        .outerjoin(Participation, mine)
        .where(
            able_to_decide(PERSON.c.id, application.id, free),
            or_(part.is_(None), part.in_((Part.PROPOSER, Part.CONFIRMER))),
        )
    )
    return {row[0]: row[1] for row in session.execute(question).all()}
