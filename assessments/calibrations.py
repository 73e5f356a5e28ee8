"""Calibration: a reviewer scores made-up files with agreed scores before the first application of an edition."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import history
from assessments.clock import now
from assessments.errors import N_, Conflict, Invalid, Missing, NotAllowed, NotFound, NotReady, Version, WrongState
from assessments.models import CalibrationAttempt, CalibrationBar, CalibrationScore
from assessments.people import Actor, Role
from assessments.queries import calibrations
from assessments.states import PeopleEvent
from criteria import calibration, store
from criteria.calibration import MARKS, NOT_SHOWN, Bar, CalibrationFile

LONGEST = 5_000  # characters of a rationale
NEEDS_NO_WORDS = "3"  # as in a real review: every other mark needs a rationale
MOST_POINTS = 4
HUNDRED = 100


@dataclass(frozen=True)
class Marking:
    """What a person says of one criterion: "0" to "4", NOT_SHOWN, or "" for not yet; and why."""

    mark: str = ""
    rationale: str = ""

    def fields(self) -> dict[str, str]:
        """The typed content, for showing two versions side by side."""
        return {"mark": self.mark, "rationale": self.rationale}


def set_bar(session: Session, actor: Actor, edition_id: str, bar: Bar) -> CalibrationBar:
    """Set what has to be reached from now on; results of earlier attempts stay as they were.

    Refuses who is no coordinator (NotAllowed), an unknown edition (NotFound), and a bar that cannot be met (Invalid).
    """
    if Role.COORDINATOR not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
    if edition_id not in store.ids():
        raise NotFound
    count = len(calibration.files(edition_id))
    if not 1 <= bar.files <= count:
        raise Invalid(N_("Số hồ sơ phải từ 1 đến %(most)d."), most=count)
    if not (0 <= bar.max_deviation <= MOST_POINTS and 0 <= bar.min_within <= HUNDRED):
        raise Invalid(N_("Độ lệch từ 0 đến 4 điểm, tỷ lệ từ 0 đến 100 phần trăm."))
    row = CalibrationBar(
        edition_id=edition_id,
        set_by=actor.id,
        max_deviation=bar.max_deviation,
        min_within=bar.min_within,
        files=bar.files,
    )
    session.add(row)
    note = f"{edition_id}: {bar.max_deviation} / {bar.min_within}% / {bar.files}"
    history.record(session, actor, history.Step(PeopleEvent.SET_CALIBRATION_BAR, note=note))
    return row


def begin(session: Session, actor: Actor, edition_id: str, name: str) -> CalibrationAttempt:
    """Begin an attempt at a file, or go on with the one that is open.

    Refuses who is no reviewer (NotAllowed) and an unknown file (NotFound).
    """
    file = _file(actor, edition_id, name)
    before = calibrations.attempts_at(session, edition_id, file.name, actor.id)
    if before and before[-1].finished_at is None:
        return before[-1]
    attempt = CalibrationAttempt(
        person_id=actor.id, edition_id=edition_id, file=file.name, number=len(before) + 1, passed=False
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:  # another tab began it at the same moment
        return calibrations.attempts_at(session, edition_id, file.name, actor.id)[-1]
    return attempt


def save_score(
    session: Session, actor: Actor, attempt: CalibrationAttempt, code: str, marking: Marking, version: int
) -> CalibrationScore:
    """Keep what somebody says of one criterion; `version` is that of the text they started from (0: none).

    Refuses whose attempt it is not (NotFound), a finished one (WrongState), a criterion that is not in the file
    (NotFound), no mark and a text too long (Invalid), and a text saved elsewhere meanwhile (Conflict, with both).
    """
    file = _open(session, actor, attempt)
    if code not in file.codes:
        raise NotFound
    if marking.mark not in {*MARKS, ""}:
        raise Invalid(N_("Không chấm được như vậy cho %(code)s. Chọn lại điểm."), code=code)
    if len(marking.rationale) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    score = calibrations.scores_of(session, attempt).get(code)
    score = score or CalibrationScore(attempt_id=attempt.id, criterion=code)
    if score.version != version and not _goes_on(marking_of(score), marking):
        theirs = Version(marking_of(score).fields(), actor.name, score.saved_at)
        raise Conflict(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, Version(marking.fields()))
    _write(score, marking)
    session.add(score)
    session.flush()
    return score


def gaps(session: Session, attempt: CalibrationAttempt, file: CalibrationFile) -> list[Missing]:
    """What an attempt lacks before it can be finished: a mark everywhere, and a rationale but for a 3."""
    given = calibrations.scores_of(session, attempt)
    missing: list[Missing] = []
    for code in file.codes:
        if sentence := _gap(given.get(code)):
            missing.append(Missing(sentence, f"score:{code}", {"code": code}))
    return missing


def finish(session: Session, actor: Actor, attempt: CalibrationAttempt) -> CalibrationAttempt:
    """Finish an attempt: from now on its agreed scores may be read. Judged by the bar of this moment.

    Whoever has read them once does not pass by scoring the same file again: only the first attempt at a file counts.
    Refuses whose attempt it is not (NotFound), a finished one (WrongState), and with what is missing (NotReady).
    """
    file = _open(session, actor, attempt)
    if missing := gaps(session, attempt, file):
        raise NotReady(missing)
    rows = calibrations.compared(file, calibrations.scores_of(session, attempt))
    bar = calibrations.bar_of(session, attempt.edition_id)
    attempt.mean_deviation = sum(row.apart for row in rows) / len(rows)
    attempt.within = HUNDRED * sum(row.apart <= 1 for row in rows) // len(rows)
    met = attempt.mean_deviation <= bar.max_deviation and attempt.within >= bar.min_within
    attempt.passed = met and attempt.number == 1
    attempt.finished_at = now()
    session.add(attempt)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.FINISH_CALIBRATION, note=f"{file.edition_id}/{file.name}"))
    return attempt


def marking_of(score: CalibrationScore) -> Marking:
    """What a stored score says."""
    return Marking(calibrations.mark_of(score), score.rationale)


def _file(actor: Actor, edition_id: str, name: str) -> CalibrationFile:
    if Role.REVIEWER not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
    file = calibration.find(edition_id, name)
    if file is None:
        raise NotFound
    return file


def _open(session: Session, actor: Actor, attempt: CalibrationAttempt) -> CalibrationFile:
    """The file of somebody's own attempt that is under way; the row is held, so that nothing is saved after its end."""
    if attempt.person_id != actor.id:
        raise NotFound
    file = _file(actor, attempt.edition_id, attempt.file)
    session.refresh(attempt, with_for_update=True)
    if attempt.finished_at is not None:
        raise WrongState(N_("Lần chấm thử này đã kết thúc nên không sửa được nữa."))
    return file


def _goes_on(stored: Marking, typed: Marking) -> bool:
    """Whether it is the same, or goes on behind one's own text: the answer to its autosave got lost on the way."""
    return typed.mark == stored.mark and typed.rationale.startswith(stored.rationale)


def _write(score: CalibrationScore, marking: Marking) -> None:
    score.value = int(marking.mark) if marking.mark.isdecimal() else None
    score.not_shown = marking.mark == NOT_SHOWN
    score.rationale = marking.rationale
    score.version += 1
    score.saved_at = now()


def _gap(score: CalibrationScore | None) -> str:
    mark = calibrations.mark_of(score)
    if score is None or not mark:
        return N_("Chấm %(code)s.")
    return "" if mark == NEEDS_NO_WORDS or score.rationale.strip() else N_("Ghi lý do của %(code)s.")
