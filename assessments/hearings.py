"""Hearing an appeal: who is asked to, and what they say of their interests first (ISO/IEC 17065, 4.2 and 7.13.5)."""

import random
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from assessments import appeals
from assessments.clock import now
from assessments.declarations import declare as declare_interest
from assessments.errors import N_, Invalid, WrongState
from assessments.models import Appeal, Application, Declaration, Hearing
from assessments.participation import take_part
from assessments.people import Actor, InterestKind, Part
from assessments.policy import AppealPermission, require_appeal
from assessments.queries import appeals as queries
from assessments.queries import hearings
from assessments.recourse import AppealAction

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"


def assign(session: Session, actor: Actor, appeal: Appeal, people: Collection[UUID]) -> list[Hearing]:
    """Ask people to hear an appeal, at first or in place of one who stood aside; each is asked about interests anew.

    Refuses who may not (NotFound, NotAllowed); oneself, and whoever had a part in the application, in an earlier one
    of the product or in a decision about its certificates, or has an interest in the company (Invalid); another state
    (WrongState), and fewer than the edition asks for (NotReady).
    """
    application = appeals.hold(session, appeal)
    require_appeal(hearings.standing_to(session, actor, appeal, application), AppealPermission.HANDLE)
    free = {one.person.id for one in hearings.candidates(session, application) if one.free}
    if actor.id in people:
        raise Invalid(N_("Người phân công không tự giao việc xem xét lại cho mình."))
    if not free.issuperset(people):
        raise Invalid(N_("Có người không được xem xét lại hồ sơ này. Tải lại trang để xem vì sao."))
    if not people:
        raise Invalid(N_("Chọn người xem xét lại."))
    moment = now()  # one moment for all that are asked together
    made = [_called(session, actor, appeal, one, moment) for one in _shuffled(people)]
    appeals.move(session, actor, appeal, AppealAction.ASSIGN_HEARERS)
    return made


def declare(session: Session, actor: Actor, appeal: Appeal, note: str = "") -> None:
    """Say, as a hearer, that there is no interest: the file opens. Refuses as declarations.declare does."""
    application = appeals.hold(session, appeal)
    require_appeal(hearings.standing_to(session, actor, appeal, application), AppealPermission.JOIN)
    declare_interest(session, actor, application, has_interest=False, note=note)


def stand_aside(session: Session, actor: Actor, appeal: Appeal, kind: InterestKind | None, note: str = "") -> None:
    """Declare an interest after all: access ends at once, one's open ruling falls, and somebody else is asked.

    Refuses as declarations.declare does, and an appeal that is no longer heard (WrongState).
    """
    application = appeals.hold(session, appeal)
    require_appeal(hearings.standing_to(session, actor, appeal, application), AppealPermission.JOIN)
    appeals.move(session, actor, appeal, AppealAction.STAND_ASIDE)
    ruling = queries.open_ruling(session, appeal.id)
    if ruling is not None and ruling.proposer_id == actor.id:
        ruling.closed_at = now()
        session.add(ruling)
    declare_interest(session, actor, application, True, kind, note)  # noqa: FBT003  the answer to the question
    hearing = session.get_one(Hearing, (appeal.id, actor.id))
    hearing.ended_at = now()
    session.add(hearing)
    session.flush()


def _called(session: Session, actor: Actor, appeal: Appeal, person_id: UUID, moment: datetime) -> Hearing:
    application = session.get_one(Application, appeal.application_id)
    take_part(session, application, person_id, Part.HEARER)
    said = session.get(Declaration, (application.id, person_id))
    if said is not None:  # of another occasion; the history keeps it
        session.delete(said)
    used = {one.letter for one in hearings.hearers_of(session, appeal.id)}
    letter = next((one for one in LETTERS if one not in used), "")
    if not letter:
        raise WrongState(N_("Đã hết chữ cái cho người xem xét lại."))
    hearing = Hearing(
        appeal_id=appeal.id,
        person_id=person_id,
        application_id=application.id,
        letter=letter,
        assigned_by=actor.id,
        assigned_at=moment,
    )
    session.add(hearing)
    session.flush()
    return hearing


def _shuffled(people: Collection[UUID]) -> list[UUID]:
    """In no order that tells who is who: letters follow it."""
    drawn = list(people)
    random.SystemRandom().shuffle(drawn)
    return drawn
