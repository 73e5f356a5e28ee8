"""Passwords: which ones are taken, and argon2id with OWASP's parameters, at most two hashes at once."""

import re
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assessments.errors import N_
from assessments.folding import fold

MIN_LENGTH = 12
MAX_LENGTH = 256
COMMON = Path(__file__).parent / "common-passwords.txt"
_FEW = 4  # different characters: "aaaaaaaaaaaa", "121212121212"

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

    Length and a list of well-known ones, no rules of composition (NIST SP 800-63B-4, 3.1.1.2). Accents, case,
    spaces and what is hung on behind make no password out of a word that everybody tries first.
    """
    if len(password) < MIN_LENGTH:
        return N_("Mật khẩu cần ít nhất %(min)d ký tự. Một câu dài dễ nhớ là tốt nhất.")
    if len(password) > MAX_LENGTH:
        return N_("Mật khẩu dài tối đa %(max)d ký tự.")
    plain = _plain(password)
    if plain in _own_words(email, name):
        return N_("Mật khẩu không được là email hay tên của bạn. Chọn một câu khác.")
    if len(set(plain)) <= _FEW or plain in _common() or _bare(plain) in _common():
        return N_("Mật khẩu này nhiều người dùng nên dễ đoán. Chọn một câu khác.")
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def _bare(plain: str) -> str:
    """Without digits and signs at either end: "matkhau@2026" is still "matkhau"."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)


def _own_words(email: str, name: str) -> set[str]:
    words = {_plain(email), _plain(email.split("@")[0]), _plain(name)}
    return words - {""}


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))
