"""Questions about API tokens."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from assessments.clock import now, start_of_day
from assessments.models import ApiToken, Member, TokenEnd, Vendor
from assessments.people import MemberRole
from assessments.queries.people import PERSON

SHOWN = 100  # tokens on the page of a company, those that run first
TOLD = (TokenEnd.EXPOSED, TokenEnd.LEFT, TokenEnd.DISABLED)  # ends that no owner has brought about by a button


def of_vendor(session: Session, vendor_id: UUID) -> list[ApiToken]:
    """A company's tokens: those that have not ended first, then the newest."""
    question = (
        select(ApiToken)
        .where(ApiToken.vendor_id == vendor_id)
        .order_by(col(ApiToken.ended_at).is_not(None), col(ApiToken.made_at).desc(), col(ApiToken.id))
        .limit(SHOWN)
    )
    return list(session.exec(question).all())


def token_of(session: Session, vendor_id: UUID, token_id: UUID, *, lock: bool = False) -> ApiToken | None:
    """One token of a company; None for those of others."""
    question = select(ApiToken).where(ApiToken.id == token_id, ApiToken.vendor_id == vendor_id)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def running(session: Session, vendor_id: UUID) -> int:
    """How many of a company's tokens can be used."""
    question = select(func.count()).where(
        col(ApiToken.vendor_id) == vendor_id, col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > now()
    )
    return session.exec(question).one()


def usable(session: Session, key_hash: str) -> tuple[ApiToken, Vendor] | None:
    """The token behind a key with its company, while it runs and who made it is an owner there, in one statement."""
    owner = and_(
        col(Member.vendor_id) == col(ApiToken.vendor_id),
        col(Member.user_id) == col(ApiToken.made_by),
        col(Member.role) == MemberRole.OWNER,
        col(Member.left_at).is_(None),
    )
    question = (
        select(ApiToken, Vendor)
        .join(Vendor, col(Vendor.id) == col(ApiToken.vendor_id))
        .join(Member, owner)
        .join(PERSON, PERSON.c.id == col(ApiToken.made_by))
        .where(
            ApiToken.key_hash == key_hash,
            col(ApiToken.ended_at).is_(None),
            ApiToken.expires_at > now(),
            col(Vendor.closed_at).is_(None),
            PERSON.c.disabled_at.is_(None),
        )
    )
    return session.exec(question).one_or_none()


def unended(session: Session, key_hash: str) -> ApiToken | None:
    """The token behind a key that has not ended, expired or not."""
    question = select(ApiToken).where(ApiToken.key_hash == key_hash, col(ApiToken.ended_at).is_(None))
    return session.exec(question.with_for_update()).one_or_none()


def unended_by(session: Session, person_id: UUID, vendor_id: UUID | None = None) -> list[ApiToken]:
    """The tokens somebody has made that have not ended; those of one company, or of all."""
    question = select(ApiToken).where(ApiToken.made_by == person_id, col(ApiToken.ended_at).is_(None))
    if vendor_id is not None:
        question = question.where(ApiToken.vendor_id == vendor_id)
    return list(session.exec(question.order_by(col(ApiToken.made_at)).with_for_update()).all())


def unended_of(session: Session, vendor_id: UUID) -> list[ApiToken]:
    """The tokens of a company that have not ended."""
    question = select(ApiToken).where(ApiToken.vendor_id == vendor_id, col(ApiToken.ended_at).is_(None))
    return list(session.exec(question.order_by(col(ApiToken.made_at)).with_for_update()).all())


def to_warn(session: Session, before: date) -> list[UUID]:
    """The tokens that expire before the end of a legal day and whose owners have not been written to."""
    question = select(ApiToken.id).where(
        col(ApiToken.ended_at).is_(None),
        col(ApiToken.warned_at).is_(None),
        ApiToken.expires_at > now(),
        ApiToken.expires_at < start_of_day(before),
    )
    return list(session.exec(question).all())


def to_tell(session: Session) -> list[UUID]:
    """The tokens that ended without an owner's doing and whose owners have not been written to."""
    question = select(ApiToken.id).where(col(ApiToken.told_at).is_(None), col(ApiToken.ended_as).in_(TOLD))
    return list(session.exec(question).all())
