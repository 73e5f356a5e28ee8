"""People with accounts: finding them, opening an account, and the password that belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from assessments.clock import now
from registry.accounts import letters, security_events, sessions
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind


@dataclass(frozen=True)
class Newcomer:
    """What somebody says of themselves when they open an account; the password is hashed already."""

    name: str
    email: str
    language: str
    password_hash: str


def user_by_email(session: Session, email: str) -> User | None:
    """The person with that address, in any spelling of its letters."""
    return session.exec(select(User).where(User.email == email.lower())).one_or_none()


def everybody(session: Session) -> Iterable[User]:
    """Everybody with an account, one after the other."""
    return session.exec(select(User).execution_options(yield_per=500))


def sign_up(session: Session, newcomer: Newcomer) -> User:
    """Take down a new account and write the letter that opens it.

    An address that has an account gets a letter saying so; one that was never confirmed gets the newest name and
    password, and links sent before are dead.
    """
    user = user_by_email(session, newcomer.email)
    if user is not None and (user.email_verified_at or user.disabled_at):
        letters.already_registered(session, user)
        return user
    user = user or User(email=newcomer.email, name=newcomer.name)
    _take_down(session, user, newcomer)
    letters.verify_email(session, user)
    return user


def write_again(session: Session, email: str) -> None:
    """Write the confirmation letter once more; whoever has an open account hears that instead, unknown ones nothing."""
    user = user_by_email(session, email)
    if user is None:
        return
    if user.email_verified_at or user.disabled_at:
        letters.already_registered(session, user)
    else:
        letters.verify_email(session, user)


def open_account(session: Session, newcomer: Newcomer) -> User:
    """An account whose address is proven by the link that led here; an unconfirmed one is taken over."""
    user = user_by_email(session, newcomer.email) or User(email=newcomer.email, name=newcomer.name)
    user.email_verified_at = now()
    _take_down(session, user, newcomer)
    return user


def change_details(session: Session, user: User, name: str, language: str) -> User:
    """Keep a person's name and language; papers and history keep the name they were written with."""
    user.name, user.language = name, language
    session.add(user)
    return user


def reset_password(session: Session, user: User, password_hash: str) -> None:
    """Set a password by a link: it proves the address as well, and ends every session."""
    user.email_verified_at = user.email_verified_at or now()
    _change_password(session, user, password_hash)
    security_events.record(session, user, SecurityKind.PASSWORD_RESET)


def set_password(session: Session, user: User, password_hash: str, keep: str = "") -> None:
    """Set a new password, tell the person, and end every session but the one whose hash is `keep`."""
    _change_password(session, user, password_hash, keep)
    security_events.record(session, user, SecurityKind.PASSWORD_CHANGED)


def _change_password(session: Session, user: User, password_hash: str, keep: str = "") -> None:
    user.password_hash = password_hash
    session.add(user)
    sessions.end_all(session, user.id, but=keep)
    letters.password_changed(session, user)


def _take_down(session: Session, user: User, newcomer: Newcomer) -> None:
    user.name, user.language, user.password_hash = newcomer.name, newcomer.language, newcomer.password_hash
    session.add(user)
    session.flush()
