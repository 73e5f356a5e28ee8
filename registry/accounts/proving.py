"""Showing a factor: each try is counted, and its challenge used up, before it is judged: no refusal undoes that."""

import secrets
from dataclasses import dataclass

from flask import g, session
from flask_login import current_user
from sqlmodel import Session

from assessments.errors import Invalid
from registry import db
from registry.accounts import attempts, challenges, codes, factors, passkeys, seats, sessions
from registry.accounts.challenges import Purpose
from registry.accounts.models import User


@dataclass(frozen=True)
class Try:
    """What somebody shows: a one-time code, or a passkey's answer to the challenge their browser was given."""

    code: str = ""
    answer: str = ""
    challenge: bytes | None = None


def bound() -> str:
    """What a challenge is bound to: the session of whoever is signed in, or else this browser's cookie."""
    if (current_user.is_authenticated or g.get("halfway")) and (root := g.get("login_root")):  # asking looks them up
        return str(root)
    return sessions.key_hash(str(session.setdefault("browser", secrets.token_urlsafe(32))))


def count(purpose: attempts.Purpose, account: str) -> None:
    """Count a try for this account from here; refuses (TooMany) when it is enough. Holds nothing afterwards."""
    db.release()
    with db.writing() as own:
        attempts.take(own, purpose, account, seats.here().address)


def begin(user: User, code: str, answer: str, purpose: Purpose) -> Try:
    """Count a try of somebody who has shown a password; refuses (TooMany) when it is enough."""
    count(attempts.Purpose.FACTOR, user.email)
    return Try(code, answer, challenges.taken(bound(), purpose) if answer else None)


def show(own: Session, user: User, tried: Try) -> None:
    """Judge it; refuses (Invalid) what is wrong, used, or somebody else's. The caller commits."""
    if tried.answer:
        if passkeys.check(own, tried.challenge, tried.answer, alone=False).user_id != user.id:
            raise Invalid(passkeys.REFUSED)
    elif not codes.use(own, user.id, tried.code):
        raise Invalid(factors.WRONG_CODE)
    attempts.forgive(own, attempts.Purpose.FACTOR, user.email, seats.here().address)
