"""What the processes say of themselves: one line for each thing, whatever is in it, and no secret in any.

Lines are JSON for machines (`LOG_FORMAT=json`) or text for people. Nothing that a request brought is written: before
a line leaves, whatever was typed, sent as a cookie or a header, or stands in an address is taken out of it, and so is
everything that looks like a secret or an e-mail address. What is said on purpose goes through `say`.
"""

import hashlib
import hmac
import json
import logging
import re
import sys
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote

from flask import current_app, g, has_request_context, request
from werkzeug.datastructures import MultiDict

FORMATS = ("json", "text")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
LONGEST_VALUE = 2_000  # characters of one value
LONGEST_TRACE = 16_000
LONGEST_READ = 1_000_000  # of a message in which something is looked for
MOST_PIECES = 2_000  # that are looked for in one
DEEPEST = -40  # frames of a trace: the last ones
SHORTEST_HIDDEN = 6  # what is shorter is in every other word
TELLING = 12  # so much of the beginning of what came in gives it away, even where a message cuts it short
GONE = "[…]"
OURS = "registry"  # the logger above all of ours

_SECRETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<=://)[^\s/@]+(?=@)",  # user and password of an address
        r"(?<=://)(?P<host>[^\s/?#'\"<>]+)[/?#][^\s'\"<>]*",  # what follows the host of one
        r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
        r"(?<=bearer )\S+|(?<=basic )\S+",
        r"(?<![\w-])[\w-]{10,}\.[\w-]{4,}\.[\w-]{16,}",  # signed tokens
        r"(?<=password=)\S+|(?<=token=)\S+|(?<=secret=)\S+",
        r"(?s:(?<=DETAIL:).*?(?=\n\[SQL|\n\n|\Z))",  # PostgreSQL repeats the row there
        r"(?s:-----BEGIN [^-]+-----.*?(?:-----END [^-]+-----|\Z))",
    )
)
_SECRET_HEADERS = ("Authorization", "Proxy-Authorization", "Cookie", "Referer")
_context: ContextVar[Mapping[str, object]] = ContextVar("facts of what runs now", default={})  # noqa: B039  never changed


def say(log: logging.Logger, level: int, event: str, **facts: object) -> None:
    """Write a line of facts that hold nothing typed; `event` says in a word or two what happened."""
    if log.isEnabledFor(level):
        log.log(level, event, extra={"facts": facts}, stacklevel=2)


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Put these facts into every line written inside: which job, which turn of the worker."""
    before = _context.set({**_context.get(), **facts})
    try:
        yield
    finally:
        _context.reset(before)


def mark(kind: str, value: object) -> str:
    """What stands in a line for a person or an account: always the same for one, and nobody can tell whose it is.

    Keyed with SECRET_KEY, so that only this site can work it out again: `users who MARK`.
    """
    key = hashlib.sha256(b"journal\n" + str(current_app.config["SECRET_KEY"]).encode()).digest()
    return hmac.new(key, f"{kind}\n{value}".encode(), hashlib.sha256).hexdigest()[:16]


def begin(log_format: str, log_level: str = "info", stream: TextIO | None = None) -> None:
    """Send everything this process says, warnings and crashes too, through one of our formats; twice does no harm."""
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(old)
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(Lines() if log_format == "json" else Words())
    root.addHandler(handler)
    logging.getLogger(OURS).setLevel(LEVELS[log_level])
    logging.captureWarnings(capture=True)
    server = logging.getLogger("_granian")  # has a handler and a format of its own in the processes it starts
    server.handlers.clear()
    server.propagate = True
    sys.excepthook = _say_crash


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, to be known again; of a line that cannot be written it says where it came from, and nothing of it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name for it
        """Logging itself would print the message with its values."""
        place = json.dumps(f"{record.name}:{record.lineno}")
        with suppress(OSError, ValueError):
            self.stream.write(
                f'{{"level": "error", "logger": "registry", "event": "a line was lost", "place": {place}}}\n'
            )


class Lines(logging.Formatter):
    """A line of JSON: time (UTC), level, logger, event, what it was about, and the trace of a failure in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write everything but ASCII as \\u...., so that no reader sees a line end or a steering sign."""
        said = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            **_facts(record),
        }
        if trace := _trace(record):
            said["error"] = trace
        return json.dumps(said, default=str).replace("\x7f", "\\u007f")


class Words(logging.Formatter):
    """The same for people: a trace stands below its line, every other thing in one."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, event, facts."""
        facts = [f"{name}={value}" for name, value in _facts(record).items() if value not in {None, ""}]
        line = " ".join([_moment(record)[11:19], record.levelname, record.name, _event(record), *facts])
        return "\n".join([visible(line), *map(visible, _trace(record).splitlines())])


