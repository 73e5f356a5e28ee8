"""Membership of the club: a company claims it, the office confirms it or does not; only the confirmed is public."""

from datetime import datetime

from sqlmodel import Session

from assessments import catalogue, history, members
from assessments.errors import N_, Invalid, NotAllowed, WrongState
from assessments.models import HistoryEntry, Vendor
from assessments.people import Actor, Role
from assessments.queries.memberships import is_free
from assessments.states import PeopleEvent

LONGEST = 1_000  # characters of a reason


def confirm(session: Session, actor: Actor, vendor: Vendor, claimed_at: datetime | None) -> HistoryEntry:
    """Confirm the claim that was made at that moment; from now on the public reads it beside every product.

    Refuses others than coordinators and those with an interest in the company (NotAllowed), and a claim that was
    changed, taken back or answered meanwhile (WrongState).
    """
    _hold(session, actor, vendor)
    if vendor.membership_claimed_at is None or vendor.membership_claimed_at != claimed_at:
        raise WrongState(N_("Lời khai này vừa được đổi hoặc đã có người trả lời. Tải lại trang để xem."))
    vendor.club_member, vendor.club_member_since = True, vendor.membership_claimed_since
    return _written(session, actor, vendor, PeopleEvent.CONFIRM_MEMBERSHIP)


def deny(session: Session, actor: Actor, vendor: Vendor, reason: str) -> HistoryEntry:
    """Say that a company is no member (any more), whether it waits for an answer or was confirmed before.

    Refuses as `confirm` does, a company that is neither (WrongState), and an empty or too long reason (Invalid).
    """
    _hold(session, actor, vendor)
    if vendor.membership_claimed_at is None and not vendor.club_member:
        raise WrongState(N_("Đơn vị này không khai là hội viên."))
    if not reason.strip():
        raise Invalid(N_("Ghi lý do để đơn vị biết."))
    if len(reason) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    vendor.club_member, vendor.club_member_since = False, None
    return _written(session, actor, vendor, PeopleEvent.DENY_MEMBERSHIP, reason.strip())


def _hold(session: Session, actor: Actor, vendor: Vendor) -> None:
    session.refresh(vendor, with_for_update=True)
    if Role.COORDINATOR not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
    if not is_free(session, actor, vendor):
        raise NotAllowed(N_("Bạn có lợi ích liên quan đến đơn vị này nên người khác của văn phòng phải trả lời."))


def _written(session: Session, actor: Actor, vendor: Vendor, event: PeopleEvent, reason: str = "") -> HistoryEntry:
    vendor.membership_claimed_at = vendor.membership_claimed_since = None
    session.add(vendor)
    session.flush()
    note = f"{vendor.name}: {reason}" if reason else vendor.name
    catalogue.refresh_vendor(session, vendor.id)
    members.follow(session, vendor)
    return history.record(session, actor, history.Step(event, note=note))
