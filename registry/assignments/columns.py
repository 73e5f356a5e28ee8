"""What else the office weighs of each candidate, one column a line: add a line and the page has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlmodel import Session

from assessments.models import Application
from assessments.queries.participation import Candidate

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


COLUMNS: tuple[Column, ...] = (Column(_l("Đã đánh giá"), _experience),)


def columns(session: Session, application: Application, offered: Sequence[Candidate]) -> list[Shown]:
    """The columns that say anything of these candidates."""
    shown = [Shown(one.title, one.cells(session, application, offered)) for one in COLUMNS]
    return [one for one in shown if one.cells]
