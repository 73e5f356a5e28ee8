"""Questions about the public figures: what they count, and what the page of figures shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from assessments.clock import legal_day
from assessments.models import Appeal, Complaint, Concern, Figure
from assessments.recourse import AppealState, ComplaintState, ConcernOutcome, ConcernState, Inadmissible, Verdict

_DECIDED = (AppealState.CONFIRMED, AppealState.SET_ASIDE)
_ANSWERED = (ComplaintState.DECIDED, ComplaintState.CLOSED)


@dataclass(frozen=True)
class Year:
    """The figures of one subject in one year, by name."""

    year: int
    figures: dict[str, int]

    def __getitem__(self, name: str) -> int:
        return self.figures.get(name, 0)

    @property
    def average_days(self) -> float | None:
        """How many days a result took on average; None while there is none."""
        decided = self["decided"]
        return self["days"] / decided if decided else None


def everything(session: Session) -> dict[int, dict[str, dict[str, int]]]:
    """Every public figure by year, subject and name, the newest year first: one statement."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    question = select(Figure).where(Figure.year > 0).order_by(col(Figure.year).desc())
    for one in session.exec(question).all():
        found.setdefault(one.year, {}).setdefault(one.subject, {})[one.name] = one.value
    return found


def years(session: Session, subject: str) -> list[Year]:
    """Every year with figures of a subject, newest first."""
    found: dict[int, dict[str, int]] = {}
    question = select(Figure).where(Figure.subject == subject).order_by(col(Figure.year).desc())
    for one in session.exec(question).all():
        found.setdefault(one.year, {})[one.name] = one.value
    return [Year(year, figures) for year, figures in found.items()]


def count_appeals(session: Session, year: int) -> dict[str, int]:
    """The appeals lodged in a year, by how they stand."""
    columns: list[Any] = [Appeal.state, Appeal.lodged_at, Appeal.moved_at, Appeal.inadmissible]
    rows = session.exec(select(*columns).where(Appeal.year == year)).all()
    states = [row[0] for row in rows]
    return {
        "lodged": len(rows),
        **{one.value: states.count(one) for one in AppealState if one in _ENDS},
        "late": sum(row[3] is Inadmissible.LATE for row in rows),
        **_days(row[1:3] for row in rows if row[0] in _DECIDED),
    }


_ENDS = (*_DECIDED, AppealState.WITHDRAWN, AppealState.INADMISSIBLE)


def count_complaints(session: Session, year: int) -> dict[str, int]:
    """The complaints received in a year, by what was found."""
    columns: list[Any] = [Complaint.state, Complaint.verdict, Complaint.received_at, Complaint.decided_at]
    rows = session.exec(select(*columns).where(Complaint.year == year)).all()
    found = [row[1] for row in rows if row[0] in _ANSWERED]
    return {
        "lodged": len(rows),
        **{one.value: found.count(one) for one in Verdict},
        **_days(row[2:] for row in rows if row[0] in _ANSWERED),
    }


def count_concerns(session: Session, year: int) -> dict[str, int]:
    """The concerns received in a year, by what became of them."""
    columns: list[Any] = [Concern.state, Concern.outcome, Concern.received_at, Concern.closed_at]
    columns += [Concern.acknowledged_at, Concern.acknowledge_by, Concern.surveillance_id]
    rows = session.exec(select(*columns).where(Concern.year == year)).all()
    found = [row[1] for row in rows]
    return {
        "lodged": len(rows),
        "in_time": sum(row[4] is not None and row[4] <= row[5] for row in rows),
        "referred": sum(row[0] is ConcernState.REFERRED for row in rows),
        "surveyed": sum(row[6] is not None for row in rows),
        **{one.value: found.count(one) for one in ConcernOutcome},
        **_days(row[2:4] for row in rows if row[3] is not None),
    }


def _days(spans: Iterable[tuple[datetime, datetime]]) -> dict[str, int]:
    lengths = [(legal_day(end) - legal_day(start)).days for start, end in spans]
    return {"decided": len(lengths), "days": sum(lengths)}
