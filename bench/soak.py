"""Ten minutes of a busy day: 50 people browse, 10 upload, 10 review and 2 decide, and nothing they were told is lost.

`.venv/bin/python -m bench.goals soak`; SOAK_MINUTES=0.5 for a trial. A granian as in the Procfile and a worker serve
the demonstration; every client has an address of its own, as people have, and no more haste than they.
"""

import os
import random
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from sqlmodel import Session

from bench.acknowledged import Acknowledged, lost
from bench.crowd import Browsing, Deciding, Person, Reviewing, Uploading, live
from bench.figures import Figure, Limit
from bench.serving import BINARIES, REGISTRY, ROOT, Served, environment, served
from bench.soaked import COMMITTEE, SETTINGS, Waiting, fill, opened
from bench.visitor import Tally, Visitor

SEED = 2026
BROWSING, UPLOADING = 50, 10
A_MINUTE = 2.4  # files that two members decide
SHOWN = 20  # errors that are printed


def measure() -> list[Figure]:
    """Fill a site, let the crowd loose on it, and look for everything that they were told."""
    minutes = float(os.environ.get("SOAK_MINUTES", "10"))
    tally, done = Tally(), Acknowledged()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        waiting = fill(place, max(2, round(minutes * A_MINUTE)))
        with served(REGISTRY, place, **SETTINGS) as server, _worker(place, server.port, tally):
            people = _crowd(server, waiting, tally, done)
            _let_loose(people, minutes)
            answered = list(tally.took)
            missing = _missing(place, people, done)
        faults = _faults(place)
    for sentence in [*tally.errors, *missing, *faults][:SHOWN]:
        print(sentence)
    return _figures(minutes, tally, answered, done, missing, faults)


def _crowd(server: Served, waiting: Waiting, tally: Tally, done: Acknowledged) -> list[Person]:
    """Everybody, each at an address and with a luck of their own."""
    seats = iter(
        (Visitor(server.port, f"127.0.1.{number + 1}", tally), done, random.Random(SEED + number))  # noqa: S311  no secret
        for number in range(200)
    )
    people: list[Person] = [Browsing(*next(seats)) for _ in range(BROWSING)]
    people += [Uploading(*next(seats), login=f"vendor{number + 1}") for number in range(UPLOADING)]
    people += [Reviewing(*next(seats), login=who, ref=ref) for ref, team in waiting.reviews.items() for who in team]
    people += [
        Deciding(*next(seats), login=who, refs=waiting.decisions, first=place) for place, who in enumerate(COMMITTEE)
    ]
    return people


def _let_loose(people: Sequence[Person], minutes: float) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=live, args=(one, over)) for one in people]
    for thread in threads:
        thread.start()
    over.wait(minutes * 60)
    over.set()
    for thread in threads:
        thread.join()


def _missing(folder: Path, people: Sequence[Person], done: Acknowledged) -> list[str]:
    visitors = {one.login: one.visitor for one in people if one.login}
    with opened(folder) as app, Session(app.extensions["engine"].execution_options(reading=True)) as session:
        return list(lost(session, done, visitors))  # which takes a while, in which the worker goes on writing


def _faults(folder: Path) -> list[str]:
    """What fsck says of the site now that it is stopped; nothing when it is clean."""
    done = subprocess.run(  # noqa: S603  our own command
        [BINARIES / "flask", "--app", "registry", "fsck", "--all"],
        cwd=ROOT,
        env=environment(folder, 80, **SETTINGS),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0 and done.stdout.splitlines()[-1:] == ["clean"]:
        return []
    return done.stdout.splitlines()[:-1] or [done.stderr[-1000:]]


@contextmanager
def _worker(folder: Path, port: int, tally: Tally) -> Iterator[None]:
    """A worker beside the server; that it ended, or that something failed in it, is an error."""
    said = folder / "worker.log"
    with (
        said.open("wb") as log,
        subprocess.Popen(  # noqa: S603  our own command
            [BINARIES / "flask", "--app", "registry", "worker"],
            cwd=ROOT,
            env=environment(folder, port, **SETTINGS),
            stdout=log,
            stderr=log,
        ) as running,
    ):
        try:
            yield
            if running.poll() is not None:
                tally.fail(f"the worker ended with {running.returncode}")
        finally:
            running.terminate()
            running.wait(60)
    for line in said.read_text("utf-8", "replace").splitlines():
        if '"level": "error"' in line or "Traceback" in line:
            tally.fail(f"worker: {line[:500]}")


def _figures(
    minutes: float,
    tally: Tally,
    answered: Sequence[float],
    done: Acknowledged,
    missing: Sequence[str],
    faults: Sequence[str],
) -> list[Figure]:
    goal = f"{BROWSING} clients browsing + {UPLOADING} uploading + 10 reviewing + {len(COMMITTEE)} deciding"
    cuts = quantiles(answered, n=100)
    pace = (
        f"{len(answered)} requests in {minutes:g} minutes, p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
    )
    kept = (
        f"of {len(done)} acknowledged: {len(done.files)} files, {len(done.scores)} scores, "
        f"{len(done.proposals)} proposals, {len(done.decisions)} decisions"
    )
    none = Limit(most=0)
    return [
        Figure(goal, "errors", [len(tally.errors)], none, note=pace),
        Figure(goal, "acknowledgements lost", [len(missing)], none, note=kept),
        Figure(goal, "faults that fsck finds afterwards", [len(faults)], none),
    ]
