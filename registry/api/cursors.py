"""Cursors: where the next page begins, as one word that nobody has to understand and that belongs to one list."""

import base64
import binascii
import json

from registry import db

LONGEST = 300  # characters
PATTERN = rf"^[A-Za-z0-9_-]{{1,{LONGEST}}}$"
END = "end"  # for events: what comes from now on


def written(resource: str, *values: str | int) -> str:
    """The cursor of a list that goes on after these values."""
    plain = json.dumps([resource, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(resource: str, cursor: str, kinds: tuple[type, ...]) -> tuple[str | int, ...]:
    """The values behind a cursor of this list. Raises ValueError for anything that was not made here for it."""
    try:
        name, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, TypeError, RecursionError) as error:
        raise ValueError(cursor) from error
    if name != resource or [type(one) for one in values] != list(kinds):
        raise ValueError(cursor)
    if any(isinstance(one, int) and not 0 <= one <= db.LARGEST for one in values):
        raise ValueError(cursor)
    if any(isinstance(one, str) and not (one.isascii() and one.isprintable()) for one in values):
        raise ValueError(cursor)
    return tuple(values)
