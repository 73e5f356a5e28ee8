"""Paging by the last row seen: a token holds its sort values, and nothing written there by hand breaks a query."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

LONGEST = 1200  # characters of a token; a sort key has 400 at most
LARGEST = 2**31 - 1  # of an INTEGER in PostgreSQL


@dataclass(frozen=True)
class Order:
    """One thing a list is sorted by, and what type its values have."""

    expression: Any
    kind: type
    descending: bool = False


def token_of(values: Any) -> str:
    """The sort values of a row as a token for an address."""
    plain = json.dumps([_plain(value) for value in values])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def beyond(order: list[Order], token: str) -> list[ColumnElement[bool]]:
    """SQL: the rows after the one a token names; a token that nobody made here means the first page."""
    values = values_of(token, [key.kind for key in order])
    if values is None:
        return []
    steps: list[ColumnElement[bool]] = []
    for place, (key, value) in enumerate(zip(order, values, strict=True)):
        same = [order[i].expression == values[i] for i in range(place)]
        steps.append(and_(*same, key.expression < value if key.descending else key.expression > value))
    return [or_(*steps)]


def values_of(token: str, kinds: list[type]) -> list[Any] | None:
    """The sort values a token holds, where it was made for an order of these types; None otherwise."""
    values = _values(token) if 0 < len(token) <= LONGEST else None
    return values if values is not None and _fits(kinds, values) else None


def _fits(kinds: list[type], values: list[Any]) -> bool:
    """Whether each value is one the database can compare with its column."""
    if kinds != [type(value) for value in values]:
        return False
    return all(abs(value) <= LARGEST for value in values if isinstance(value, int))


def _values(token: str) -> list[Any] | None:
    try:
        plain = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return [_value(one) for one in plain]
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"m{value.isoformat()}"
    if isinstance(value, date):
        return f"d{value.isoformat()}"
    return f"u{value.hex}" if isinstance(value, UUID) else f"s{value}" if isinstance(value, str) else int(value)


def _value(plain: Any) -> Any:
    if isinstance(plain, int):
        return plain
    readers: dict[str, Callable[[str], Any]] = {"d": date.fromisoformat, "m": _moment, "u": UUID, "s": _text}
    return readers[plain[:1]](plain[1:])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _text(text: str) -> str:
    if not text.isascii() or "\0" in text:
        raise ValueError(text)
    return text
