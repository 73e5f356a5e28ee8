"""Companies: registering one, keeping its facts, and who belongs to it."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import appeals, catalogue, evidence, history, impartiality, tokens
from assessments import members as directory
from assessments.clock import now
from assessments.erasure import end_uploads, erase_draft
from assessments.errors import N_, Conflict, Invalid, NotAllowed, NotFound, Version, WrongState
from assessments.folding import fold, slug
from assessments.models import Member, Vendor
from assessments.participation import let_fall
from assessments.people import Actor, MemberRole
from assessments.queries.appeals import running_of_vendor
from assessments.queries.applications import never_submitted
from assessments.queries.renewals import open_of
from assessments.queries.vendors import running_members, running_membership, slug_taken, vendor_with_number
from assessments.states import Action, ConflictOrigin, Kind, PeopleEvent
from assessments.workflow import move

CLOSING = "Đơn vị đóng tài khoản."  # note of what was withdrawn with it

# What every company calls itself says nothing in an address, folded as in a slug.
_LEGAL_FORM = re.compile(
    r"^(cong-ty|tong-cong-ty|doanh-nghiep-tu-nhan|tap-doan)"
    r"(-(co-phan|cp|tnhh|trach-nhiem-huu-han|mot-thanh-vien|mtv|hop-danh))*-(?=\w)"
)


@dataclass(frozen=True)
class Facts:
    """What a company says of itself; printed on its papers (ISO/IEC 17065, 7.7.1 b)."""

    name: str
    registration_number: str
    address: str
    representative: str
    contact_email: str
    name_en: str = ""
    country: str = "VN"
    website: str = ""
    contact_phone: str = ""
    club_member: bool = False  # the company's own word: the office confirms it (assessments.memberships)
    club_member_since: date | None = None


MEMBERSHIP = ("club_member", "club_member_since")


def facts_of(vendor: Vendor) -> Facts:
    """What a company says of itself now; a claim that waits stands in the place of what was confirmed before."""
    said = {one.name: getattr(vendor, one.name) for one in fields(Facts)}
    if vendor.membership_claimed_at is not None:
        said |= {"club_member": True, "club_member_since": vendor.membership_claimed_since}
    return Facts(**said)


def register(session: Session, actor: Actor, facts: Facts) -> Vendor:
    """Register a company and make the person its owner.

    Refuses a person who belongs to a company already (WrongState) and a number of the same country that is
    registered (Invalid).
    """
    _refuse_second_company(session, actor.id)
    _refuse_known_number(session, facts)
    vendor = Vendor(slug=_free_slug(session, facts.name), **_without_membership(facts))
    _claim(vendor, facts)
    session.add(vendor)
    session.flush()
    session.add(Member(vendor_id=vendor.id, user_id=actor.id, role=MemberRole.OWNER))
    history.record(session, actor, history.Step(PeopleEvent.REGISTER_VENDOR, note=vendor.name))
    return vendor


def facts_seen(vendor: Vendor) -> str:
    """A mark of what the facts are now: the same as long as nobody has changed them."""
    return hashlib.sha256(json.dumps(asdict(facts_of(vendor)), default=str).encode()).hexdigest()[:32]


def change_facts(session: Session, actor: Actor, vendor: Vendor, facts: Facts, seen: str = "") -> Vendor:
    """Keep new facts of a company; the address of its page stays. Refuses a number of another company (Invalid).

    `seen` is facts_seen() of what the person began from: facts that somebody has changed since are not overwritten
    (Conflict). Papers and submissions that exist keep the facts they were made with.
    """
    _require_owner(actor, vendor)
    session.refresh(vendor, with_for_update=True)
    before = asdict(facts_of(vendor))
    changed = [name for name, value in asdict(facts).items() if before[name] != value]
    if changed and seen and seen != facts_seen(vendor):
        raise Conflict(N_("Thông tin đơn vị vừa được lưu ở nơi khác."), Version({}), Version({}))
    _refuse_known_number(session, facts, vendor)
    if changed:
        vendor.sqlmodel_update(_without_membership(facts))
        _claim(vendor, facts)
        session.add(vendor)
        note = f"{vendor.name}: {', '.join(changed)}"
        history.record(session, actor, history.Step(PeopleEvent.CHANGE_VENDOR, note=note))
    if set(MEMBERSHIP) & set(changed):  # public beside every product, so it is said at once
        session.flush()
        catalogue.refresh_vendor(session, vendor.id)
    if changed:
        session.flush()
        directory.follow(session, vendor)
    return vendor


def join(session: Session, actor: Actor, vendor: Vendor, role: MemberRole) -> Member:
    """Take a place in a company; who was there before comes back. Refuses members of any company (WrongState).

    Whoever has a part in an application of that company has it no more: see `impartiality.stop`.
    """
    _refuse_second_company(session, actor.id)
    if vendor.closed_at is not None:
        raise WrongState(N_("Đơn vị này đã đóng tài khoản."))
    member = session.get(Member, (vendor.id, actor.id))
    if member is None:
        member = Member(vendor_id=vendor.id, user_id=actor.id, role=role)
    member.role, member.joined_at, member.left_at = role, now(), None
    session.add(member)
    impartiality.hold(session, actor.id, vendor.id)
    history.record(session, actor, history.Step(PeopleEvent.JOIN_VENDOR, note=f"{vendor.name}: {role}"))
    impartiality.find(session, actor.id, vendor.id, impartiality.Cause(ConflictOrigin.JOINED))
    let_fall(session, actor.id)
    return member


def remove_member(session: Session, actor: Actor, vendor: Vendor, person_id: UUID) -> Member:
    """End a membership: an owner anyone's, everybody their own; it ends at the person's next click.

    Refuses others (NotAllowed), people who are not there (NotFound) and the last owner (WrongState).
    """
    if actor.id != person_id:
        _require_owner(actor, vendor)
    members = running_members(session, vendor.id, lock=True)
    member = _among(members, person_id)
    if _owners(members) == [member]:
        raise WrongState(
            N_("Đơn vị luôn cần một người phụ trách. Chuyển vai trò người phụ trách cho người khác trước khi rời.")
        )
    member.left_at = now()
    session.add(member)
    tokens.end_of_maker(session, person_id, vendor.id)
    history.record(session, actor, history.Step(PeopleEvent.LEAVE_VENDOR, note=f"{vendor.name}: {person_id}"))
    return member


def hand_over(session: Session, actor: Actor, vendor: Vendor, person_id: UUID) -> Member:
    """Make a contributor the owner in one's own place, and become a contributor.

    Refuses who is not an owner (NotAllowed), a person outside the company (NotFound) and an owner (WrongState).
    """
    _require_owner(actor, vendor)
    members = running_members(session, vendor.id, lock=True)
    giver, taker = _among(members, actor.id), _among(members, person_id)
    if taker.role is MemberRole.OWNER:
        raise WrongState(N_("Người này đã là người phụ trách."))
    giver.role, taker.role = MemberRole.CONTRIBUTOR, MemberRole.OWNER
    session.add_all([giver, taker])
    tokens.end_of_maker(session, actor.id, vendor.id)
    history.record(session, actor, history.Step(PeopleEvent.HAND_OVER_VENDOR, note=f"{vendor.name}: {person_id}"))
    return taker


@dataclass(frozen=True)
class Closed:
    """What closing a company's account did: what was withdrawn, who lost access, which bytes nobody needs any more."""

    withdrawn: tuple[str, ...]
    people: tuple[UUID, ...]
    unneeded: tuple[str, ...]


