"""How often somebody may try: counted in one statement for each counter, so that none slips through.

A password is counted strictly for an account and an address together and loosely for each alone: so that nobody can
lock somebody else's account from elsewhere, and many addresses together still cannot guess for ever.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from flask import current_app
from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, update

from assessments.clock import now
from assessments.columns import is_reached
from assessments.errors import N_, TooMany
from registry.accounts.models import Attempts
from registry.templating import hour, moment

INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class Purpose(StrEnum):
    """What is tried."""

    SIGN_IN = "sign_in"
    FACTOR = "factor"  # a one-time code, a recovery code
    PASSKEY = "passkey"  # a passkey, or the question a browser asks one
    MAIL = "mail"  # signing up, confirming, resetting, inviting: whatever sends a letter to a typed address
    INVITE = "invite"  # letters of one company, or of one administrator
    EXPORT = "export"  # of everything a company has here: making one is work
    COMPLAINT = "complaint"  # about the club, by anybody
    MISUSE = "misuse"  # of the mark, reported by anybody
    CONCERN = "concern"  # about a product, by anybody
    CONCERN_REPLY = "concern_reply"  # what is written to one later
    SUBSCRIBE = "subscribe"  # to changes, by anybody: sends a letter to a typed address
    FOLLOW = "follow"  # codes of complaints: nobody guesses one
    TOKEN = "token"  # noqa: S105  made by a company: each writes letters to its owners
    OWN = "own"  # what is asked with one token
    API = "api"  # what an address asks of the reading API: taken in parts, see registry/api/limits.py
    NUMBER = "number"  # numbers of companies one person has typed: the answer tells whether one is registered here


@dataclass(frozen=True)
class Limit:
    """How many tries there are within a window: for an account from one address (pair), for an account, for an address.

    None is not counted.
    """

    account: int
    window: timedelta
    address: int | None = None
    pair: int | None = None


LIMITS = {
    Purpose.SIGN_IN: Limit(pair=10, account=100, address=60, window=timedelta(minutes=15)),
    Purpose.FACTOR: Limit(pair=5, account=20, window=timedelta(minutes=15)),
    Purpose.PASSKEY: Limit(pair=20, account=200, address=120, window=timedelta(minutes=15)),
    Purpose.MAIL: Limit(account=5, address=30, window=timedelta(hours=1)),
    Purpose.INVITE: Limit(account=30, window=timedelta(days=1)),
    Purpose.NUMBER: Limit(account=5, window=timedelta(hours=1)),
    Purpose.EXPORT: Limit(account=5, window=timedelta(days=1)),
    Purpose.TOKEN: Limit(account=20, window=timedelta(days=1)),
    Purpose.OWN: Limit(account=120, window=timedelta(minutes=1)),
    Purpose.SUBSCRIBE: Limit(account=4, address=20, window=timedelta(hours=1)),
    Purpose.COMPLAINT: Limit(account=100, address=5, window=timedelta(hours=1)),
    Purpose.MISUSE: Limit(account=100, address=5, window=timedelta(hours=1)),
    Purpose.CONCERN: Limit(account=200, address=10, window=timedelta(hours=1)),
    Purpose.CONCERN_REPLY: Limit(account=10, address=30, window=timedelta(hours=1)),
    Purpose.FOLLOW: Limit(account=2000, address=30, window=timedelta(hours=1)),
}

_REFUSED = N_("Thử quá nhiều lần. Chờ đến %(time)s rồi thử lại.")
_CONCERN = N_(
    "Đang có quá nhiều phản ánh gửi đến cùng lúc. Chờ đến %(time)s rồi gửi lại; gấp thì gọi 111, không cần chờ."
)
_REFUSALS = {
    Purpose.SIGN_IN: N_("Thử quá nhiều lần. Chờ đến %(time)s rồi thử lại, hoặc đặt lại mật khẩu."),
    Purpose.CONCERN: _CONCERN,
    Purpose.INVITE: N_("Hôm nay đã gửi đủ số lời mời. Gửi tiếp được từ %(time)s."),
    Purpose.TOKEN: N_("Hôm nay đơn vị đã tạo đủ số mã truy cập. Tạo tiếp được từ %(time)s."),
    Purpose.EXPORT: N_("Hôm nay đơn vị đã yêu cầu đủ số lần. Yêu cầu tiếp được từ %(time)s."),
}


def take(session: Session, purpose: Purpose, account: str, address: str = "") -> None:
    """Count one try before it is made; refuses (TooMany) when one of its counters is full.

    Without an address only the account is counted: in a transaction that has begun for a person who is signed in.
    """
    limit, address = LIMITS[purpose], network(address)
    for kind, name, most in (
        ("pair", f"{account}\n{address}", limit.pair),
        ("account", account, limit.account),
        ("address", address, limit.address),
    ):
        if most is not None and (address or kind == "account"):
            until = _count(session, _bucket(purpose, kind, name), most, limit.window)
            if until is not None:
                raise TooMany(_REFUSALS.get(purpose, _REFUSED), until, time=_when(until, limit.window))


def forgive(session: Session, purpose: Purpose, account: str, address: str) -> None:
    """After a success: the account starts afresh at this address, and the other counters get this one try back."""
    address = network(address)
    pair = _bucket(purpose, "pair", f"{account}\n{address}")
    session.execute(delete(Attempts).where(col(Attempts.bucket) == pair))
    others = [_bucket(purpose, "account", account), _bucket(purpose, "address", address)]
    session.execute(
        update(Attempts)
        .where(col(Attempts.bucket).in_(others), col(Attempts.count) > 0)
        .values(count=col(Attempts.count) - 1)
    )


def touch(session: Session, purpose: Purpose, account: str, address: str) -> None:
    """Write the counter of an account at an address as it is: so that a refusal takes as long for unknown people."""
    pair = _bucket(purpose, "pair", f"{account}\n{network(address)}")
    session.execute(update(Attempts).where(col(Attempts.bucket) == pair).values(count=col(Attempts.count)))


def sweep(session: Session) -> None:
    """Forget the windows that are over."""
    session.execute(delete(Attempts).where(col(Attempts.resets_at) <= now()))


def count_on(session: Session, purpose: Purpose, address: str, more: int, window: timedelta) -> tuple[int, datetime]:
    """Count several at once for an address: how many there were in the window with these, and its end."""
    return _add(session, _bucket(purpose, "address", network(address)), more, window)


def _count(session: Session, bucket: str, most: int, window: timedelta) -> datetime | None:
    """One more in a counter; the end of its window when that is too much."""
    count, until = _add(session, bucket, 1, window)
    return until if count > most else None


def _add(session: Session, bucket: str, more: int, window: timedelta) -> tuple[int, datetime]:
    over = is_reached(col(Attempts.resets_at), now(), window)
    insert = INSERT[session.get_bind().dialect.name](Attempts)
    first = insert.values(bucket=bucket, count=more, resets_at=now() + window)
    counted = first.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "count": case((over, more), else_=col(Attempts.count) + more),
            "resets_at": case((over, first.excluded.resets_at), else_=col(Attempts.resets_at)),
        },
    )
    count, until = session.execute(counted.returning(col(Attempts.count), col(Attempts.resets_at))).one()
    return count, until


def network(address: str) -> str:
    """The address as it is counted: of IPv6 the network, for whoever has one has all its addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def _when(until: datetime, window: timedelta) -> str:
    return hour(until) if window < timedelta(days=1) else moment(until)


def _bucket(purpose: Purpose, kind: str, name: str) -> str:
    """Which counter: keyed, so that the table tells nobody which addresses were typed."""
    key = current_app.config["SECRET_KEY"].encode()
    mark = hmac.new(key, f"{kind}\n{name.lower()}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"{purpose}:{kind}:{mark}"
