"""Invitations by e-mail: into a company as owner or contributor, into the club with roles."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import committee, vendors
from assessments.clock import deadline, now
from assessments.errors import N_, NotFound, WrongState
from assessments.models import Member, Vendor
from assessments.people import Actor, MemberRole, Role
from registry.accounts import attempts, club, letters
from registry.accounts.models import Invitation, User, UserRole
from registry.accounts.users import user_by_email

DAYS = 14


@dataclass(frozen=True)
class Offer:
    """What is offered to whom: a place in a company, or roles in the club."""

    email: str
    name: str = ""
    language: str = "vi"
    vendor: Vendor | None = None
    member_role: MemberRole | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    origin: committee.Origin = field(default_factory=committee.Origin)  # of club people


def invite(session: Session, inviter: Actor | None, offer: Offer, organisation: str) -> tuple[Invitation, str]:
    """Offer a place until the end of the day two weeks ahead and write the letter; returns it with its secret.

    An open invitation of the same kind to the same address gives way. Refuses people who are in already
    (WrongState), an outside expert for more than reviewing (Invalid), and more letters than an address, a company or
    an administrator may have (TooMany). `inviter` None is the command line, which shows the link itself.
    """
    _refuse_present(session, offer)
    committee.check_outside(offer.roles, outside=offer.origin.outside)
    vendor_id = offer.vendor.id if offer.vendor else None
    if inviter is not None:
        attempts.take(session, attempts.Purpose.MAIL, offer.email)
        attempts.take(session, attempts.Purpose.INVITE, str(vendor_id or inviter.id))
    for former in open_invitations(session, vendor_id):
        if former.email == offer.email:
            _revoke(session, former)
    token = secrets.token_urlsafe(32)
    invited = Invitation(
        email=offer.email,
        name=offer.name,
        language=offer.language,
        vendor_id=vendor_id,
        member_role=offer.member_role,
        roles=",".join(sorted(offer.roles)),
        affiliation=offer.origin.affiliation,
        outside=offer.origin.outside,
        token_hash=_hash(token),
        invited_by=inviter.id if inviter else None,
        expires_at=deadline(DAYS),
    )
    session.add(invited)
    if inviter is not None:
        letters.invitation(session, invited, token, inviter.name, organisation)
    return invited, token


def was_sent_since(session: Session, inviter: Actor, offer: Offer, since: datetime | None) -> bool:
    """Whether the same person has offered the same place in a company to that address since a moment.

    The company's row is held meanwhile, so that of two clicks at once the second one finds what the first has sent.
    """
    if offer.vendor is None or since is None:
        return False
    session.refresh(offer.vendor, with_for_update=True)
    return any(
        (one.email, one.member_role, one.language) == (offer.email, offer.member_role, offer.language)
        for one in open_invitations(session, offer.vendor.id)
        if one.invited_by == inviter.id and one.invited_at >= since
    )


def open_invitations(session: Session, vendor_id: UUID | None) -> list[Invitation]:
    """The invitations into a company (None: into the club) that can still be accepted, the newest first."""
    question = (
        select(Invitation)
        .where(
            col(Invitation.vendor_id) == vendor_id if vendor_id else col(Invitation.vendor_id).is_(None),
            col(Invitation.accepted_at).is_(None),
            col(Invitation.revoked_at).is_(None),
            Invitation.expires_at > now(),
        )
        .order_by(col(Invitation.invited_at).desc())
    )
    return list(session.exec(question).all())


def invitation_of(session: Session, token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation behind a link, while it can be accepted and whoever wrote it may still invite."""
    question = select(Invitation).where(Invitation.token_hash == _hash(token))
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None or found.accepted_at or found.revoked_at or found.expires_at <= now():
        return None
    return found if _may_still_invite(session, found) else None


def accept(session: Session, invited: Invitation, user: User) -> None:
    """Take what is offered; refuses (WrongState) a second company."""
    if invited.vendor_id and invited.member_role:
        vendors.join(session, user, session.get_one(Vendor, invited.vendor_id), invited.member_role)
    else:
        club.grant(session, user, user, invited.club_roles)
        committee.set_background(session, user, user.id, committee.Origin(invited.affiliation, invited.outside))
    invited.accepted_at = now()
    session.add(invited)


def revoke(session: Session, invitation_id: UUID, vendor_id: UUID | None) -> Invitation:
    """Take back an open invitation into a company (None: into the club); refuses (NotFound) any other."""
    for invited in open_invitations(session, vendor_id):
        if invited.id == invitation_id:
            _revoke(session, invited)
            return invited
    raise NotFound


def revoke_by(session: Session, inviter_id: UUID, vendor_id: UUID | None) -> None:
    """Take back what somebody offered in a company (None: in the club) and may offer there no more."""
    for invited in open_invitations(session, vendor_id):
        if invited.invited_by == inviter_id:
            _revoke(session, invited)


def revoke_all(session: Session, vendor_id: UUID) -> None:
    """Take back every open invitation into a company: it closes its account."""
    for invited in open_invitations(session, vendor_id):
        _revoke(session, invited)


def _may_still_invite(session: Session, invited: Invitation) -> bool:
    """Whether the inviter is active and an administrator, or owner of that company; the command line always is."""
    if invited.invited_by is None:
        return True
    if session.get_one(User, invited.invited_by).disabled_at is not None:
        return False
    if invited.vendor_id is None:
        return session.get(UserRole, (invited.invited_by, Role.ADMIN)) is not None
    member = session.get(Member, (invited.vendor_id, invited.invited_by))
    return member is not None and member.left_at is None and member.role is MemberRole.OWNER


def _revoke(session: Session, invited: Invitation) -> None:
    invited.revoked_at = now()
    session.add(invited)


def _refuse_present(session: Session, offer: Offer) -> None:
    user = user_by_email(session, offer.email)
    if user is None:
        return
    if offer.vendor is not None:
        member = session.get(Member, (offer.vendor.id, user.id))
        if member is not None and member.left_at is None:
            raise WrongState(N_("Người này đã thuộc đơn vị."))
    elif session.exec(select(UserRole).where(UserRole.user_id == user.id)).first():
        raise WrongState(N_("Người này đã có tài khoản ở Câu lạc bộ. Đổi vai trò của họ trong danh sách."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