def close(session: Session, actor: Actor, vendor: Vendor, typed: str) -> Closed:
    """Close a company's account, at the wish of an owner who has typed its name.

    Open applications are withdrawn, every membership ends, and what no submission holds is erased: drafts that were
    never handed in, evidence, uploads under way. Submissions, receipts, decisions, certificates and their history stay
    (ISO/IEC 17065, 7.8 and 7.12); certificates run to their end. Refuses who is no owner (NotAllowed), who is not
    there any more (NotFound) and another name (Invalid).
    """
    session.refresh(vendor, with_for_update=True)
    _require_owner(actor, vendor)
    members = running_members(session, vendor.id, lock=True)
    _among(members, actor.id)
    if fold(typed).split() != fold(vendor.name).split():
        raise Invalid(N_("Gõ đúng tên đơn vị: %(name)s."), name=vendor.name)
    withdrawn = _withdraw_all(session, actor, vendor)
    unneeded = evidence.erase_unsubmitted(session, vendor.id)
    end_uploads(session, vendor.id)
    vendor.closed_at = now()
    for member in members:
        member.left_at = vendor.closed_at
    session.add_all([vendor, *members])
    tokens.end_of_closed(session, vendor.id)
    directory.follow(session, vendor)
    history.record(session, actor, history.Step(PeopleEvent.CLOSE_VENDOR, note=vendor.name))
    return Closed(withdrawn, tuple(member.user_id for member in members), tuple(unneeded))


