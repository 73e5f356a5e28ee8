"""How often somebody may try: counted by account and by address, in one statement each, so that none slips through."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, update

from assessments.clock import now
from assessments.errors import N_, TooMany
from registry.accounts.models import Attempts
from registry.templating import hour

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class Purpose(StrEnum):
    """What is tried."""

    SIGN_IN = "sign_in"
    MAIL = "mail"  # signing up, another confirmation, another reset: whatever sends a letter to a typed address


@dataclass(frozen=True)
class Limit:
    """How many tries one account and one address have within a window."""

    account: int
    address: int
    window: timedelta


LIMITS = {
    Purpose.SIGN_IN: Limit(account=10, address=60, window=timedelta(minutes=15)),
    Purpose.MAIL: Limit(account=5, address=30, window=timedelta(hours=1)),
}


def take(session: Session, purpose: Purpose, account: str, address: str) -> None:
    """Count one try before it is made; refuses (TooMany) when account or address has had its share."""
    limit = LIMITS[purpose]
    for kind, name, most in (("account", account, limit.account), ("address", address, limit.address)):
        _count(session, _bucket(purpose, kind, name), most, limit.window)


def forgive(session: Session, purpose: Purpose, account: str, address: str) -> None:
    """After a success: the account starts afresh, and the address gets this one try back."""
    session.execute(delete(Attempts).where(col(Attempts.bucket) == _bucket(purpose, "account", account)))
    session.execute(
        update(Attempts)
        .where(col(Attempts.bucket) == _bucket(purpose, "address", address), col(Attempts.count) > 0)
        .values(count=col(Attempts.count) - 1)
    )


def sweep(session: Session) -> None:
    """Forget the windows that are over."""
    session.execute(delete(Attempts).where(col(Attempts.resets_at) <= now()))


def _count(session: Session, bucket: str, most: int, window: timedelta) -> None:
    over = col(Attempts.resets_at) <= now()
    insert = _INSERT[session.get_bind().dialect.name](Attempts)
    first = insert.values(bucket=bucket, count=1, resets_at=now() + window)
    counted = first.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "count": case((over, 1), else_=col(Attempts.count) + 1),
            "resets_at": case((over, first.excluded.resets_at), else_=col(Attempts.resets_at)),
        },
    )
    count, until = session.execute(counted.returning(col(Attempts.count), col(Attempts.resets_at))).one()
    if count > most:
        raise TooMany(
            N_("Thử quá nhiều lần. Chờ đến %(time)s rồi thử lại, hoặc đặt lại mật khẩu."), until, time=hour(until)
        )


def _bucket(purpose: Purpose, kind: str, name: str) -> str:
    """Which counter: keyed, so that the table tells nobody which addresses were typed."""
    key = current_app.config["SECRET_KEY"].encode()
    mark = hmac.new(key, f"{kind}\n{name.lower()}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"{purpose}:{kind}:{mark}"
