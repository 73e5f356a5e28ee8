"""Calibration: made-up files are scored, judged by the bar of the day, and read beside the key only afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import delete, select

from assessments import assignments, calibrations, clock
from assessments.calibrations import Marking
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import CalibrationAttempt, CalibrationBar, CalibrationScore, HistoryEntry
from assessments.people import Role
from assessments.queries import calibrations as queries
from assessments.queries.calibrations import CalibrationStanding
from assessments.queries.history import timeline
from assessments.queries.reviews import active
from assessments.states import Event, PeopleEvent
from criteria import calibration
from criteria.calibration import NOT_SHOWN, Bar
from tests import evaluation
from tests.world import EDITION, _person

FIRST, SECOND = (one.name for one in calibration.files(EDITION))


@pytest.fixture
def world(world):
    """Nobody has tried yet."""
    world.session.exec(delete(CalibrationAttempt))
    world.session.commit()
    return world


def scored(world, person, name=FIRST, **marks):
    """A whole attempt: the key everywhere but where said otherwise (TN_05="4")."""
    attempt = calibrations.begin(world.session, person, EDITION, name)
    file = calibration.find(EDITION, name)
    for code in file.codes:
        mark = marks.get(code.replace("-", "_"), file.key[code].mark)
        calibrations.save_score(world.session, person, attempt, code, Marking(mark, "Vì bằng chứng."), 0)
    world.session.commit()
    return attempt


def finished(world, person, name=FIRST, **marks):
    attempt = calibrations.finish(world.session, person, scored(world, person, name, **marks))
    world.session.commit()
    return attempt


def standing(world, person):
    return queries.standings(world.session, EDITION, [person.id])[person.id]


def test_the_shipped_files_ask_for_every_mark_and_two_of_them_are_needed(world):
    assert len(calibration.files(EDITION)) == 2
    assert all({key.mark for key in one.key.values()} == set(calibration.MARKS) for one in calibration.files(EDITION))
    assert all(10 <= len(one.codes) <= 14 for one in calibration.files(EDITION))
    assert standing(world, world.dung) == CalibrationStanding(0, 2, passed=False, left=2)


def test_whoever_agrees_with_the_panel_passes_both_and_may_be_given_work(world):
    first = finished(world, world.dung, FIRST)
    assert (first.mean_deviation, first.within, first.passed) == (0.0, 100, True)
    assert standing(world, world.dung) == CalibrationStanding(1, 2, passed=False, left=1)
    finished(world, world.dung, SECOND)
    assert standing(world, world.dung) == CalibrationStanding(2, 2, passed=True)
    assert standing(world, world.ha) == CalibrationStanding(0, 2, passed=False, left=2)
    events = world.session.exec(select(HistoryEntry.action).where(HistoryEntry.actor_id == world.dung.id)).all()
    assert events == [PeopleEvent.FINISH_CALIBRATION] * 2


def test_the_same_file_passed_twice_counts_once(world):
    assert [finished(world, world.dung).number for _ in range(2)] == [1, 2]
    assert standing(world, world.dung).done == 1


def test_whoever_has_read_the_key_does_not_pass_by_scoring_the_same_file_again(world):
    far = {"TL_03": "3", "TN_05": "4", "HN_05": "4", "RT_01": "4", "AT_03": "4"}
    assert not finished(world, world.dung, **far).passed
    again = finished(world, world.dung)
    assert (again.number, again.mean_deviation, again.passed) == (2, 0.0, False)
    now = standing(world, world.dung)
    assert now == CalibrationStanding(0, 2, passed=False, failed=1, again=1, left=1)
    assert now.stuck
    with pytest.raises(Invalid):
        assignments.require_calibrated(world.session, world.chi, evaluation.accepted(world), [world.dung.id])


def test_the_database_lets_no_repetition_pass_by_itself(world):
    finished(world, world.dung)
    again = finished(world, world.dung)
    again.passed = True
    world.session.add(again)
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_whoever_is_far_off_does_not_pass_and_may_try_again(world):
    far = finished(world, world.dung, TL_03="3", TN_05="4", HN_05="4", RT_01="4", AT_03="4")
    assert (far.mean_deviation, far.within, far.passed) == (13 / 12, 58, False)
    again = calibrations.begin(world.session, world.dung, EDITION, FIRST)
    assert (again.number, again.finished_at) == (2, None)
    assert standing(world, world.dung).done == 0


@pytest.mark.parametrize(
    ("mine", "agreed", "apart"), [("3", "3", 0), ("1", "3", 2), (NOT_SHOWN, "0", 1), ("2", NOT_SHOWN, 2), ("4", "0", 4)]
)
def test_points_between_two_marks(mine, agreed, apart):
    assert queries.apart(mine, agreed) == apart


def test_an_attempt_lacks_marks_and_reasons_until_all_are_there(world):
    attempt = calibrations.begin(world.session, world.dung, EDITION, FIRST)
    file = calibration.find(EDITION, FIRST)
    calibrations.save_score(world.session, world.dung, attempt, "TN-01", Marking("3"), 0)
    calibrations.save_score(world.session, world.dung, attempt, "TN-05", Marking("2"), 0)
    missing = calibrations.gaps(world.session, attempt, file)
    assert {one.values["code"] for one in missing} == set(file.codes) - {"TN-01"}
    with pytest.raises(NotReady):
        calibrations.finish(world.session, world.dung, attempt)
    assert attempt.finished_at is None


def test_a_finished_attempt_stays_as_it_is(world):
    attempt = finished(world, world.dung)
    with pytest.raises(WrongState):
        calibrations.save_score(world.session, world.dung, attempt, "TN-01", Marking("0", "Khác."), 1)
    with pytest.raises(WrongState):
        calibrations.finish(world.session, world.dung, attempt)


def test_two_tabs_do_not_overwrite_each_other_but_a_lost_answer_goes_on(world):
    attempt = calibrations.begin(world.session, world.dung, EDITION, FIRST)
    calibrations.save_score(world.session, world.dung, attempt, "TN-05", Marking("2", "Người dùng khách"), 0)
    with pytest.raises(Conflict) as refusal:
        calibrations.save_score(world.session, world.dung, attempt, "TN-05", Marking("1", "Lý do khác"), 0)
    assert refusal.value.theirs.fields == {"mark": "2", "rationale": "Người dùng khách"}
    calibrations.save_score(world.session, world.dung, attempt, "TN-05", Marking("2", "Người dùng khách vượt."), 0)
    assert world.session.exec(select(CalibrationScore)).one().rationale == "Người dùng khách vượt."


def test_only_reviewers_and_only_their_own(world):
    attempt = calibrations.begin(world.session, world.dung, EDITION, FIRST)
    for stranger in (world.chi, world.an, world.bao, world.giang):
        with pytest.raises(NotAllowed):
            calibrations.begin(world.session, stranger, EDITION, FIRST)
    with pytest.raises(NotFound):
        calibrations.save_score(world.session, world.ha, attempt, "TN-05", Marking("2", "x"), 0)
    with pytest.raises(NotFound):
        calibrations.finish(world.session, world.ha, attempt)
    with pytest.raises(NotFound):
        calibrations.begin(world.session, world.dung, EDITION, "khong-co")
    with pytest.raises(NotFound):
        calibrations.save_score(world.session, world.dung, attempt, "TL-01", Marking("2", "x"), 0)
    with pytest.raises(Invalid):
        calibrations.save_score(world.session, world.dung, attempt, "TN-05", Marking("5", "x"), 0)


def test_beginning_twice_is_one_attempt_and_the_database_says_so_too(world):
    first = calibrations.begin(world.session, world.dung, EDITION, FIRST)
    assert calibrations.begin(world.session, world.dung, EDITION, FIRST).id == first.id
    world.session.commit()
    world.session.add(CalibrationAttempt(person_id=world.dung.id, edition_id=EDITION, file=FIRST, number=2))
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_the_bar_of_the_day_judges_and_earlier_results_stay(world):
    passed = finished(world, world.dung, TN_05="1")
    calibrations.set_bar(world.session, world.chi, EDITION, Bar(0.0, 100, 1))
    world.session.commit()
    assert standing(world, world.dung) == CalibrationStanding(1, 1, passed=True, left=1)
    with clock.at(clock.now() + timedelta(days=1)):
        assert not finished(world, world.ha, TN_05="1").passed
        calibrations.set_bar(world.session, world.chi, EDITION, Bar(1.0, 50, 2))
    world.session.commit()
    assert queries.bar_of(world.session, EDITION) == Bar(1.0, 50, 2)
    assert len(queries.bars(world.session, EDITION)) == 2
    assert world.again(passed).passed


@pytest.mark.parametrize("bar", [Bar(5, 80, 1), Bar(-1, 80, 1), Bar(1, 101, 1), Bar(1, 80, 0), Bar(1, 80, 3)])
def test_a_bar_nobody_could_meet_is_refused(world, bar):
    with pytest.raises(Invalid):
        calibrations.set_bar(world.session, world.chi, EDITION, bar)
    assert world.session.exec(select(CalibrationBar)).all() == []


def test_only_the_office_sets_the_bar(world):
    for person in (world.dung, world.minh, world.an):
        with pytest.raises(NotAllowed):
            calibrations.set_bar(world.session, person, EDITION, Bar(1, 80, 1))


def test_work_for_somebody_who_has_not_passed_asks_for_a_reason(world):
    application = evaluation.accepted(world)
    finished(world, world.dung, FIRST)
    finished(world, world.dung, SECOND)
    assignments.require_calibrated(world.session, world.chi, application, [world.dung.id])
    with pytest.raises(Invalid) as refusal:
        assignments.require_calibrated(world.session, world.chi, application, [world.dung.id, world.ha.id], "  ")
    assert refusal.value.values == {"n": 1}
    assignments.require_calibrated(world.session, world.chi, application, [world.ha.id], "Chuyên gia duy nhất.")
    world.session.commit()
    rows = world.session.exec(select(HistoryEntry).where(HistoryEntry.action == Event.WAIVE_CALIBRATION)).all()
    assert [row.application_id for row in rows] == [application.id]


def team(world, reason=""):
    due_on = clock.today() + timedelta(days=28)
    return assignments.Team((world.dung.id, world.ha.id), world.dung.id, due_on, reason)


def test_a_team_goes_to_work_uncalibrated_for_a_reason_only(world):
    application = evaluation.accepted(world)
    with pytest.raises(assignments.Uncovered) as refusal:
        assignments.assign(world.session, world.chi, application, team(world))
    assert (refusal.value.lacking, refusal.value.untried) == ((), 2)
    world.session.rollback()
    assignments.assign(world.session, world.chi, application, team(world, "Đợt đầu, chưa ai chấm thử."))
    world.session.commit()
    assert waived(world, application) == ["Đợt đầu, chưa ai chấm thử."]


@pytest.mark.parametrize("replaced", [True, False])
def test_whoever_comes_later_is_asked_about_as_well(world, replaced):
    application = evaluation.in_review(world)
    new = _person(world.session, "kim@club.example", "Kim Ngân", Role.REVIEWER)
    world.session.commit()
    old = active(world.session, application.id)[0]

    def come(waiver=""):
        if replaced:
            newcomer = assignments.Newcomer(new.id, "Người trước ốm.", waiver)
            assignments.replace(world.session, world.chi, application, old.id, newcomer)
        else:
            assignments.add(world.session, world.chi, application, new.id, waiver)

    with pytest.raises(assignments.Uncalibrated):
        come()
    world.session.rollback()
    assert len(active(world.session, application.id)) == 2
    come("Chuyên gia duy nhất.")
    world.session.commit()
    assert waived(world, application) == ["Chuyên gia duy nhất."]


def waived(world, application):
    return [row.note for row in timeline(world.session, application.id) if row.action == Event.WAIVE_CALIBRATION]


def test_the_key_does_not_print_itself():
    assert "Key(mark=" not in repr(calibration.find(EDITION, FIRST))