def _withdraw_all(session: Session, actor: Actor, vendor: Vendor) -> tuple[str, ...]:
    """Withdraw what is open, appeals too, and erase what was only ever a draft."""
    for appeal in running_of_vendor(session, vendor.id):
        appeals.withdraw(session, actor, appeal)
    open_ones = sorted(open_of(session, vendor.id), key=lambda one: one.ref)
    for application in open_ones:
        if application.kind is Kind.SURVEILLANCE:
            move(session, None, application, Action.STOP, CLOSING)
        else:
            move(session, actor, application, Action.WITHDRAW, CLOSING)
    for application in never_submitted(session, vendor.id):
        erase_draft(session, application)
    return tuple(one.ref for one in open_ones)


def _without_membership(facts: Facts) -> dict[str, Any]:
    return {name: value for name, value in asdict(facts).items() if name not in MEMBERSHIP}


def _claim(vendor: Vendor, facts: Facts) -> None:
    """Have the membership a company claims wait for the office; who is none any more says so without asking."""
    if not facts.club_member:
        vendor.club_member, vendor.club_member_since = False, None
    confirmed = (vendor.club_member, vendor.club_member_since) == (facts.club_member, facts.club_member_since)
    claimed = vendor.membership_claimed_at is not None and vendor.membership_claimed_since == facts.club_member_since
    if confirmed or not facts.club_member:
        vendor.membership_claimed_at = vendor.membership_claimed_since = None
    elif not claimed:
        vendor.membership_claimed_at, vendor.membership_claimed_since = now(), facts.club_member_since


def _require_owner(actor: Actor, vendor: Vendor) -> None:
    if actor.memberships.get(vendor.id) is not MemberRole.OWNER:
        raise NotAllowed(N_("Chỉ người phụ trách của đơn vị làm được việc này."))


def _refuse_second_company(session: Session, person_id: UUID) -> None:
    if running_membership(session, person_id) is not None:
        raise WrongState(N_("Tài khoản này đã thuộc một đơn vị. Mỗi tài khoản chỉ thuộc một đơn vị."))


def _refuse_known_number(session: Session, facts: Facts, own: Vendor | None = None) -> None:
    known = vendor_with_number(session, facts.country, facts.registration_number)
    if known is not None and (own is None or known.id != own.id):
        raise Invalid(
            N_("Mã số này đã được đăng ký ở đây. Nhờ người phụ trách của đơn vị đó mời bạn, hoặc viết cho Câu lạc bộ.")
        )


def _among(members: list[Member], person_id: UUID) -> Member:
    for member in members:
        if member.user_id == person_id:
            return member
    raise NotFound


def _owners(members: list[Member]) -> list[Member]:
    return [member for member in members if member.role is MemberRole.OWNER]


def _free_slug(session: Session, name: str) -> str:
    plain = _LEGAL_FORM.sub("", slug(name, "don-vi"))
    tried, number = plain, 1
    while slug_taken(session, tried):
        number += 1
        tried = f"{plain}-{number}"
    return tried
