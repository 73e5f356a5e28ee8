"""Measures how far reviewers agree: Krippendorff's alpha. For the worker only: no web process imports this.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); A. F. Hayes and K. Krippendorff, Answering
the call for a standard reliability measure for coding data (2007).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import krippendorff
import numpy as np
from sqlmodel import Session

from assessments.clock import now
from assessments.models import Application, Reliability
from assessments.queries import reliability
from assessments.queries.reliability import Rating
from assessments.states import Unmeasured

Level = Literal["nominal", "ordinal", "interval", "ratio"]

LEVEL: Level = "ordinal"  # a 1 for a 3 is a graver difference than a 2 for a 3, and the steps are no lengths
PAIR = 2


@dataclass(frozen=True)
class Figure:
    """What was worked out: alpha, or why there is none; how many things two or more people scored, how many people."""

    alpha: float | None
    obstacle: Unmeasured | None
    units: int
    raters: int


def alpha(units: Iterable[Sequence[int]], level: Level = LEVEL) -> Figure:
    """Alpha over units, each with the values it was given; units with one value count for nothing.

    Takes the level of measurement ("nominal", "ordinal", "interval", "ratio"). None where nothing was scored by two,
    or where all gave one and the same value: then there is no disagreement that chance could be compared with.
    """
    paired = [values for values in units if len(values) >= PAIR]
    raters = max(map(len, paired), default=0)
    if not paired:
        return Figure(None, Unmeasured.ONE_RATER, 0, raters)
    if len({value for values in paired for value in values}) < PAIR:
        return Figure(None, Unmeasured.NO_VARIATION, len(paired), raters)
    table = np.full((raters, len(paired)), np.nan)
    for column, values in enumerate(paired):
        table[: len(values), column] = values
    found = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
    return Figure(min(float(found), 1.0), None, len(paired), raters)


def measure(session: Session, application: Application) -> Reliability:
    """Measure one application and keep the figure in the place of the one before."""
    row = reliability.of_application(session, application.id)
    row = row or Reliability(edition_id=application.edition_id, application_id=application.id)
    return _keep(session, row, reliability.ratings(session, application))


def measure_edition(session: Session, edition_id: str) -> Reliability:
    """Measure an edition over all its applications and keep the figure in the place of the one before."""
    row = reliability.of_edition(session, edition_id) or Reliability(edition_id=edition_id)
    return _keep(session, row, reliability.ratings_of_edition(session, edition_id))


def _keep(session: Session, row: Reliability, ratings: Iterable[Rating]) -> Reliability:
    units: dict[str, list[int]] = {}
    for unit, _rater, value in ratings:
        units.setdefault(unit, []).append(value)
    figure = alpha(units.values())
    row.alpha, row.obstacle = figure.alpha, figure.obstacle
    row.criteria, row.raters, row.measured_at = figure.units, figure.raters, now()
    session.add(row)
    session.flush()
    return row
