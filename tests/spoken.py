"""What the processes said while a test ran, in the form in which they say it, and everything that could be typed."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wtforms.fields.core import UnboundField

from registry import journal
from registry.forms import Form

MARK = "zqsecret"  # at the beginning of whatever must not be said


class Spoken:
    """The lines so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line as what it says; a line that is no JSON of one object fails."""
        found = [json.loads(line) for line in self.text.splitlines()]
        assert all(isinstance(one, dict) for one in found)
        return found

    def of(self, logger: str) -> list[dict[str, Any]]:
        """The lines of one logger."""
        return [line for line in self.lines if line["logger"] == f"registry.{logger}"]

    def last(self, logger: str) -> dict[str, Any]:
        """Its last one."""
        return self.of(logger)[-1]

    def forget(self) -> None:
        """Begin anew."""
        self.stream.seek(0)
        self.stream.truncate()


@contextmanager
def listening(log_format: str = "json", level: str = "debug") -> Iterator[Spoken]:
    """Have everything said our way into the test's hands; afterwards all is as it was."""
    root, ours, hook = logging.getLogger(), logging.getLogger(journal.OURS), sys.excepthook
    before, stream = (list(root.handlers), ours.level, root.level), io.StringIO()
    journal.begin(log_format, level, stream)
    if level == "debug":
        root.setLevel(logging.DEBUG)  # what libraries say in passing is searched as well
    try:
        yield Spoken(stream)
    finally:
        logging.captureWarnings(capture=False)
        sys.excepthook = hook
        root.handlers[:] = before[0]
        ours.setLevel(before[1])
        root.setLevel(before[2])


def fields() -> list[str]:
    """The name of every field of every form there is."""
    found: set[str] = set()
    left = [Form]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        found |= {name for name, value in vars(form).items() if isinstance(value, UnboundField)}
    return sorted(found - {"csrf_token"})


def typed() -> dict[str, str]:
    """Something in every field that must not be said."""
    return {name: f"{MARK}-{name}-Ừ@secret.example" for name in fields()}
