"""Questions of the committee: which files wait for it, and who stands how to one of them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from assessments.models import (
    Application,
    Declaration,
    HistoryEntry,
    Interest,
    Notice,
    Participation,
    Product,
    Proposal,
    Vendor,
    Vote,
)
from assessments.people import Actor, InterestKind, Part, Role
from assessments.queries.people import PERSON, PERSON_ROLE
from assessments.queries.standings import counts, has_interest_in, interest_window_start
from assessments.states import Action, Outcome, State
from criteria import store

QUEUE = 200  # more files than a committee ever has before it


class Waits(StrEnum):
    """What a file in decision waits for."""

    PROPOSAL = "proposal"
    SECOND_PERSON = "second_person"
    NOTICE = "notice"  # a decline was proposed and the vendor has not been told yet
    COMMENT = "comment"  # the vendor's
    NOTHING = "nothing"  # decided


@dataclass(frozen=True)
class QueueRow:
    """One file as the queue shows it; `mine` when the reader can take the next step, `declared` as in Standing."""

    application: Application
    product: Product
    vendor: Vendor
    waits: Waits
    mine: bool
    declared: bool | None


def queue(session: Session, actor: Actor) -> list[QueueRow]:
    """Files in decision that the actor has no interest in and no other part in, the oldest on top."""
    rows = _files(session, actor, (State.IN_DECISION, State.MINDED_TO), newest_first=False)
    return sorted(rows, key=lambda row: not row.mine)


def decided(session: Session, actor: Actor, limit: int = 20) -> list[QueueRow]:
    """The files decided last, under the same rules."""
    return _files(session, actor, (State.CERTIFIED, State.DECLINED), newest_first=True)[:limit]


def _files(session: Session, actor: Actor, states: tuple[State, ...], *, newest_first: bool) -> list[QueueRow]:
    moved = col(Application.moved_at)
    columns: tuple[Any, ...] = (Application, Product, Vendor, Participation.part, Declaration.has_interest, Proposal)
    stands = able_to_decide(col(Proposal.proposer_id), col(Application.id), _no_interest(col(Proposal.proposer_id)))
    question = (
        select(*columns, _noticed(), _voted(actor))
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .outerjoin(Participation, _of(actor, Participation.application_id, Participation.person_id))
        .outerjoin(Declaration, _of(actor, Declaration.application_id, Declaration.person_id))
        .outerjoin(
            Proposal,
            and_(col(Proposal.application_id) == col(Application.id), col(Proposal.closed_at).is_(None), stands),
        )
        .where(
            col(Application.state).in_(states),
            or_(col(Participation.part).is_(None), col(Participation.part).in_((Part.PROPOSER, Part.CONFIRMER))),
            col(Participation.spent_at).is_(None),
            or_(col(Declaration.has_interest).is_(None), col(Declaration.has_interest).is_(False)),
            _no_interest(actor.id),
        )
        .order_by(moved.desc() if newest_first else moved.asc())
        .limit(QUEUE)
    )
    return [_row(actor, *found) for found in session.execute(question).all()]


def _noticed() -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Notice.application_id) == col(Application.id),
            col(Notice.ended_at).is_not(None),
            since_recommendation(col(Application.id)),
        )
        .correlate_except(Notice)
    )


def _voted(actor: Actor) -> ColumnElement[bool]:
    said = and_(col(Vote.proposal_id) == col(Proposal.id), col(Vote.voter_id) == actor.id, col(Vote.fell_at).is_(None))
    return exists().where(said).correlate_except(Vote)


def _of(actor: Actor, application_id: Any, person_id: Any) -> ColumnElement[bool]:
    return and_(col(application_id) == col(Application.id), col(person_id) == actor.id)


def _no_interest(person_id: Any) -> ColumnElement[bool]:
    vendor: Any = col(Application.vendor_id)
    return or_(
        *[
            and_(
                col(Application.edition_id) == edition_id,
                not_(has_interest_in(person_id, vendor, interest_window_start(edition_id))),
            )
            for edition_id in store.ids()
        ]
    )


def _row(  # noqa: PLR0913  the columns of one statement
    actor: Actor,
    application: Application,
    product: Product,
    vendor: Vendor,
    part: Part | None,
    declared: bool | None,  # noqa: FBT001  a column
    proposal: Proposal | None,
    noticed: bool,  # noqa: FBT001  a column
    voted: bool,  # noqa: FBT001  a column
) -> QueueRow:
    waits = waits_for(application.state, proposal, noticed=noticed)
    proposer = proposal is not None and proposal.proposer_id == actor.id
    mine = {
        Waits.PROPOSAL: part is not Part.CONFIRMER,
        Waits.NOTICE: proposer,
        Waits.SECOND_PERSON: not (proposer or voted) and part is not Part.PROPOSER,
    }.get(waits, False)
    return QueueRow(application, product, vendor, waits, mine, declared)


def waits_for(state: State, proposal: Proposal | None, *, noticed: bool = False) -> Waits:
    """What a file waits for, given its open proposal; a first decline waits for the notice."""
    if state is State.MINDED_TO:
        return Waits.COMMENT
    if state is not State.IN_DECISION:
        return Waits.NOTHING
    if proposal is None:
        return Waits.PROPOSAL
    if proposal.outcome is Outcome.DECLINE and not noticed:
        return Waits.NOTICE
    return Waits.SECOND_PERSON


@dataclass(frozen=True)
class Concerned:
    """A person with a part, a declaration or a registered interest; deciders see names, reviewers' only as letters."""

    id: UUID
    name: str
    part: Part | None
    declared: bool | None
    interests: tuple[InterestKind, ...]


