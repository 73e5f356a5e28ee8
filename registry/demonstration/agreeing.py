"""Scenes of agreement: reviewers calibrate and talk about what they scored apart, a company shares out its findings."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from assessments import calibrations, consensus, corrections
from assessments.calibrations import Marking
from assessments.queries import consensus as agreements
from assessments.queries import findings, people
from criteria import calibration
from criteria.calibration import MARKS, NOT_SHOWN, CalibrationFile
from registry.demonstration.stage import Play, Stage

BEGAN = 605  # days before today, after the reviewers came and before the first application was assigned
OFF_BY_ONE, OFF_BY_TWO = 4, 3  # every so manieth criterion
LEARNER = "reviewer3"
OWN = "Tôi đọc bằng chứng hơi khác: phần này nằm giữa hai mức, và tôi nghiêng về mức này."


def calibrate(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """Two reviewers pass both files; a third does not at first, tries again, and is half through the other one."""
    files = calibration.files(stage.edition.id)
    for number, login in enumerate(("reviewer1", "reviewer2")):
        for place, file in enumerate(files):
            yield BEGAN - number - 2 * place, partial(_try, stage, login, file, OFF_BY_ONE + number)
    yield BEGAN - 1, partial(_try, stage, LEARNER, files[0], -OFF_BY_TWO)
    yield BEGAN - 6, partial(_try, stage, LEARNER, files[0], OFF_BY_ONE)
    yield 3, partial(_half, stage, LEARNER, files[-1])


def talk(play: Play) -> None:
    """The lead asks about the criterion on which the two are furthest apart."""
    _say(play, 0, "Mình thử lại thì kết quả khác của bạn. Bạn thử trên máy nào, bản nào?")


def reply(play: Play) -> None:
    """The other one answers."""
    _say(play, 1, "Máy của mình là bản cũ hơn. Đồng ý lấy theo trường hợp kém hơn và ghi thành giới hạn.")


def _say(play: Play, who: int, text: str) -> None:
    rows = agreements.rows(play.session, play.file)
    code = max(rows, key=lambda row: (row.disputed, row.spread)).criterion.code
    consensus.remark(play.session, play.person(play.fiction.team[who]), play.file, code, text)


def share_out(play: Play) -> None:
    """The owner says who takes which finding of the round, in turns."""
    asked = findings.of_round(play.session, play.file.id, play.file.correction_round)
    members = people.members_of(play.session, play.vendor.id)
    owners: dict[UUID, UUID | None] = {one.id: members[n % len(members)].id for n, one in enumerate(asked)}
    corrections.name_owners(play.session, play.owner, play.file, owners)


def _try(stage: Stage, login: str, file: CalibrationFile, every: int) -> None:
    """Score a whole file, one point off at every so manieth criterion, two points where that is negative."""
    person = stage.people[login]
    attempt = calibrations.begin(stage.session, person, file.edition_id, file.name)
    for place, code in enumerate(file.codes, 1):
        off = (1 if every > 0 else 2) if place % abs(every) == 0 else 0
        mark = _off(file.key[code].mark, off)
        marking = Marking(mark, file.key[code].reason.vi if mark == file.key[code].mark else OWN)
        calibrations.save_score(stage.session, person, attempt, code, marking, 0)
    calibrations.finish(stage.session, person, attempt)


def _half(stage: Stage, login: str, file: CalibrationFile) -> None:
    person = stage.people[login]
    attempt = calibrations.begin(stage.session, person, file.edition_id, file.name)
    for code in file.codes[: len(file.codes) // 2]:
        marking = Marking(file.key[code].mark, file.key[code].reason.vi)
        calibrations.save_score(stage.session, person, attempt, code, marking, 0)


def _off(mark: str, points: int) -> str:
    if mark == NOT_SHOWN or not points:
        return mark
    value = int(mark)
    return str(value - points if value >= points else value + points) if mark in MARKS else mark
