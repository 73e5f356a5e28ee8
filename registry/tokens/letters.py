"""Letters to the owners of a company about its tokens: made, about to expire, ended without their doing."""

from typing import Any

from sqlmodel import Session

from assessments.models import ApiToken, Vendor
from assessments.people import MemberRole
from assessments.queries import people
from registry import links
from registry.mail import outbox
from registry.tokens.words import ENDS, SCOPES


class _Scopes:
    """What a token may read, put into words only when the letter's language is set."""

    def __init__(self, token: ApiToken) -> None:
        self.token = token

    def __iter__(self) -> Any:
        return (str(word) for scope, word in SCOPES.items() if scope in self.token.allows)


def made(session: Session, token: ApiToken) -> None:
    """Somebody of the company has made a token: the other owners hear of it, and so does who made it."""
    _to_owners(session, token, "token_made", maker=people.name_of(session, token.made_by), scopes=_Scopes(token))


def expiring(session: Session, token: ApiToken) -> None:
    """A token expires soon."""
    _to_owners(session, token, "token_expiring")


def ended(session: Session, token: ApiToken) -> None:
    """A token ended, and no owner has pressed a button for it."""
    _to_owners(session, token, "token_ended", cause=ENDS[token.ended_as] if token.ended_as else "")


def _to_owners(session: Session, token: ApiToken, template: str, **values: Any) -> None:
    vendor = session.get_one(Vendor, token.vendor_id)
    for person in people.members_of(session, token.vendor_id, MemberRole.OWNER):
        told = {
            "name": person.name,
            "vendor": vendor.name,
            "token": token,
            "url": links.absolute("tokens.index", person.language),
            **values,
        }
        event = f"{template}:{token.id}:{person.id}"
        outbox.write(session, outbox.Mail(event, person.email, person.language, template, told))