def visible(text: str) -> str:
    """The text with line ends, control characters and signs that steer a terminal or a reader written out."""
    return "".join(one if one == " " or unicodedata.category(one)[0] not in "CZ" else ascii(one)[1:-1] for one in text)


def hidden(text: str) -> str:
    """A text without anything this request brought, and without what looks like a secret or an e-mail address.

    Where so much came that looking for all of it would hold up the process, nothing of the text is left.
    """
    pieces = _pieces()
    if pieces and (len(pieces) > MOST_PIECES or len(text) > LONGEST_READ):
        return GONE
    for piece in sorted(pieces, key=len, reverse=True):
        text = _without(text, piece)
    text = _cut(text, 4 * LONGEST_TRACE)  # only now: an end that is left alone has lost its beginning
    for pattern in _SECRETS:
        text = pattern.sub(_instead, text)
    return text


def _instead(found: re.Match[str]) -> str:
    host = found.groupdict().get("host")
    return f"{host}/{GONE}" if host else GONE


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _event(record: logging.LogRecord) -> str:
    if hasattr(record, "facts"):
        return str(record.msg)
    try:
        text = record.getMessage()
    except (TypeError, ValueError):  # a message that does not fit its values says at least where it stands
        text = f"{record.pathname}:{record.lineno}"
    return _cut(hidden(text), LONGEST_VALUE)


def _facts(record: logging.LogRecord) -> dict[str, object]:
    own: dict[str, object] = {"request": g.request_id} if has_request_context() and "request_id" in g else {}
    given = {**own, **_context.get(), **getattr(record, "facts", {})}
    return {name: _cut(value, LONGEST_VALUE) if isinstance(value, str) else value for name, value in given.items()}


def _trace(record: logging.LogRecord) -> str:
    """Where it failed: files and lines, and what the failure says with everything secret taken out."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    kind, _error, where = record.exc_info
    told = hidden("".join(traceback.format_exception(*record.exc_info, limit=DEEPEST)))
    if told == GONE:
        told = "".join([*traceback.format_tb(where, limit=DEEPEST), f"{kind.__name__}: {GONE}"])
    return _cut(told, LONGEST_TRACE)


def _cut(text: str, longest: int) -> str:
    """Beginning and end of a text that is too long: how it failed stands at the end of a trace."""
    if len(text) <= longest:
        return text
    half = (longest - 40) // 2
    return f"{text[:half]} [{len(text) - 2 * half} left out] {text[-half:]}"


def _brought() -> Iterable[str]:
    """What came with this request, as far as it was read already: a body on its way is not read for this."""
    if not has_request_context():
        return
    form, files = request.__dict__.get("form") or MultiDict[str, str](), request.__dict__.get("files") or {}
    for name in {*request.args, *form}:
        yield from (*request.args.getlist(name), *form.getlist(name))
    yield from request.cookies.values()
    yield from map(str, (request.view_args or {}).values())
    yield from (request.headers.get(name, "") for name in _SECRET_HEADERS)
    yield from (one.filename or "" for one in files.values())
    yield request.query_string.decode("latin-1")


def _pieces() -> set[str]:
    """The same as texts to look for: each value, and each of its lines."""
    pieces: set[str] = set()
    for value in _brought():
        pieces |= {one for one in (value, *value.splitlines()) if len(one) >= SHORTEST_HIDDEN}
    return pieces


def _without(text: str, piece: str) -> str:
    """The text without a piece, however it is spelt there, and without the beginning of one that was cut short."""
    plain = piece.isascii() and piece.isalnum()
    for spelt in {piece} if plain else {piece, repr(piece)[1:-1], json.dumps(piece)[1:-1], _quoted(piece)}:
        text = _without_beginning(text, spelt)
    return text


def _quoted(piece: str) -> str:
    return quote(piece, errors="replace")


def _without_beginning(text: str, spelt: str) -> str:
    head, at = spelt[:TELLING], 0
    while (at := text.find(head, at)) >= 0:
        end = at + len(head)
        while end - at < len(spelt) and end < len(text) and text[end] == spelt[end - at]:
            end += 1
        text = text[:at] + GONE + text[end:]
        at += len(GONE)
    return text


def _say_crash(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(OURS).critical("the process ends", exc_info=(kind, error, trace))  # type: ignore[arg-type]
