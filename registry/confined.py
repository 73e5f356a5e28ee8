"""Runs one of our scripts over a stranger's file in a child process with little memory, little time, no environment."""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

MEGABYTE = 1024 * 1024
AT_ONCE = 4  # children of one process: each may take its memory
PATIENCE = 45  # seconds that a request waits for its turn

_turnstile = threading.BoundedSemaphore(AT_ONCE)

# Set in the child before anything of the file is read: setting them between fork and exec is not safe among threads.
_START = """
import json, resource, runpy, sys
for name, value in json.loads(sys.argv[1]).items():
    try:
        resource.setrlimit(getattr(resource, name), (value, value))
    except (ValueError, OSError):
        pass  # a system that knows no such limit still has the time of the parent
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Limits:
    """What the child may use: seconds of processor and of waiting, bytes of memory, of answer and of what it writes."""

    cpu_seconds: int = 20
    seconds: int = 60
    memory: int = 768 * MEGABYTE
    answer: int = 4 * MEGABYTE
    written: int = 64 * MEGABYTE  # into the file handed over for that; without one, nothing


class Overrun(Exception):
    """The child did not come to an answer within its limits, or broke on the file."""


class Busy(Exception):
    """Too many files are being looked into, and none came to its end in time."""


@contextmanager
def turn() -> Iterator[None]:
    """Take part in what a process looks into at once; whoever runs a script for a request does so. Raises Busy."""
    if not _turnstile.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turnstile.release()


@contextmanager
def on_disk(source: BinaryIO) -> Iterator[BinaryIO]:
    """A file as one that a child can be handed; what a bucket holds is copied for that."""
    try:
        source.fileno()
    except (OSError, AttributeError):
        with tempfile.TemporaryFile() as copy:
            source.seek(0)
            shutil.copyfileobj(source, copy, MEGABYTE)
            copy.flush()
            yield cast("BinaryIO", copy)
    else:
        yield source


def run(
    script: Path,
    source: BinaryIO,
    arguments: Sequence[str] = (),
    limits: Limits | None = None,
    written: BinaryIO | None = None,
) -> Any:
    """What a script says of a file: it reads the bytes from its standard input and prints one JSON value.

    `source` is a real file, handed over as it is, never copied through this process. The child gets no environment,
    may open few files and write none but `written`, an empty real file: its descriptor is the script's last argument,
    for an answer that is too large to be said. Raises Overrun where it ends with an error, runs too long or says too
    much.
    """
    chosen = limits or Limits()
    handed = [] if written is None else [written.fileno()]
    command = [*_beginning(chosen, writes=bool(handed)), str(script), *arguments, *map(str, handed)]
    source.seek(0)
    try:
        with subprocess.Popen(  # noqa: S603  our own interpreter and script
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            pass_fds=handed,
        ) as child:
            said = _listen(child, chosen)
    except OSError as error:
        raise Overrun(str(error)) from error
    if child.returncode != 0:
        raise Overrun(f"{script.name} ended with {child.returncode}")
    try:
        return json.loads(said)
    except ValueError as error:
        raise Overrun(f"{script.name} gave no answer") from error


def _beginning(limits: Limits, *, writes: bool) -> list[str]:
    rules = {
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_AS": limits.memory,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_FSIZE": limits.written if writes else 0,
        "RLIMIT_CORE": 0,
    }
    return [sys.executable, "-I", "-B", "-c", _START, json.dumps(rules)]


def _listen(child: "subprocess.Popen[bytes]", limits: Limits) -> bytes:
    """What the child says until it ends; too much of it, or too late, and it is stopped."""
    watch = threading.Timer(limits.seconds, child.kill)
    watch.start()
    try:
        said = cast("BinaryIO", child.stdout).read(limits.answer + 1)
        if len(said) > limits.answer:
            child.kill()
        child.wait()
    finally:
        watch.cancel()
    return said
