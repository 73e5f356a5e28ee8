"""Closing a company's account: the procedure's part, and what the web keeps beside it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import evidence, vendors
from assessments.clock import today
from assessments.models import Certificate, Member, Vendor
from assessments.people import Actor, Role
from assessments.queries import people
from assessments.queries.certificates import current_of
from assessments.queries.evidence import stored_elsewhere
from assessments.queries.people import Person
from assessments.vendors import Closed
from registry import db, storage
from registry.accounts import invitations
from registry.company import exports
from registry.mail import outbox


def close(session: Session, actor: Actor, vendor: Vendor, typed: str) -> Closed:
    """Close it and write to everybody concerned; refuses as vendors.close() does.

    The caller commits, and then lets go of the bytes that nobody needs (forget_bytes).
    """
    standing = sorted(current_of(session, vendor.id, today()).values(), key=lambda one: one.number)
    closed = vendors.close(session, actor, vendor, typed)
    invitations.revoke_all(session, vendor.id)
    exports.give_up(session, vendor.id)
    told = people.people(session, closed.people)
    _write(session, vendor, told.values(), "company_closed", closed, standing)
    _write(session, vendor, people.with_role(session, Role.COORDINATOR), "office_company_closed", closed, standing)
    return closed


def forget_bytes(names: Iterable[str]) -> None:
    """Remove bytes that no row needs, while nobody can add one; after a crash before this, fsck sweeps them."""
    candidates = set(names)
    if not candidates:
        return
    with db.writing() as session:
        evidence.hold_files(session)
        for name in candidates - stored_elsewhere(session, candidates):
            storage.current().remove(name)


def closed_by(session: Session, person_id: UUID) -> Vendor | None:
    """The company whose closing ended this person's membership, the last one; None when they never met that."""
    question = (
        select(Vendor)
        .join(Member, col(Member.vendor_id) == col(Vendor.id))
        .where(Member.user_id == person_id, col(Member.left_at) == col(Vendor.closed_at))
        .order_by(col(Vendor.closed_at).desc())
    )
    return session.exec(question).first()


def _write(
    session: Session,
    vendor: Vendor,
    readers: Iterable[Person],
    template: str,
    closed: Closed,
    standing: list[Certificate],
) -> None:
    at: datetime | None = vendor.closed_at
    for person in readers:
        values = {
            "name": person.name,
            "vendor": "",
            "company": vendor.name,
            "at": at,
            "withdrawn": closed.withdrawn,
            "certificates": [(one.number, one.valid_until) for one in standing],
        }
        event = f"{template}:{vendor.id}:{person.id}"
        outbox.write(session, outbox.Mail(event, person.email, person.language, template, values))
