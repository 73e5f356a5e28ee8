"""Ten recovery codes for whoever has lost their phone: shown once, kept as hashes, each good once."""

import secrets
from threading import BoundedSemaphore
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from sqlmodel import Session, col, delete, func, select, update

from assessments.clock import now
from registry.accounts.factor_models import RecoveryCode

HOW_MANY = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
LENGTH = 16  # almost 80 bits
SALT_OCTETS = 16

_turnstile = BoundedSemaphore(1)


def make(session: Session, user_id: UUID) -> list[str]:
    """Ten new codes, to be shown now and never again; those before are good no more."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    salt = secrets.token_hex(SALT_OCTETS)
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(hash=_hashed(code, salt), user_id=user_id, salt=salt) for code in made)
    return ["-".join(code[place : place + 4] for place in range(0, LENGTH, 4)) for code in made]


def use(session: Session, user_id: UUID, typed: str) -> bool:
    """Whether that is one of a person's codes that has not been used; from now on it has.

    One hash is made whoever asks: a person without codes takes as long.
    """
    salt = session.exec(select(RecoveryCode.salt).where(RecoveryCode.user_id == user_id).limit(1)).first()
    hashed = _hashed(_bare(typed), salt or "00" * SALT_OCTETS)
    taken = session.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.hash) == hashed,
            col(RecoveryCode.user_id) == user_id,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now())
    )
    return bool(taken.rowcount)


def left(session: Session, user_id: UUID) -> int:
    """How many codes a person has that are still good."""
    unused = (col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()


def forget(session: Session, user_id: UUID) -> None:
    """Delete every code of a person."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))


def _bare(typed: str) -> str:
    """As it was made, however it was typed; nothing is as long as it takes to hash a book."""
    return "".join(typed.lower().replace("-", "").split())[: 4 * LENGTH]


def _hashed(code: str, salt: str) -> str:
    """argon2id with OWASP's parameters, as for passwords."""
    with _turnstile:
        raw = hash_secret_raw(code.encode(), bytes.fromhex(salt), 2, 19 * 1024, 1, 32, Type.ID)
    return raw.hex()
