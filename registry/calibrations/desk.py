"""What the pages of calibration show: one file as somebody scores it, and how far everybody has come."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from assessments.errors import NotFound
from assessments.models import CalibrationAttempt, CalibrationScore
from assessments.people import Role
from assessments.queries import calibrations
from assessments.queries.calibrations import CalibrationStanding
from assessments.queries.people import Person, with_role
from criteria import calibration, store
from criteria.calibration import CalibrationFile, Exhibit, Sample
from criteria.model import Criterion, Edition, Group
from registry.templating import bi, day, filesize

MOST_ROWS = 60  # of a table shown in place


@dataclass(frozen=True)
class Desk:
    """One file as one person scores it; the key is not in it."""

    edition: Edition
    file: CalibrationFile
    attempt: CalibrationAttempt
    given: dict[str, CalibrationScore]

    @property
    def criteria(self) -> list[Criterion]:
        """The criteria of the file."""
        return [one.criterion for one in self.file.samples]

    @property
    def done(self) -> int:
        """How many are marked."""
        return sum(self.mark(code) != "" for code in self.file.codes)

    @property
    def open_codes(self) -> list[str]:
        """Those that are not."""
        return [code for code in self.file.codes if not self.mark(code)]

    def mark(self, code: str) -> str:
        """What is marked so far."""
        return calibrations.mark_of(self.given.get(code))

    def groups(self) -> list[tuple[Group, list[Criterion]]]:
        """The criteria group by group."""
        found = [(g, [one for one in self.criteria if one.group == g.code]) for g, _all in self.edition.by_group()]
        return [(group, criteria) for group, criteria in found if criteria]

    def sample(self, code: str) -> Sample:
        """What is said and shown about a criterion; the first open one when none is named (NotFound for others)."""
        wanted = code or next(iter(self.open_codes), self.file.codes[0])
        for one in self.file.samples:
            if one.criterion.code == wanted:
                return one
        raise NotFound

    def neighbour(self, code: str, step: int) -> str:
        """The code before (-1) or after (1) another, "" at the ends."""
        codes = self.file.codes
        place = codes.index(code) + step
        return codes[place] if 0 <= place < len(codes) else ""


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as the page shows it: a row of the list, and what can be seen in place."""

    kind: str
    name: str
    url: str
    facts: list[str]
    media_type: str
    picture: str = ""
    table: tuple[list[str], ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """One file on the list of a reviewer: the attempts so far, and how much of an open one is done."""

    file: CalibrationFile
    attempts: tuple[CalibrationAttempt, ...]
    done: int

    @property
    def open(self) -> CalibrationAttempt | None:
        """The attempt under way."""
        return next((one for one in self.attempts if one.finished_at is None), None)

    @property
    def passed(self) -> bool:
        """Whether the first attempt has passed."""
        return any(one.passed for one in self.attempts)

    @property
    def spent(self) -> bool:
        """Whether the attempt that counts is over: the agreed scores have been shown."""
        return any(one.finished_at is not None for one in self.attempts)


@dataclass(frozen=True)
class Result:
    """One reviewer on the coordinator's list."""

    person: Person
    standing: CalibrationStanding
    attempts: tuple[CalibrationAttempt, ...]


def desk(session: Session, attempt: CalibrationAttempt) -> Desk:
    """The desk of an attempt under way."""
    file = file_of(attempt.edition_id, attempt.file)
    return Desk(store.load(attempt.edition_id), file, attempt, calibrations.scores_of(session, attempt))


def file_of(edition_id: str, name: str) -> CalibrationFile:
    """A calibration file; refuses one that is not there (NotFound)."""
    found = calibration.find(edition_id, name)
    if found is None:
        raise NotFound
    return found


def tried(session: Session, edition_id: str, person_id: UUID) -> list[Tried]:
    """Every file of an edition with one person's attempts, in two statements."""
    every = calibrations.attempts(session, edition_id, [person_id])
    done = calibrations.progress(session, [one for one in every if one.finished_at is None])
    rows = []
    for file in calibration.files(edition_id):
        mine = tuple(one for one in every if one.file == file.name)
        rows.append(Tried(file, mine, sum(done.get(one.id, 0) for one in mine)))
    return rows


def results(session: Session, edition_id: str) -> list[Result]:
    """Every reviewer, those first who may not be given work yet."""
    people = with_role(session, Role.REVIEWER)
    ids = [one.id for one in people]
    found = calibrations.standings(session, edition_id, ids)
    every = calibrations.attempts(session, edition_id, ids)
    rows = [Result(one, found[one.id], tuple(a for a in every if a.person_id == one.id)) for one in people]
    return sorted(rows, key=lambda row: row.standing.passed)


def pieces(edition: Edition, file: CalibrationFile, sample: Sample) -> list[Piece]:
    """The evidence of a criterion."""
    return [_piece(edition, file, one) for one in sample.exhibits]


def _piece(edition: Edition, file: CalibrationFile, one: Exhibit) -> Piece:
    address = url_for("calibrations.evidence", edition_id=edition.id, file=file.name, name=one.name)
    facts = [one.name, filesize(one.path.stat().st_size)]
    if one.issued_on:
        facts.append(_("Lập ngày %(date)s", date=day(one.issued_on)))
    return Piece(
        kind=bi(edition.evidence_kind(one.kind).name),
        name=bi(one.title),
        url=address,
        facts=facts,
        media_type=one.media_type,
        picture=address if one.media_type.startswith("image/") else "",
        table=tuple(_rows(one)) if one.media_type == "text/csv" else (),
    )


def _rows(one: Exhibit) -> Iterable[list[str]]:
    text = one.path.read_text("utf-8-sig")
    return list(csv.reader(text.splitlines()))[:MOST_ROWS]
