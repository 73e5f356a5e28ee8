"""Questions about who may take part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as choose

from assessments.clock import end_of_day, now, today
from assessments.models import Application, Declaration, Interest, Member, Participation, Review
from assessments.people import InterestKind, Part, Role
from assessments.queries import competences
from assessments.queries.competences import Cover
from assessments.queries.people import PERSON, PERSON_ROLE, Person, with_role
from assessments.queries.standings import counts, has_interest_in, interest_window_start
from assessments.queries.teams import Option, Pair, Team, propose
from assessments.states import State
from criteria import store

LATELY = timedelta(days=730)  # how long two people are remembered to have reviewed together


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot be assigned: an interest in an organisation, or a part in this application."""

    organisation: str = ""
    kind: InterestKind | None = None
    member: bool = False
    declared: bool = False
    part: Part | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody with the reviewer's role, with what the office weighs: nothing stands in the way of who is free."""

    person: Person
    obstacles: tuple[Obstacle, ...]
    cover: Cover  # of what the file asks for
    due: tuple[datetime, ...] = ()  # of the open reviews, the nearest first
    finished: int = 0  # reviews made final, ever

    @property
    def free(self) -> bool:
        """Whether the person can be assigned."""
        return not self.obstacles

    @property
    def load(self) -> int:
        """How many reviews are open."""
        return len(self.due)


def taking_part(session: Session, application_id: UUID) -> set[UUID]:
    """Everybody with a part in an application."""
    return set(session.exec(choose(Participation.person_id).where(Participation.application_id == application_id)))


def spent(session: Session, application_id: UUID) -> set[UUID]:
    """Those whose part in it was set aside on appeal."""
    question = choose(Participation.person_id).where(Participation.application_id == application_id)
    return set(session.exec(question.where(col(Participation.spent_at).is_not(None))))


def free_reviewers(session: Session, application: Application) -> list[UUID]:
    """People with the reviewer's role, without an interest in the vendor and without another part."""
    return [row[0] for row in session.execute(select(PERSON.c.id).where(*_free(application)))]


def possible_reviewers(session: Session, application: Application) -> int:
    """How many people could review an application."""
    question = select(func.count()).select_from(PERSON).where(*_free(application))
    number: int = session.execute(question).scalar_one()
    return number


def candidates(session: Session, application: Application) -> list[Candidate]:
    """Everybody with the reviewer's role in a fixed number of statements, the free ones first.

    Each with what stands in the way, what they are competent for, and what they have on their desk; among the free
    ones whoever covers most and has least to do comes first.
    """
    found = with_role(session, Role.REVIEWER)
    ids = [person.id for person in found]
    obstacles, due, finished = obstacles_of(session, application, ids), _due(session, ids), _finished(session, ids)
    lines, asked, day = competences.running(session, ids), competences.asked_by(application), today()
    all_of_them = [
        Candidate(
            person=one,
            obstacles=tuple(obstacles.get(one.id, ())),
            cover=competences.cover(lines.get(one.id, ()), asked, day),
            due=tuple(due.get(one.id, ())),
            finished=finished.get(one.id, 0),
        )
        for one in found
    ]
    return sorted(all_of_them, key=lambda one: (not one.free, -len(one.cover.held), one.load))


def proposed_team(session: Session, application: Application, offered: Iterable[Candidate]) -> Team | None:
    """The team to propose among candidates (see teams.propose); None where there are too few; one statement."""
    options = [Option(one.person.id, one.free, frozenset(one.cover.held), one.load, one.finished) for one in offered]
    free = [one.person_id for one in options if one.free]
    quorum = store.load(application.edition_id).quorum.reviewers
    return propose(options, competences.asked_by(application), quorum, _together(session, free))


def obstacles_of(session: Session, application: Application, ids: Iterable[UUID]) -> dict[UUID, list[Obstacle]]:
    """person -> what stands between them and an application: interests, memberships, their word, a part in it."""
    found: dict[UUID, list[Obstacle]] = {}
    wanted = list(ids)
    for person_id, obstacle in (
        *_interests(session, application, wanted),
        *_memberships(session, application, wanted),
        *_declared(session, application, wanted),
        *_parts(session, application, wanted),
    ):
        found.setdefault(person_id, []).append(obstacle)
    return found