def since_recommendation(application_id: Any) -> ColumnElement[bool]:
    """SQL: a Notice was given after the file last came before the committee; an older one judged another evaluation."""
    recommended = (
        select(func.max(col(HistoryEntry.at)))
        .where(
            col(HistoryEntry.application_id) == application_id,
            col(HistoryEntry.action).in_((Action.RECOMMEND, Action.REOPEN_DECISION)),
        )
        .correlate_except(HistoryEntry)
        .scalar_subquery()
    )
    return or_(recommended.is_(None), col(Notice.given_at) >= recommended)


def may_decide(session: Session, application: Application, person_id: UUID) -> bool:
    """Whether what a person has said still counts: active, with the decider's role and without an interest."""
    since = interest_window_start(application.edition_id)
    free = not_(has_interest_in(person_id, application.vendor_id, since))
    return bool(session.scalar(select(able_to_decide(person_id, application.id, free))))


def able_to_decide(person_id: Any, application_id: Any, free: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: a person (an id or a column) is active, a decider and has not stood aside; `free` says of the register."""
    said = aliased(Declaration)  # the queue asks of the same table
    one = PERSON.alias("decider")  # a question may be asked of the same table
    active = exists().where(one.c.id == person_id, one.c.disabled_at.is_(None)).correlate_except(one)
    trusted = (
        exists()
        .where(PERSON_ROLE.c.user_id == person_id, PERSON_ROLE.c.role == Role.DECIDER.value)
        .correlate_except(PERSON_ROLE)
    )
    aside = (
        exists()
        .where(
            col(said.application_id) == application_id,
            col(said.person_id) == person_id,
            col(said.has_interest).is_(True),
        )
        .correlate_except(said)
    )
    return and_(active, trusted, not_(aside), free)


def concerned(session: Session, application: Application) -> list[Concerned]:
    """Everybody of the club with a part, a declaration or an interest that counts, by name, in one statement."""
    since = interest_window_start(application.edition_id)
    person = PERSON.c.id
    line = aliased(Interest)  # has_interest_in asks of the same table
    club = exists().where(PERSON_ROLE.c.user_id == person)
    columns: tuple[Any, ...] = (person, PERSON.c.name, Participation.part, Declaration.has_interest, line.kind)
    question = (
        select(*columns)
        .select_from(PERSON)
        .outerjoin(Participation, _about(application, Participation.application_id, Participation.person_id))
        .outerjoin(Declaration, _about(application, Declaration.application_id, Declaration.person_id))
        .outerjoin(
            line,
            and_(
                col(line.person_id) == person,
                col(line.vendor_id) == application.vendor_id,
                counts(line, since),
            ),
        )
        .where(
            or_(
                col(Participation.part).is_not(None),
                col(Declaration.has_interest).is_not(None),
                and_(club, has_interest_in(person, application.vendor_id, since)),
            )
        )
        .order_by(PERSON.c.name, person)
    )
    found: dict[UUID, Concerned] = {}
    for person_id, name, part, declared, kind in session.execute(question).all():
        known = found.get(person_id)
        kinds = (*(known.interests if known else ()), *((kind,) if kind else ()))
        found[person_id] = Concerned(person_id, name, part, declared, kinds)
    return list(found.values())


def _about(application: Application, application_id: Any, person_id: Any) -> ColumnElement[bool]:
    return and_(col(application_id) == application.id, col(person_id) == PERSON.c.id)
