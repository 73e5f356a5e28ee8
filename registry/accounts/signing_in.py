"""Signing in: the password is checked while no transaction is held, because checking is slow on purpose."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments.errors import N_, Invalid
from registry import db
from registry.accounts import attempts, devices, factors, letters, passkeys, passwords, security_events, sessions
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.accounts.users import user_by_email

WRONG_PASSWORD = N_("Mật khẩu chưa đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock.")
WRONG = N_("Email hoặc mật khẩu chưa đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock.")


@dataclass(frozen=True)
class Proof:
    """Somebody showed a password: whose it is, the hash it fits, and a newer hash where that one is outdated."""

    user_id: UUID
    password_hash: str
    renewed_hash: str = ""


def prove(email: str, password: str, address: str) -> Proof:
    """Check a password; for unknown people the same work is done and the same is said.

    Refuses after too many tries (TooMany) and anything that does not open an account (Invalid).
    """
    user = _looked_up(email, address)
    hashed = user.password_hash if user else ""
    right = passwords.verify(hashed, password)
    if user is None or not right or not user.is_active:
        _note_failure(user, email, address)
        raise Invalid(WRONG)
    renewed = passwords.hash_password(password) if passwords.outdated(hashed) else ""
    return Proof(user.id, hashed, renewed)


def knows_password(user: User, password: str, address: str) -> bool:
    """Whether a person knows the password of this account: counted like any other try (TooMany)."""
    _looked_up(user.email, address)
    right = passwords.verify(user.password_hash, password)
    if not right:
        _note_failure(user, user.email, address)
    return right


def require_password(user: User, password: str, address: str) -> None:
    """Refuse (Invalid) whoever does not know the password of this account."""
    if not knows_password(user, password, address):
        raise Invalid(N_("Mật khẩu chưa đúng. Quên rồi thì đặt lại mật khẩu: cách đó cũng xác nhận email."))


def begin(session: Session, proof: Proof, seat: sessions.Seat) -> tuple[User, str]:
    """Start the session a proof entitles to; refuses (Invalid) when the account changed in between."""
    user = session.get_one(User, proof.user_id)
    if not user.is_active or user.password_hash != proof.password_hash:
        raise Invalid(WRONG)
    if proof.renewed_hash:
        user.password_hash = proof.renewed_hash
        session.add(user)
    attempts.forgive(session, attempts.Purpose.SIGN_IN, user.email, seat.address)
    return user, start(session, user, seat)


def begin_with_passkey(session: Session, shown: passkeys.Answer, seat: sessions.Seat) -> tuple[User, str]:
    """Start the session of whoever has shown a passkey that made sure of them: both factors at once.

    Refuses (Invalid) people who may not come in, in the words of any other passkey that does not fit.
    """
    user = session.get_one(User, shown.user_id)
    if not user.is_active or not shown.verified:
        raise Invalid(passkeys.REFUSED)
    sessions.load_standing(session, user)
    _note_arrival(session, user, seat)
    return user, sessions.begin(session, user, seat, sessions.Shown(two=True))


def start(session: Session, user: User, seat: sessions.Seat) -> str:
    """Start a session for a person whose identity is proven, and learn what they are.

    Where they have signed in before, and not in this browser, they are written to.
    """
    sessions.load_standing(session, user)
    _note_arrival(session, user, seat)
    return sessions.begin(session, user, seat, sessions.Shown(asks_factor=factors.has_any(session, user.id)))


def _note_arrival(session: Session, user: User, seat: sessions.Seat) -> None:
    new = security_events.has_signed_in(session, user) and not devices.knows(user)
    kind = SecurityKind.NEW_DEVICE if new else SecurityKind.SIGNED_IN
    security_events.record(session, user, kind, seat=seat)
    if new:
        letters.new_device(session, user, seat)


def _looked_up(email: str, address: str) -> User | None:
    with db.writing() as session:
        attempts.take(session, attempts.Purpose.SIGN_IN, email, address)
    with db.reading() as session:
        return user_by_email(session, email)


def _note_failure(user: User | None, email: str, address: str) -> None:
    """Write down a wrong password where its person reads it; for unknown people something is written as well."""
    with db.writing() as session:
        attempts.touch(session, attempts.Purpose.SIGN_IN, email, address)
        if user is not None:
            security_events.record(session, user, SecurityKind.FAILED)
