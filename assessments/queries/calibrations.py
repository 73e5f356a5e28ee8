"""Questions about calibration: the bar, a person's attempts, and who has come how far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import CalibrationAttempt, CalibrationBar, CalibrationScore
from criteria import calibration
from criteria.calibration import NOT_SHOWN, Bar, CalibrationFile


@dataclass(frozen=True)
class CalibrationStanding:
    """How many files of an edition a person has passed, how many are needed, and whether that is enough.

    `failed`: files whose first attempt, the only one that counts, did not pass; `again`: finished attempts after it;
    `left`: files that can still be passed.
    """

    done: int
    needed: int
    passed: bool
    failed: int = 0
    again: int = 0
    left: int = 0

    @property
    def stuck(self) -> bool:
        """Whether no file is left by which the bar could be reached: the office writes a reason, or adds a file."""
        return self.done + self.left < self.needed


@dataclass(frozen=True)
class Compared:
    """One criterion of a finished attempt beside its key: the marks, the points between them, and the reasons."""

    code: str
    mine: str
    agreed: str
    apart: int
    rationale: str = ""


def bar_of(session: Session, edition_id: str) -> Bar:
    """What has to be reached now: what the coordinator set last, else what the edition's files say."""
    row = next(iter(bars(session, edition_id)), None)
    if row is None:
        return calibration.default_bar(edition_id)
    return Bar(row.max_deviation, row.min_within, row.files)


def bars(session: Session, edition_id: str) -> list[CalibrationBar]:
    """Every bar that was set, newest first."""
    question = select(CalibrationBar).where(CalibrationBar.edition_id == edition_id)
    return list(session.exec(question.order_by(col(CalibrationBar.set_at).desc(), col(CalibrationBar.id))).all())


def attempts(session: Session, edition_id: str, person_ids: Iterable[UUID]) -> list[CalibrationAttempt]:
    """Every attempt of some people, by file and number."""
    question = select(CalibrationAttempt).where(
        CalibrationAttempt.edition_id == edition_id, col(CalibrationAttempt.person_id).in_(list(person_ids))
    )
    ordered = question.order_by(col(CalibrationAttempt.file), col(CalibrationAttempt.number))
    return list(session.exec(ordered).all())


def attempts_at(session: Session, edition_id: str, file: str, person_id: UUID) -> list[CalibrationAttempt]:
    """One person's attempts at one file, the newest last."""
    return [one for one in attempts(session, edition_id, [person_id]) if one.file == file]


def scores_of(session: Session, attempt: CalibrationAttempt) -> dict[str, CalibrationScore]:
    """criterion code -> what the person said."""
    question = select(CalibrationScore).where(CalibrationScore.attempt_id == attempt.id)
    return {one.criterion: one for one in session.exec(question).all()}


def progress(session: Session, found: Iterable[CalibrationAttempt]) -> dict[UUID, int]:
    """attempt id -> how many criteria are marked."""
    marked = col(CalibrationScore.value).is_not(None) | col(CalibrationScore.not_shown)
    question = (
        select(col(CalibrationScore.attempt_id), func.count())
        .where(col(CalibrationScore.attempt_id).in_([one.id for one in found]), marked)
        .group_by(col(CalibrationScore.attempt_id))
    )
    return dict(session.exec(question).all())


def standings(session: Session, edition_id: str, person_ids: Iterable[UUID]) -> dict[UUID, CalibrationStanding]:
    """How far each of some people has come in an edition, in two statements; everybody asked about is in it.

    A file counts where the first attempt at it has passed, by the bar of that time. An edition without calibration
    files asks nothing of anybody.
    """
    wanted = list(person_ids)
    needed = needed_in(session, edition_id)
    every = attempts(session, edition_id, wanted)
    return {one: _standing(needed, edition_id, [a for a in every if a.person_id == one]) for one in wanted}


def _standing(needed: int, edition_id: str, found: list[CalibrationAttempt]) -> CalibrationStanding:
    over = [one for one in found if one.finished_at is not None]
    done = sum(one.passed for one in over)
    failed = sum(not one.passed for one in over if one.number == 1)
    again = sum(one.number > 1 for one in over)
    left = len(calibration.files(edition_id)) - done - failed
    return CalibrationStanding(done, needed, done >= needed, failed, again, left)


def needed_in(session: Session, edition_id: str) -> int:
    """How many files have to be passed: never more than there are."""
    count = len(calibration.files(edition_id))
    return min(bar_of(session, edition_id).files, count) if count else 0


def mark_of(score: CalibrationScore | None) -> str:
    """The mark of a stored score, "" where there is none yet."""
    if score is None or not score.marked:
        return ""
    return NOT_SHOWN if score.not_shown else str(score.value)


def apart(mine: str, agreed: str) -> int:
    """Points between two marks. "Evidence does not show" counts 0, but it is never the same as a score."""
    if mine == agreed:
        return 0
    points = [0 if mark == NOT_SHOWN else int(mark) for mark in (mine, agreed)]
    return max(abs(points[0] - points[1]), 1)


def compared(file: CalibrationFile, given: Mapping[str, CalibrationScore]) -> list[Compared]:
    """Every criterion that was scored beside its key; only for whoever has finished."""
    rows = []
    for code in (one for one in file.codes if one in given):
        mine, agreed = mark_of(given[code]), file.key[code].mark
        rows.append(Compared(code, mine, agreed, apart(mine, agreed), given[code].rationale))
    return rows
