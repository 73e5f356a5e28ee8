"""Measures what a large upload costs: its rate against hashlib alone on as many bytes, and the memory it takes.

Where the processor has instructions for SHA-256, hashing is faster than bytes come in by any way; so the rate is also
measured as on a processor without them, where the hash is the limit.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import Served
from bench.upload import form_action, memory, send, server

MEGABYTES = 200
ROUNDS = 5
RATE = "200 MB upload: rate against hashlib alone on the same bytes"
MEMORY = "200 MB upload: extra memory"
WITHOUT = {"OPENSSL_ia32cap": "~0:~0x20000000"}  # the library's word for a processor without SHA instructions
HASHING = f"from bench.upload import hashing; print(hashing({MEGABYTES}))"


def measure() -> list[Figure]:
    """The rate on this processor and on one without SHA instructions, and the memory."""
    rate, memory_taken = _sent("as it is", {})
    plain, _again = _sent("without SHA instructions", WITHOUT)
    return [rate, plain, memory_taken]


def _sent(how: str, more: dict[str, str]) -> tuple[Figure, Figure]:
    """Hash and send in turns, on a server of its own with these settings."""
    taken: list[float] = []
    with (
        _environment(LOG_LEVEL="warning", **more),
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder), MEGABYTES) as (pid, cookies),
    ):
        serving = Served(0, pid)
        action = form_action(cookies[0])
        send(action, cookies[0], 1)  # the first one imports and connects
        costs: list[float] = []

        def sending() -> float:
            before, used = _at_most(pid), serving.cpu()
            seconds = send(action, cookies[0], MEGABYTES)
            taken.append(memory(pid, "VmHWM") - before)
            costs.append(serving.cpu() - used)
            return seconds

        measured = in_turns(ROUNDS, _hashing, sending)
    hashed, sent = (sorted(column)[ROUNDS // 2] for column in zip(*measured, strict=True))
    cost = sorted(costs)[len(costs) // 2]
    note = f"hash {hashed:.2f} s, upload {sent:.2f} s, of which the server's CPU {cost:.2f} s"
    rate = Figure(RATE, f"plain form, processor {how}", ratios(measured), Limit(least=0.85), Limit(least=0.95), note)
    extra = Figure(MEMORY, "highest resident memory above that before, MB", taken[1:], Limit(most=8))
    return rate, extra


@contextmanager
def _environment(**more: str) -> Iterator[None]:
    """Settings for what is started meanwhile."""
    kept = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _hashing() -> float:
    """Seconds of hashlib alone, in a process that sees the same processor as the server."""
    done = subprocess.run([sys.executable, "-c", HASHING], check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def _at_most(pid: int) -> float:
    """Forget what a process held at most so far, and say what it holds, in MB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    return memory(pid)
