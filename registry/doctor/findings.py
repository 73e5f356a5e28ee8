"""What the doctor says of one thing: well, doubtful or wrong; what was seen, and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """How bad it is."""

    WELL = "well"
    DOUBTFUL = "doubtful"  # works today, and somebody should look at it
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence about one thing; `mend` is empty where nothing has to be done."""

    check: str
    level: Level
    said: str
    mend: str = ""


@dataclass(frozen=True)
class Asked:
    """What the command was told: where backups are, how old they may be, whether to go out to PUBLIC_URL."""

    backups: Path | None = None
    most_hours: int = 26
    outside: bool = True
    authorities: str | None = None  # a file of certificates to trust beside the usual ones


Check = Callable[[Asked], Iterator[Finding]]


def well(check: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Level.WELL, said)


def doubtful(check: str, said: str, mend: str) -> Finding:
    """Somebody should look at it."""
    return Finding(check, Level.DOUBTFUL, said, mend)


def wrong(check: str, said: str, mend: str) -> Finding:
    """Has to be mended."""
    return Finding(check, Level.WRONG, said, mend)
