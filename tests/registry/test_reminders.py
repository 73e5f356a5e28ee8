"""Owners are reminded before a deadline of theirs: once each, by whichever worker comes first, and of what is left."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import assignments, clock, corrections
from assessments.clock import end_of_day, now, today
from assessments.corrections import FindingAnswer
from assessments.errors import WrongState
from assessments.models import HistoryEntry, Member, Reminder
from assessments.reminders import remind
from assessments.states import State
from registry import db, jobs
from registry.mail.models import Letter
from tests import evaluation
from tests.assessments.test_corrections import in_correction, with_notice
from tests.drafting import ready
from tests.rows import letters, rows

AN = "an@hatnang.example"
DUE = 30  # days from now


@pytest.fixture
def worker(app):
    """Let the worker do its round so many days from now; returns what An was told by it: subjects."""

    def turn(days, job=jobs.remind_owners):
        before = {one.id for one in letters(app, AN)}
        with app.app_context(), clock.at(now() + timedelta(days=days)):
            job()
        return [one.subject for one in letters(app, AN) if one.id not in before]

    return turn


def correction(world, *criteria):
    """A correction that began now and ends on a day a month ahead."""
    application, found = in_correction(world, *(criteria or ("HN-01",)))
    application.due_at = end_of_day(today() + timedelta(days=DUE))
    world.session.add(application)
    world.session.commit()
    return application, found


def test_seven_and_two_days_before_and_never_twice(app, world, worker):
    application, _found = correction(world)
    started = today()
    assert worker(22) == []
    with clock.at(now() + timedelta(days=24)):
        left = DUE - (today() - started).days
    assert worker(24) == [f"Nhắc: hồ sơ {application.ref}, còn {left} ngày"]
    assert worker(25) == worker(27) == []
    assert len(worker(29)) == 1
    assert worker(29.1) == worker(30) == worker(32) == []
    assert [one.days for one in rows(app, select(Reminder).order_by(Reminder.days.desc()))] == [7, 2]
    assert rows(app, select(HistoryEntry.action)) == ["remind", "remind"]


def test_a_worker_that_slept_sends_only_the_last(app, world, worker):
    correction(world)
    assert len(worker(29.5)) == 1
    assert [one.days for one in rows(app, select(Reminder))] == [2]
    assert worker(29.6) == []


def test_the_letter_says_what_is_left(app, world, worker):
    application, (first, _second) = correction(world, "HN-01", "HN-02")
    worker(24)
    body = letters(app, AN)[-1].body
    assert "còn 2 phát hiện chưa trả lời" in body
    assert f"hết ngày {application.due_at.astimezone(clock.VIETNAM):%d/%m/%Y}" in body
    assert f"/applications/{application.ref}" in body
    every = {one.id: FindingAnswer("Đã sửa", 0) for one in (first, _second)}
    corrections.save_answers(world.session, world.an, application, every)
    world.session.commit()
    worker(29)
    assert "bản khắc phục chưa gửi" in letters(app, AN)[-1].body


def test_who_is_reminded(app, world, worker):
    correction(world)
    worker(24)
    assert {one.recipient for one in rows(app, select(Letter))} == {AN}  # the owner, and no contributor
    member = world.session.get(Member, (world.hat_nang.id, world.an.id))
    member.left_at = now()
    world.session.add(member)
    world.session.commit()
    assert worker(29) == []
    assert len(rows(app, select(Reminder))) == 2  # written down all the same: nobody was there to be told


@pytest.mark.parametrize("state", [State.RETURNED, State.MINDED_TO])
def test_every_deadline_of_the_vendor_is_reminded(app, world, worker, state):
    if state is State.MINDED_TO:
        application, _notice = with_notice(world)
    else:
        application = ready(world, state=state)
    application.due_at = end_of_day(today() + timedelta(days=14))
    world.session.add(application)
    world.session.commit()
    assert worker(5) == []
    assert len(worker(8)) == 1
    said = {State.RETURNED: "chưa nộp lại", State.MINDED_TO: "chưa gửi ý kiến"}
    assert said[state] in letters(app, AN)[-1].body


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.CONSENSUS, State.LAPSED])
def test_where_the_club_acts_nobody_is_reminded(app, world, worker, state):
    ready(world, state=state, due_at=now() + timedelta(days=3))
    assert worker(1) == []
    assert rows(app, select(Reminder)) == []


def test_a_deadline_that_was_near_from_the_start_is_no_news(app, world, worker):
    ready(world, state=State.RETURNED, due_at=now() + timedelta(days=5))
    assert worker(0.1) == []
    assert len(worker(3.1)) == 1


def test_an_extension_is_told_and_starts_its_own_reminders(app, world, worker):
    application, _found = correction(world)
    worker(24)
    with app.app_context(), clock.at(now() + timedelta(days=25)):
        until = today() + timedelta(days=6)
        assignments.extend(world.session, world.chi, application, until)
        db.commit(world.session)
    letter = letters(app, AN)[-1]
    assert letter.subject == f"Hồ sơ {application.ref}: hạn mới {until:%d/%m/%Y}"
    assert worker(25.1) == []  # the new deadline was told a moment ago
    assert len(worker(30)) == 1
    assert [(one.days) for one in rows(app, select(Reminder).order_by(Reminder.sent_at))] == [7, 2]


def test_two_workers_send_one(app, world):
    correction(world)
    barrier = threading.Barrier(2)

    def work():
        with app.app_context(), clock.at(now() + timedelta(days=24)):
            barrier.wait()
            jobs.remind_owners()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(letters(app, AN)) == len(rows(app, select(Reminder))) == 1


def test_a_second_hand_is_refused(world):
    application, _found = correction(world)
    with clock.at(now() + timedelta(days=24)):
        remind(world.session, application)
        world.session.commit()
        with pytest.raises(WrongState):
            remind(world.session, application)


def test_more_time_for_the_reviewers_is_told_to_both_sides(app, world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.ha, application)
    with app.app_context():
        assignments.extend(world.session, world.chi, application, today() + timedelta(days=60))
        db.commit(world.session)
    told = {one.recipient: one.event.split(":")[1] for one in rows(app, select(Letter)) if "extended" in one.event}
    assert told == {AN: "review_extended", world.dung.email: "review_extended_reviewer"}  # Hà is done
