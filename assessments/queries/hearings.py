"""Questions about who can hear an appeal, who does, and how somebody stands to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_
from sqlmodel import Session, col, select

from assessments.models import (
    Appeal,
    AppealStep,
    Application,
    Certificate,
    CertificateEvent,
    Declaration,
    Hearing,
    Participation,
)
from assessments.people import Actor, Part, Role
from assessments.policy import AppealStanding
from assessments.queries.appeals import PAGE, RUNNING, Listed, listed
from assessments.queries.participation import Obstacle, obstacles_of
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.queries.standings import has_interest_in, interest_window_start, standing_of
from assessments.recourse import AppealKind, AppealState
from criteria import store

ROLES = (Role.DECIDER, Role.AUDITOR, Role.IMPARTIALITY, Role.REVIEWER)  # who can be asked to hear an appeal


def standing_to(session: Session, actor: Actor, appeal: Appeal, application: Application) -> AppealStanding:
    """The facts the policy of appeals judges by."""
    mine = session.get(Hearing, (appeal.id, actor.id))
    involved = session.execute(select(_involved(actor.id, application))).scalar_one() if actor.roles else False
    return AppealStanding(
        application=standing_of(session, actor, application),
        kind=appeal.kind,
        involved=bool(involved),
        assigned=mine is not None and mine.ended_at is None,
    )


def _involved(person_id: Any, application: Application) -> ColumnElement[bool]:
    """SQL: the person had a part in another application of the product, or decided about one of its certificates."""
    return or_(_in_predecessor(person_id, application), _decided_of(person_id, application))


def _in_predecessor(person_id: Any, application: Application) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Participation.person_id) == person_id,
            col(Participation.application_id) == col(Application.id),
            col(Application.product_id) == application.product_id,
            col(Application.id) != application.id,
        )
        .correlate_except(Participation, Application)
    )


def _decided_of(person_id: Any, application: Application) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(Certificate.product_id) == application.product_id,
            col(CertificateEvent.certificate_id) == col(Certificate.id),
            or_(col(CertificateEvent.decided_by) == person_id, col(CertificateEvent.confirmed_by) == person_id),
        )
        .correlate_except(Certificate, CertificateEvent)
    )


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked, and what stands in the way; `earlier` or `decided`: policy's involved."""

    person: Person
    obstacles: tuple[Obstacle, ...]
    earlier: bool
    decided: bool
    load: int  # appeals they hear now

    @property
    def free(self) -> bool:
        """Whether the person can be asked."""
        return not (self.obstacles or self.earlier or self.decided)


def candidates(session: Session, application: Application) -> list[Candidate]:
    """Everybody whose role allows it, the free ones first, each with what stands in the way; in a few statements."""
    load = (
        select(func.count())
        .select_from(Hearing)
        .join(Appeal, col(Appeal.id) == col(Hearing.appeal_id))
        .where(
            col(Hearing.person_id) == PERSON.c.id,
            col(Hearing.ended_at).is_(None),
            col(Appeal.state).in_(RUNNING),
        )
        .scalar_subquery()
    )
    trusted = exists().where(PERSON_ROLE.c.user_id == PERSON.c.id, PERSON_ROLE.c.role.in_([one.value for one in ROLES]))
    involved = (_in_predecessor(PERSON.c.id, application), _decided_of(PERSON.c.id, application))
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language, *involved, load]
    question = select(*columns).where(PERSON.c.disabled_at.is_(None), trusted).order_by(PERSON.c.name)
    rows = session.execute(question).all()
    known = obstacles_of(session, application, [row[0] for row in rows])
    found = [
        Candidate(Person(*row[:4]), tuple(known.get(row[0], ())), bool(row[4]), bool(row[5]), row[6]) for row in rows
    ]
    return sorted(found, key=lambda one: (not one.free, one.load))


def hearers_of(session: Session, appeal_id: UUID) -> list[Hearing]:
    """Everybody who was ever asked to hear an appeal, by letter."""
    question = select(Hearing).where(Hearing.appeal_id == appeal_id).order_by(col(Hearing.letter))
    return list(session.exec(question).all())


def able(session: Session, appeal: Appeal, application: Application) -> set[UUID]:
    """The hearers who can act now: assigned, active, and nothing stands between them and the company."""
    since = interest_window_start(application.edition_id)
    question = (
        select(Hearing.person_id)
        .join(PERSON, PERSON.c.id == col(Hearing.person_id))
        .outerjoin(
            Declaration,
            and_(
                col(Declaration.application_id) == col(Hearing.application_id),
                col(Declaration.person_id) == col(Hearing.person_id),
            ),
        )
        .where(
            Hearing.appeal_id == appeal.id,
            col(Hearing.ended_at).is_(None),
            PERSON.c.disabled_at.is_(None),
            or_(col(Declaration.has_interest).is_(None), not_(col(Declaration.has_interest))),
            not_(has_interest_in(col(Hearing.person_id), application.vendor_id, since)),
        )
    )
    return set(session.exec(question).all())


