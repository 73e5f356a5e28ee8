"""The top of the page: who acts next, by when, and what happens when nobody does, for every state."""

from datetime import timedelta

import pytest

from assessments.clock import now
from assessments.queries.announcements import DECIDED
from assessments.states import State
from criteria import store
from registry import timeline
from registry.applications import turns
from tests.assessments.test_corrections import with_summary

OVER = {*DECIDED, State.REFUSED, State.WITHDRAWN, State.LAPSED}
DUE = {State.SUBMITTED, State.RETURNED, State.IN_REVIEW, State.CORRECTION, State.MINDED_TO}
YOURS = {State.DRAFT, State.RETURNED, State.CORRECTION, State.MINDED_TO}


@pytest.mark.parametrize("state", State)
def test_every_state_says_who_by_when_and_what_otherwise(app, world, state):
    due = now() + timedelta(days=3) if state in DUE else None
    application = world.application(state, due_at=due)
    with app.test_request_context("/"):
        turn = turns.turn(application, "Nguyễn Thị An", opened=world.round)
        if state in OVER:
            assert (turn.whose, turn.who, turn.until) == (timeline.OVER, "", None)
            return
        assert turn.whose == (timeline.YOURS if state in YOURS else timeline.OURS)
        assert turn.title == ("Đến lượt đơn vị" if state in YOURS else "Đến lượt Câu lạc bộ")
        assert turn.who
        assert turn.otherwise
        assert turn.until == due
        assert ("Nguyễn Thị An" in turn.who) is (state in YOURS)


@pytest.mark.parametrize("state", [State.RETURNED, State.CORRECTION])
def test_where_the_clock_closes_a_file_the_page_says_so(app, world, browser, state):
    world.application(state, due_at=now() + timedelta(days=3), correction_round=1)
    browser.sign_in(world.an)
    text = browser.get("/applications/HS-2026-0001").text
    assert "Quá hạn, hồ sơ tự đóng." in text
    assert "2 ngày 23 giờ" in text


def test_a_facts_check_is_the_companys_turn(world, browser):
    with_summary(world)
    browser.sign_in(world.an)
    text = browser.get("/applications/HS-2026-0001").text
    assert "Đến lượt đơn vị" in text
    assert "Chưa có trả lời thì hồ sơ chưa được trình hội đồng." in text


def test_the_periods_are_those_of_the_edition(app, world):
    periods = store.load("vcsc-2026").periods
    with app.test_request_context("/"):
        steps = turns.course(store.load("vcsc-2026"), None)
        assert len(steps) == 4
        assert f"{periods.completeness_working_days} ngày làm việc" in steps[1][1]
        assert f"{periods.review_days} ngày" in steps[2][1]
        assert turns.phase_of(world.application(State.CORRECTION)) == 2
        assert turns.phase_of(world.application(State.LAPSED, "HS-2026-0002")) is None


def test_the_page_in_english(world, browser):
    world.an.language = "en"
    world.session.add(world.an)
    world.application(State.IN_REVIEW, due_at=now() + timedelta(days=3))
    world.session.commit()
    browser.sign_in(world.an)
    text = browser.get("/en/applications/HS-2026-0001").text
    for words in (
        "The club’s turn",
        "Who acts next",
        "If nobody acts",
        "2 days 23 hours</strong> left",
        "until the end of",
    ):
        assert words in text.replace("club's", "club’s")
