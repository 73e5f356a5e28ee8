"""The letters about membership: the owners of a company learn what the office answered."""

from sqlmodel import Session

from assessments.models import HistoryEntry, Vendor
from assessments.people import MemberRole
from assessments.queries.people import members_of
from registry import links
from registry.mail import outbox


def tell(session: Session, vendor: Vendor, template: str, written: HistoryEntry, reason: str = "") -> None:
    """Write to every owner, in the transaction of the answer; `written` is the history row of it."""
    for person in members_of(session, vendor.id, MemberRole.OWNER):
        values = {
            "name": person.name,
            "vendor": vendor.name,
            "since": vendor.club_member_since,
            "reason": reason,
            "url": links.absolute("company.show", person.language),
        }
        event = f"{written.seq}:{template}:{person.id}"
        outbox.write(session, outbox.Mail(event, person.email, person.language, template, values))
