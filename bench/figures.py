"""What a goal asks, what was measured of it, and the table of both.

A figure is a ratio of two things measured in turns (A B A B) in one run, so that it holds on any machine.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

WIDE = 0.4  # a spread over this says that the machine was busy with something else


@dataclass(frozen=True)
class Limit:
    """What a figure must not fall below, or not exceed."""

    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value keeps to it."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


@dataclass(frozen=True)
class Figure:
    """One line of the table: a ratio of each round (or counts, where the goal is a count), and the limits it has."""

    goal: str  # the row of the goals it belongs to
    what: str  # what was measured, against what
    rounds: Sequence[float]
    must: Limit
    stretch: Limit | None = None
    note: str = ""  # the sizes, and what the ratio was made of

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)

    @property
    def spread(self) -> float:
        """The distance of the quartiles, as a part of the median; 0 of a single round."""
        if len(self.rounds) < 2 or not self.value:
            return 0.0
        low, _middle, high = statistics.quantiles(self.rounds, n=4)
        return (high - low) / abs(self.value)

    @property
    def verdict(self) -> str:
        """How far it got."""
        if not self.must.holds(self.value):
            return "**not reached**"
        return "stretch" if self.stretch and self.stretch.holds(self.value) else "reached"


def in_turns(rounds: int, *measures: Callable[[], float]) -> list[tuple[float, ...]]:
    """Measure A B A B: one value of each in every round; a first round warms up and is thrown away."""
    return [tuple(measure() for measure in measures) for _ in range(rounds + 1)][1:]


def ratios(measured: Iterable[tuple[float, ...]]) -> list[float]:
    """The first measure as so many of the second, round by round."""
    return [first / second for first, second, *_ in measured]


def table(figures: Iterable[Figure]) -> str:
    """The lines of a Markdown table."""
    head = ("| goal | measured | value | spread | must | stretch | |", "|---|---|---|---|---|---|---|")
    return "\n".join((*head, *map(_line, figures)))


def _line(figure: Figure) -> str:
    unsteady = " unsteady" if figure.spread > WIDE else ""
    what = f"{figure.what}; {figure.note}" if figure.note else figure.what
    cells = (
        figure.goal,
        what,
        f"{figure.value:.3g}",
        f"{figure.spread:.0%}{unsteady}",
        str(figure.must),
        str(figure.stretch or ""),
        figure.verdict,
    )
    return "| " + " | ".join(cells) + " |"
