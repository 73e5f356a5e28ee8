"""Passwords: argon2id with OWASP's parameters, at most two hashes at once so that sign-ins cannot fill the machine."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turnstile = BoundedSemaphore(2)
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to keep (OWASP Password Storage: 19 MiB, 2 passes, 1 lane)."""
    with _turnstile:
        return _hasher.hash(password)


def verify(hashed: str, password: str) -> bool:
    """Whether the password is right; without a hash the same work is done, so that time tells nothing."""
    with _turnstile:
        try:
            return _hasher.verify(hashed or _NOBODY, password) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


def outdated(hashed: str) -> bool:
    """Whether a hash was made with other parameters and should be renewed at sign-in."""
    return _hasher.check_needs_rehash(hashed)
