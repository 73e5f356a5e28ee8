"""Questions about companies and the people in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.folding import sort_key
from assessments.models import Member, Vendor
from assessments.people import MemberRole
from assessments.queries.people import Person, people


@dataclass(frozen=True)
class MemberRow:
    """One person of a company, as its page lists them."""

    person: Person
    role: MemberRole
    joined_at: datetime


def vendor_with_number(session: Session, country: str, number: str) -> Vendor | None:
    """The company registered here under that number of that country."""
    question = select(Vendor).where(Vendor.country == country, Vendor.registration_number == number)
    return session.exec(question).first()


def slug_taken(session: Session, slug: str) -> bool:
    """Whether a company already has this address."""
    return session.exec(select(Vendor.id).where(Vendor.slug == slug)).first() is not None


def running_members(session: Session, vendor_id: UUID, *, lock: bool = False) -> list[Member]:
    """The memberships of a company that run now; `lock` holds them until the transaction ends."""
    question = select(Member).where(Member.vendor_id == vendor_id, col(Member.left_at).is_(None))
    return list(session.exec(question.with_for_update() if lock else question).all())


def running_membership(session: Session, person_id: UUID) -> Member | None:
    """The membership of a person that runs now; a person belongs to one company."""
    question = select(Member).where(Member.user_id == person_id, col(Member.left_at).is_(None))
    return session.exec(question).first()


def member_rows(session: Session, vendor_id: UUID) -> list[MemberRow]:
    """The people of a company: owners first, then by name."""
    members = running_members(session, vendor_id)
    found = people(session, [member.user_id for member in members])
    rows = [MemberRow(found[m.user_id], m.role, m.joined_at) for m in members if m.user_id in found]
    return sorted(rows, key=lambda row: (row.role is not MemberRole.OWNER, sort_key(row.person.name)))


def vendor_names(session: Session) -> list[tuple[UUID, str]]:
    """Every company, in Vietnamese order."""
    rows = session.exec(select(Vendor.id, Vendor.name)).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: sort_key(row[1]))
