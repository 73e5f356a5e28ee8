"""Why the procedure refuses. registry/errors.py gives each one a page and a status."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


def N_(message: str) -> str:  # noqa: N802  the name gettext tools look for
    """Mark a Vietnamese sentence for translation; the web translates it where it is shown."""
    return message


@dataclass(frozen=True)
class Missing:
    """One thing that still stands in the way: a sentence (msgid), its values, and where to mend it.

    `place` is an opaque key ("profile", "answer:TN-05", "agreement") that the web turns into a link.
    """

    message: str
    place: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The actor asked for something the procedure does not allow; the message is a msgid."""

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class NotFound(Refused):
    """There is no such thing, or this actor must not learn that there is."""


class NotAllowed(Refused):
    """This actor may not do this."""


class WrongState(Refused):
    """Nobody may do this now."""


class Invalid(Refused):
    """What was sent cannot be used as it is."""


class TooLarge(Refused):
    """What was sent is larger than we take."""


class TooMany(Refused):
    """Asked too often; `until` says when to try again."""

    def __init__(self, message: str, until: datetime, **values: Any) -> None:
        super().__init__(message, until=until, **values)
        self.until = until

    @property
    def seconds(self) -> int:
        """How long to wait, in whole seconds."""
        return max(1, int((self.until - datetime.now(UTC)).total_seconds()))


class NotReady(Refused):
    """Something is still missing; `missing` names it."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("")
        self.missing = missing


@dataclass(frozen=True)
class Version:
    """One of two texts that met: who wrote it, when, and what it says by field name."""

    fields: dict[str, str]
    author: str = ""
    at: datetime | None = None


class Conflict(Refused):
    """Two people changed the same thing; nothing was overwritten and both texts are here."""

    def __init__(self, message: str, theirs: Version, yours: Version) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours
