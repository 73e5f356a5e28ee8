"""Writes the public figures of a year: counted anew whenever what they count has changed."""

from sqlmodel import Session, delete

from assessments.models import Figure
from assessments.queries import transparency as queries

APPEALS, COMPLAINTS, CONCERNS = "appeals", "complaints", "concerns"


def count_appeals(session: Session, year: int) -> None:
    """Count the appeals lodged in a year: how they ended, and how many days that took."""
    _write(session, year, APPEALS, queries.count_appeals(session, year))


def count_complaints(session: Session, year: int) -> None:
    """Count the complaints about the club received in a year, likewise."""
    _write(session, year, COMPLAINTS, queries.count_complaints(session, year))


def count_concerns(session: Session, year: int) -> None:
    """Count the concerns about products received in a year: acknowledged in time, passed on, closed and why."""
    _write(session, year, CONCERNS, queries.count_concerns(session, year))


def _write(session: Session, year: int, subject: str, figures: dict[str, int]) -> None:
    session.exec(delete(Figure).where(Figure.year == year, Figure.subject == subject))  # type: ignore[arg-type]  # columns of a SQLModel class
    session.add_all(Figure(year=year, subject=subject, name=name, value=value) for name, value in figures.items())
    session.flush()