def _interests(session: Session, application: Application, ids: list[UUID]) -> Iterable[tuple[UUID, Obstacle]]:
    since = interest_window_start(application.edition_id)
    question = select(Interest.person_id, Interest.organisation, Interest.kind).where(  # type: ignore[call-overload]  # columns of a SQLModel class
        col(Interest.person_id).in_(ids),
        col(Interest.vendor_id) == application.vendor_id,
        counts(Interest, since),
    )
    return [(row[0], Obstacle(organisation=row[1], kind=row[2])) for row in session.execute(question)]


def _memberships(session: Session, application: Application, ids: list[UUID]) -> Iterable[tuple[UUID, Obstacle]]:
    since = end_of_day(interest_window_start(application.edition_id))
    question = select(col(Member.user_id)).where(
        col(Member.user_id).in_(ids),
        col(Member.vendor_id) == application.vendor_id,
        or_(col(Member.left_at).is_(None), col(Member.left_at) >= since),
    )
    return [(row[0], Obstacle(member=True)) for row in session.execute(question)]


def _declared(session: Session, application: Application, ids: list[UUID]) -> Iterable[tuple[UUID, Obstacle]]:
    question = select(col(Declaration.person_id)).where(
        col(Declaration.person_id).in_(ids),
        col(Declaration.application_id) == application.id,
        col(Declaration.has_interest),
    )
    return [(row[0], Obstacle(declared=True)) for row in session.execute(question)]


def _parts(session: Session, application: Application, ids: list[UUID]) -> Iterable[tuple[UUID, Obstacle]]:
    question = select(col(Participation.person_id), col(Participation.part)).where(
        col(Participation.person_id).in_(ids), col(Participation.application_id) == application.id
    )
    return [(row[0], Obstacle(part=row[1])) for row in session.execute(question)]


def _due(session: Session, ids: list[UUID]) -> dict[UUID, list[datetime]]:
    question = (
        select(col(Review.reviewer_id), col(Review.due_at))
        .where(col(Review.reviewer_id).in_(ids), col(Review.voided_at).is_(None), col(Review.final_at).is_(None))
        .join(Application, col(Application.id) == col(Review.application_id))
        .where(col(Application.state) == State.IN_REVIEW)
        .order_by(col(Review.due_at))
    )
    found: dict[UUID, list[datetime]] = {}
    for person_id, due_at in session.execute(question):
        found.setdefault(person_id, []).append(due_at)
    return found


def _finished(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    question = (
        select(col(Review.reviewer_id), func.count())
        .where(col(Review.reviewer_id).in_(ids), col(Review.final_at).is_not(None))
        .group_by(col(Review.reviewer_id))
    )
    return {row[0]: row[1] for row in session.execute(question)}


def _together(session: Session, ids: list[UUID]) -> dict[Pair, int]:
    """How many files two people have reviewed together lately."""
    one, other = aliased(Review), aliased(Review)
    people: list[Any] = [col(one.reviewer_id), col(other.reviewer_id)]
    question = (
        select(*people, func.count())
        .select_from(one)
        .join(other, col(other.application_id) == col(one.application_id))
        .where(
            people[0].in_(ids),
            people[1].in_(ids),
            people[0] < people[1],
            col(one.assigned_at) >= now() - LATELY,
        )
        .group_by(*people)
    )
    return {frozenset((row[0], row[1])): row[2] for row in session.execute(question)}


def _free(application: Application) -> tuple[Any, ...]:
    since = interest_window_start(application.edition_id)
    person = PERSON.c.id
    return (
        PERSON.c.disabled_at.is_(None),
        exists().where(PERSON_ROLE.c.user_id == person, PERSON_ROLE.c.role == Role.REVIEWER.value),
        not_(has_interest_in(person, application.vendor_id, since)),
        not_(
            exists().where(col(Participation.application_id) == application.id, col(Participation.person_id) == person)
        ),
    )