def lacking(session: Session, appeal: Appeal, application: Application) -> int:
    """How many hearers are still to be found."""
    need = store.load(application.edition_id).recourse.hearers
    return max(0, need - len(able(session, appeal, application)))


def can_be_heard(session: Session, application: Application) -> bool:
    """Whether enough people without a part or an interest are there."""
    need = store.load(application.edition_id).recourse.hearers
    return sum(one.free for one in candidates(session, application)) >= need


def to_hear(session: Session, person_id: UUID) -> list[Listed]:
    """The appeals somebody hears or has heard, those that wait on top."""
    question = (
        listed()
        .join(Hearing, col(Hearing.appeal_id) == col(Appeal.id))
        .where(Hearing.person_id == person_id, col(Hearing.ended_at).is_(None))
        .order_by(col(Appeal.due_at).is_(None), col(Appeal.due_at))
        .limit(PAGE)
    )
    return [Listed(*row) for row in session.exec(question).all()]


@dataclass(frozen=True)
class Queued:
    """One line of the office's list; `lacking`: hearers still to be found, `late`: its deadline has passed."""

    listed: Listed
    hearers: int


def queue(session: Session, actor: Actor, *, running: bool = True) -> list[Queued]:
    """Appeals that somebody may handle: those that run by deadline, or those decided last."""
    active = (
        select(func.count())
        .select_from(Hearing)
        .where(col(Hearing.appeal_id) == col(Appeal.id), col(Hearing.ended_at).is_(None))
        .correlate(Appeal)
        .scalar_subquery()
    )
    order = col(Appeal.due_at) if running else col(Appeal.moved_at).desc()
    state = col(Appeal.state).in_(RUNNING) if running else col(Appeal.state).not_in(RUNNING)
    question = listed().add_columns(active).where(state, *_may_handle(actor)).order_by(order).limit(PAGE)
    return [Queued(Listed(*row[:4]), row[4]) for row in session.exec(question).all()]


def _may_handle(actor: Actor) -> Iterable[ColumnElement[bool]]:
    """SQL: what policy.is_handling says, for a list."""
    part = (
        select(Participation.part)
        .where(col(Participation.application_id) == col(Application.id), col(Participation.person_id) == actor.id)
        .correlate(Application)
        .scalar_subquery()
    )
    said = exists().where(
        col(Declaration.application_id) == col(Application.id),
        col(Declaration.person_id) == actor.id,
        col(Declaration.has_interest),
    )
    vendor: Any = col(Application.vendor_id)
    free = or_(
        *[
            and_(
                col(Application.edition_id) == one,
                not_(has_interest_in(actor.id, vendor, interest_window_start(one))),
            )
            for one in store.ids()
        ]
    )
    office = and_(part == Part.COORDINATOR, col(Appeal.kind) != AppealKind.REFUSAL)
    return (or_(part.is_(None), office), not_(said), free)


def handlers(session: Session, appeal: Appeal, application: Application) -> list[Person]:
    """Whom an appeal comes to: the coordinators who may handle it, or where there is none, whoever else may."""
    for roles in ((Role.COORDINATOR,), (Role.AUDITOR, Role.IMPARTIALITY)):
        found = _possible_handlers(session, appeal, application, roles)
        if found:
            return found
    return []


def _possible_handlers(
    session: Session, appeal: Appeal, application: Application, roles: tuple[Role, ...]
) -> list[Person]:
    since = interest_window_start(application.edition_id)
    part = (
        select(Participation.part)
        .where(col(Participation.application_id) == application.id, col(Participation.person_id) == PERSON.c.id)
        .scalar_subquery()
    )
    own_work = part == Part.COORDINATOR if appeal.kind is not AppealKind.REFUSAL else false()
    said = exists().where(
        col(Declaration.application_id) == application.id,
        col(Declaration.person_id) == PERSON.c.id,
        col(Declaration.has_interest),
    )
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language]
    question = select(*columns).where(
        PERSON.c.disabled_at.is_(None),
        exists().where(PERSON_ROLE.c.user_id == PERSON.c.id, PERSON_ROLE.c.role.in_([one.value for one in roles])),
        or_(part.is_(None), own_work),
        not_(said),
        not_(has_interest_in(PERSON.c.id, application.vendor_id, since)),
    )
    return [Person(*row) for row in session.execute(question.order_by(PERSON.c.name))]


def is_first_call(session: Session, seq: int) -> bool:
    """Whether a step of the history gave an appeal its first hearers."""
    step = session.get(AppealStep, seq)
    return step is not None and step.from_state == AppealState.ACKNOWLEDGED
