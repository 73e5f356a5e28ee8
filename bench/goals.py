"""Measures every goal of speed in one go, prints the table and writes it to bench/results.md.

`.venv/bin/python -m bench.goals [NAME...]` measures some of them and leaves the lines of the others as they stand.
A measure is a module of this folder with `measure() -> list[Figure]`.
"""

import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, table

RESULTS = Path(__file__).parent / "results.md"
HEAD = "## "  # of the part of one measure in the results
MEASURES = (
    "pages",
    "sizes",
    "searching",
    "reading",
    "reviewing",
    "sending",
    "held",
    "memory",
    "exporting",
    "changing",
    "starting",
    "soak",
)
TITLE = """# What was measured

Written by `make bench`; each part says when. A figure is the median of several rounds, in each of which both sides
were measured in turns; the spread is the distance of the quartiles as a part of it. "reached" keeps to what must hold,
"stretch" to the farther limit. Compare the ratios, not the seconds: those belong to the machine.
"""


def main() -> None:
    """Measure what is named (everything), one after the other, and write each part as soon as it is known."""
    for name in sys.argv[1:] or MEASURES:
        print(f"== {name}", flush=True)
        figures = import_module(f"bench.{name}").measure()
        print(table(figures), flush=True)
        write(name, figures)


def write(name: str, figures: Iterable[Figure]) -> None:
    """Put the part of one measure into the results, in the place of its last one."""
    parts = _parts()
    parts[name] = f"{_when()}\n\n{table(figures)}\n"
    known = [one for one in MEASURES if one in parts]
    RESULTS.write_text("\n".join((TITLE, *(f"{HEAD}{one}\n\n{parts[one]}" for one in known))), "utf-8")


def _parts() -> dict[str, str]:
    if not RESULTS.exists():
        return {}
    written = RESULTS.read_text("utf-8").split(f"\n{HEAD}")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2].strip("\n") + "\n" for part in written}


def _when() -> str:
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}."


if __name__ == "__main__":
    main()
