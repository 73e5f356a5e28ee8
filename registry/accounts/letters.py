"""The letters of accounts: each goes into the outbox with the change it tells of."""

import secrets
from typing import Any

from flask import current_app
from sqlmodel import Session

from assessments.clock import now
from registry import links
from registry.accounts import seats, tokens
from registry.accounts.models import Invitation, User
from registry.accounts.sessions import Seat
from registry.accounts.words import MEMBERS, roles_in_words
from registry.mail import outbox


def verify_email(session: Session, user: User) -> None:
    """The link that opens a new account."""
    token = tokens.issue(tokens.Purpose.VERIFY_EMAIL, user)
    url = links.absolute("accounts.verify_email", user.language, token=token)
    _to(session, user, "verify_email", url=url, days=tokens.LASTS[tokens.Purpose.VERIFY_EMAIL].days)


def already_registered(session: Session, user: User) -> None:
    """Somebody signed up with an address that has an account: only its owner learns that."""
    _to(
        session,
        user,
        "already_registered",
        sign_in=links.absolute("accounts.sign_in", user.language),
        reset=links.absolute("accounts.forgot_password", user.language),
    )


def password_reset(session: Session, user: User) -> None:
    """The link that sets a new password."""
    token = tokens.issue(tokens.Purpose.RESET_PASSWORD, user)
    minutes = int(tokens.LASTS[tokens.Purpose.RESET_PASSWORD].total_seconds() // 60)
    url = links.absolute("accounts.reset_password", user.language, token=token)
    _to(session, user, "password_reset", url=url, minutes=minutes)


def password_changed(session: Session, user: User) -> None:
    """The password is another one now: whoever did not do that hears of it."""
    _to(session, user, "password_changed", reset=links.absolute("accounts.forgot_password", user.language))


def new_device(session: Session, user: User, seat: Seat) -> None:
    """Somebody signed in where this person had not signed in before: whoever it was not knows what to do."""
    _to(
        session,
        user,
        "new_device",
        at=now(),
        browser=_Browser(seat),
        address=seat.address,
        security=links.absolute("accounts.security", user.language),
        reset=links.absolute("accounts.forgot_password", user.language),
    )


def account_closed(session: Session, user: User) -> None:
    """The account was closed: the last letter to this address."""
    _to(session, user, "account_closed")


def factor_added(session: Session, user: User, name: str) -> None:
    """A second factor was set up: a passkey of that name, or without a name an app for one-time codes."""
    _to(session, user, "factor_added", passkey=name, reset=links.absolute("accounts.forgot_password", user.language))


def factor_removed(session: Session, user: User, name: str) -> None:
    """One was removed."""
    _to(session, user, "factor_removed", passkey=name, reset=links.absolute("accounts.forgot_password", user.language))


def recovery_used(session: Session, user: User, left: int) -> None:
    """Somebody signed in with a recovery code; so many are left."""
    _to(session, user, "recovery_used", left=left, reset=links.absolute("accounts.forgot_password", user.language))


def recovery_renewed(session: Session, user: User) -> None:
    """New recovery codes were made."""
    _to(session, user, "recovery_renewed", reset=links.absolute("accounts.forgot_password", user.language))


def factors_reset(session: Session, user: User, reason: str) -> None:
    """The club took every factor away, because the person said that they had lost them."""
    office = current_app.config["SETTINGS"].office_email
    sign_in = links.absolute("accounts.sign_in", user.language)
    _to(session, user, "factors_reset", reason=reason, office=office, sign_in=sign_in)


def invitation(session: Session, invited: Invitation, token: str, inviter: str, organisation: str) -> None:
    """A place in a company or in the club."""
    role = MEMBERS[invited.member_role] if invited.member_role else _ClubRoles(invited)
    mail = outbox.Mail(
        event=f"invitation:{invited.id}",
        recipient=invited.email,
        language=invited.language,
        template="invitation_company" if invited.vendor_id else "invitation_club",
        values={
            "name": invited.name,
            "inviter": inviter,
            "organisation": organisation,
            "role": role,
            "expires_at": invited.expires_at,
            "url": links.absolute("accounts.invitation", invited.language, token=token),
        },
    )
    outbox.write(session, mail)


class _Browser:
    """A browser, put into words only when the letter's language is set."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def __str__(self) -> str:
        return seats.in_words(self.seat.browser)


class _ClubRoles:
    """The roles of an invitation, put into words only when the letter's language is set."""

    def __init__(self, invited: Invitation) -> None:
        self.invited = invited

    def __str__(self) -> str:
        return roles_in_words(self.invited.club_roles)


def _to(session: Session, user: User, template: str, **values: Any) -> None:
    event = f"{template}:{user.id}:{secrets.token_hex(8)}"  # each asking is an occasion of its own
    # Whoever signs up with a stranger's address writes no line of what that stranger gets: not even a name.
    values = {"name": user.name if user.email_verified_at else "", **values}
    outbox.write(session, outbox.Mail(event, user.email, user.language, template, values))
