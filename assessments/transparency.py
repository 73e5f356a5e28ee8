"""Writes the public figures of each year: counted anew whenever what they count has changed."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session, col, delete, select

from assessments.clock import now, today
from assessments.models import Appeal, ChainHead, Complaint, Concern, Figure
from assessments.queries import figures, public_figures
from assessments.queries import transparency as queries

APPEALS, COMPLAINTS, CONCERNS = "appeals", "complaints", "concerns"
COUNTED = "counted"  # subject of the marks of the last count, under the year 0
EVERY = timedelta(minutes=10)  # what the worker counts is counted at most so often
MINUTE = 60


def count_appeals(session: Session, year: int) -> None:
    """Count the appeals lodged in a year: how they ended, and how many days that took."""
    _write(session, year, APPEALS, queries.count_appeals(session, year))


def count_complaints(session: Session, year: int) -> None:
    """Count the complaints about the club received in a year, likewise."""
    _write(session, year, COMPLAINTS, queries.count_complaints(session, year))


def count_concerns(session: Session, year: int) -> None:
    """Count the concerns about products received in a year: acknowledged in time, passed on, closed and why."""
    _write(session, year, CONCERNS, queries.count_concerns(session, year))


def count_all(session: Session) -> None:
    """Count everything of every year, and write down how far the history had come by then.

    What is measured up to a moment (agreement) is written for the year that runs; past years keep what they had.
    """
    courses = figures.courses(session)
    _replace(session, "applications", public_figures.applications(courses))
    _replace(session, "outcomes", public_figures.outcomes(courses))
    _replace(session, "surveillance", public_figures.surveillance(session))
    _replace(session, "certificates", public_figures.certificates(session))
    _replace(session, "times", public_figures.times(session))
    _replace(session, "misuse", public_figures.misuse(session))
    _write(session, today().year, "agreement", public_figures.agreement(session).get(today().year, {}))
    for year in public_figures.years_of(session, Appeal):
        count_appeals(session, year)
    for year in public_figures.years_of(session, Complaint):
        count_complaints(session, year)
    for year in public_figures.years_of(session, Concern):
        count_concerns(session, year)
    _write(session, 0, COUNTED, _mark(session))


def is_due(session: Session) -> bool:
    """Whether anything has happened since the last count, or a day has begun; and that is some minutes ago."""
    kept = {one.name: one.value for one in session.exec(select(Figure).where(Figure.subject == COUNTED)).all()}
    mark = _mark(session)
    if not kept or kept["day"] != mark["day"]:
        return True
    late = (mark["minute"] - kept["minute"]) * MINUTE >= EVERY.total_seconds()
    return late and kept["step"] != mark["step"]


def _mark(session: Session) -> dict[str, int]:
    step = session.exec(select(ChainHead.seq)).first() or 0
    return {"step": step, "day": today().toordinal(), "minute": int(now().timestamp()) // MINUTE}


def _replace(session: Session, subject: str, years: Mapping[int, Mapping[str, int]]) -> None:
    session.exec(delete(Figure).where(col(Figure.subject) == subject))
    for year, found in years.items():
        _write(session, year, subject, found)


def _write(session: Session, year: int, subject: str, found: Mapping[str, int]) -> None:
    session.exec(delete(Figure).where(col(Figure.year) == year, col(Figure.subject) == subject))
    session.add_all(Figure(year=year, subject=subject, name=name, value=value) for name, value in found.items())
    session.flush()
