"""Passwords: which ones are taken, and argon2id with OWASP's parameters, at most two hashes at once."""

from collections.abc import Mapping
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assessments.errors import N_
from registry.accounts.guessing import Weakness, weakness

MIN_LENGTH = 12
MAX_LENGTH = 256
_FAULTS: Mapping[Weakness, str] = {
    Weakness.COMMON: N_("Mật khẩu này nhiều người dùng nên dễ đoán. Chọn một câu khác."),
    Weakness.OWN: N_("Mật khẩu không được là email hay tên của bạn. Chọn một câu khác."),
    Weakness.KEYS: N_("Mật khẩu này phần lớn là các phím nằm cạnh nhau nên dễ đoán. Chọn một câu khác."),
    Weakness.REPEATED: N_("Mật khẩu này lặp lại hoặc đếm liên tiếp nên dễ đoán. Chọn một câu khác."),
    Weakness.DATE: N_("Mật khẩu này phần lớn là một ngày tháng nên dễ đoán. Chọn một câu khác."),
    Weakness.SHORT_OF: N_("Mật khẩu này còn dễ đoán. Thêm vài từ không liên quan đến nhau."),
}

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


def fault(password: str, email: str = "", name: str = "") -> str:
    """Why a password cannot be taken, as a msgid with %(min)d and %(max)d; empty when it can.

    Length and what is easily guessed, no rules of composition (NIST SP 800-63B-4, 3.1.1.2; ASVS V6.2).
    """
    if len(password) < MIN_LENGTH:
        return N_("Mật khẩu cần ít nhất %(min)d ký tự. Một câu dài dễ nhớ là tốt nhất.")
    if len(password) > MAX_LENGTH:
        return N_("Mật khẩu dài tối đa %(max)d ký tự.")
    found = weakness(password, (email, name))
    return _FAULTS[found] if found else ""
