"""What else the office weighs of each candidate, one column a line: add a line and the page has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from assessments.models import Application
from assessments.queries.calibrations import CalibrationStanding, standings
from assessments.queries.participation import Candidate
from assessments.queries.reliability import deviations

Cells = Callable[[Session, Application, Sequence[Candidate]], Mapping[UUID, str]]


@dataclass(frozen=True)
class Column:
    """A column of the table of candidates; who has no cell has nothing to tell there."""

    title: str
    cells: Cells


@dataclass(frozen=True)
class Shown:
    """A column with its cells read, in one go for everybody."""

    title: str
    cells: Mapping[UUID, str]


def _experience(_session: Session, _application: Application, offered: Sequence[Candidate]) -> Mapping[UUID, str]:
    """How many reviews somebody has finished."""
    return {one.person.id: ngettext("%(num)d hồ sơ", "%(num)d hồ sơ", one.finished) for one in offered if one.finished}


def _calibration(session: Session, application: Application, offered: Sequence[Candidate]) -> Mapping[UUID, str]:
    """How far somebody has come with the made-up files of the edition; nothing where it has none."""
    found = standings(session, application.edition_id, [one.person.id for one in offered])
    return {person_id: _tried(one) for person_id, one in found.items() if one.needed}


def _tried(standing: CalibrationStanding) -> str:
    """The first attempts, which count, and beside them those that do not."""
    counted = _("chưa qua: %(done)d/%(needed)d", done=standing.done, needed=standing.needed)
    told = [str(_("đã qua") if standing.passed else counted)]
    if standing.failed:
        told.append(ngettext("%(num)d hồ sơ không đạt lần đầu", "%(num)d hồ sơ không đạt lần đầu", standing.failed))
    if standing.again:
        told.append(ngettext("%(num)d lần chấm lại không tính", "%(num)d lần chấm lại không tính", standing.again))
    return "; ".join(told)


def _agreement(session: Session, application: Application, offered: Sequence[Candidate]) -> Mapping[UUID, str]:
    """How far somebody's scores lay from the agreed ones in decided files of the edition, on the mean."""
    found = deviations(session, application.edition_id, [one.person.id for one in offered])
    return {
        person_id: ngettext(
            "lệch %(mean)s điểm, %(num)d tiêu chí",
            "lệch %(mean)s điểm, %(num)d tiêu chí",
            one.criteria,
            mean=format_decimal(one.mean, "0.00"),
        )
        for person_id, one in found.items()
    }


COLUMNS: tuple[Column, ...] = (
    Column(_l("Đã đánh giá"), _experience),
    Column(_l("Chấm thử"), _calibration),
    Column(_l("So với điểm thống nhất"), _agreement),
)


def columns(session: Session, application: Application, offered: Sequence[Candidate]) -> list[Shown]:
    """The columns that say anything of these candidates."""
    shown = [Shown(one.title, one.cells(session, application, offered)) for one in COLUMNS]
    return [one for one in shown if one.cells]
