"""Opening the contact of a concern: one person asks with a reason, another confirms, the first reads it once.

The key that sealed it lies in two halves under keys of their own. Asking takes out the one, confirming the other, each
for this opening only; the web floor does it, and its functions come along (registry.concerns.contacts).
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import clock, concerns
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Concern, ConcernOpening
from assessments.people import Actor
from assessments.queries import concerns as queries
from assessments.recourse import ConcernAction

LONGEST_REASON = 500
OPEN_HOURS = 24  # in which whoever asked may read it, once

Half = Callable[[str, str, str], str]  # (sealed contact, concern, opening) -> that half, sealed for the opening
Open = Callable[[str, str, str, str, str], str]  # (sealed contact, concern, opening, both halves) -> the contact


def ask(session: Session, actor: Actor, concern: Concern, reason: str, half: Half) -> ConcernOpening:
    """Ask for the contact, with a reason. Refuses as concerns.move does, one that was not left or is erased and a
    second request while one waits (WrongState), and a reason missing or too long (Invalid).
    """
    concerns.require(session, actor, concern, ConcernAction.ASK_CONTACT)
    sealed = _sealed(concern)
    if not reason.strip():
        raise Invalid(N_("Ghi vì sao cần liên hệ."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)
    one = ConcernOpening(concern_id=concern.id, asked_by=actor.id, reason=reason.strip(), asked_at=clock.now())
    one.asked_half = half(sealed, str(concern.id), str(one.id))
    try:
        with session.begin_nested():
            session.add(one)
    except IntegrityError as error:
        raise WrongState(N_("Đã có yêu cầu mở cách liên hệ đang chờ người thứ hai.")) from error
    concerns.move(session, actor, concern, ConcernAction.ASK_CONTACT)
    return one


def confirm(session: Session, actor: Actor, opening_id: UUID, half: Half) -> Concern:
    """Agree, as the second person, that whoever asked reads it once within a day. Returns the concern.

    Refuses whoever may not be the second person, having an interest or no such part (NotFound), whoever has asked
    (NotAllowed), and what is answered or over (WrongState).
    """
    one, concern = _answerable(session, actor, opening_id)
    one.confirmed_half = half(_sealed(concern), str(concern.id), str(one.id))
    one.opens_until = clock.now() + timedelta(hours=OPEN_HOURS)
    _answer(session, actor, one)
    concerns.write_down(session, actor, concern, ConcernAction.CONFIRM_CONTACT, concern.state)
    return concern


def refuse(session: Session, actor: Actor, opening_id: UUID) -> Concern:
    """Do not agree: what was asked for is over. Returns the concern; refuses likewise."""
    one, concern = _answerable(session, actor, opening_id)
    one.asked_half = None
    _answer(session, actor, one)
    concerns.write_down(session, actor, concern, ConcernAction.REFUSE_CONTACT, concern.state)
    return concern


def show(session: Session, actor: Actor, concern: Concern, opened: Open) -> str:
    """The contact, once, for whoever asked and was agreed with. Refuses as concerns.move does, and WrongState else."""
    concerns.require(session, actor, concern, ConcernAction.SHOW_CONTACT)
    one = ready(session, actor, concern)
    if one is None:
        raise WrongState(N_("Chưa có người thứ hai đồng ý, đã xem một lần, hoặc đã quá giờ. Gửi yêu cầu mới nếu cần."))
    session.refresh(one, with_for_update=True)
    if one.shown_at is not None:
        raise WrongState(N_("Cách liên hệ này đã được xem một lần. Gửi yêu cầu mới nếu cần."))
    halves = one.asked_half or "", one.confirmed_half or ""
    contact = opened(_sealed(concern), str(concern.id), str(one.id), *halves)
    one.shown_at, one.asked_half, one.confirmed_half = clock.now(), None, None
    session.add(one)
    concerns.move(session, actor, concern, ConcernAction.SHOW_CONTACT)
    return contact


def ready(session: Session, actor: Actor, concern: Concern) -> ConcernOpening | None:
    """The opening by which this person may read the contact now."""
    mine = (one for one in queries.openings_of(session, concern.id) if one.asked_by == actor.id)
    return next((one for one in mine if _stands_open(one)), None)


def end(session: Session, opening_id: UUID) -> None:
    """Take away, as the clock, the halves of an opening whose time has run; refuses before (WrongState)."""
    one = queries.opening(session, opening_id, lock=True)
    if one is None or one.opens_until is None or clock.now() <= one.opens_until:
        raise WrongState(N_("Chưa đến lúc xóa."))
    one.asked_half = one.confirmed_half = None
    session.add(one)
    session.flush()


def _stands_open(one: ConcernOpening) -> bool:
    return one.shown_at is None and one.opens_until is not None and clock.now() <= one.opens_until


def _sealed(concern: Concern) -> str:
    if concern.contact is None:
        raise WrongState(N_("Người phản ánh không để lại cách liên hệ, hoặc đã xóa."))
    return concern.contact


def _answerable(session: Session, actor: Actor, opening_id: UUID) -> tuple[ConcernOpening, Concern]:
    one = queries.opening(session, opening_id, lock=True)
    if one is None or not actor.roles & set(queries.CONFIRMERS):
        raise NotFound
    concern = session.get_one(Concern, one.concern_id)
    session.refresh(concern, with_for_update=True)
    if queries.is_interested(session, actor.id, concern):
        raise NotFound
    if one.asked_by == actor.id:
        raise NotAllowed(N_("Người thứ hai phải là người khác."))
    if one.answered_by is not None or concern.state not in queries.OPEN:
        raise WrongState(N_("Yêu cầu này đã được trả lời, hoặc phản ánh đã khép lại."))
    return one, concern


def _answer(session: Session, actor: Actor, one: ConcernOpening) -> None:
    one.answered_by, one.answered_at = actor.id, clock.now()
    session.add(one)
    session.flush()
