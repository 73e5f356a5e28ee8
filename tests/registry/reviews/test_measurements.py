"""Measured results before the reviewers: declared figures beside the evidence, figures of their own."""

import pytest
from sqlmodel import select

from assessments import measurements
from assessments.errors import NotFound, NotReady
from assessments.measured import key_of
from assessments.models import Recommendation
from assessments.readiness import to_recommend
from assessments.states import Kind, State
from tests import evaluation
from tests.world import PROFILE

PAGE = "/reviews/HS-2026-0001/measurements"
FIGURE = {
    "test_list": "Bộ thử 2026",
    "tested_on": "2026-05-02",
    "age_band": "7-11",
    "topic": "Trang người lớn",
    "harmful_tried": 1000,
    "harmful_blocked": 968,
    "harmless_tried": 400,
    "harmless_blocked": 2,
    "measured_by": "vendor",
    "method": "Hai máy Android",
    "version": "5.2",
    "tester": "",
}
KEY = key_of(FIGURE)
OWN = {
    **{name: str(value) for name, value in FIGURE.items() if name not in {"measured_by", "tester"}},
    "test_list": "Bộ thử VCSC",
}


@pytest.fixture
def measuring(monkeypatch):
    """What is handed in declares a figure."""
    monkeypatch.setitem(PROFILE, "blocking", [FIGURE])


@pytest.fixture
def application(world, measuring):
    return evaluation.in_consensus(world)


def judged(session):
    session.expire_all()
    row = session.exec(select(Recommendation)).one_or_none()
    found = row.measured if row else None
    session.commit()
    return found


def missing(session, application):
    found = [one.place for one in to_recommend(session, application)]
    session.commit()
    return found


def test_the_lead_says_what_was_found(world, session, browser, application):
    assert "measured" in missing(session, application)
    browser.sign_in(world.dung)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "968 trên 1.000 trang" in page.text
    done = browser.press(PAGE, PAGE, seen=measurements.fingerprint(None), **{f"found-{KEY}": "repeated"})
    assert (done.status_code, done.location) == (302, PAGE)
    assert judged(session) == {"found": {KEY: "repeated"}}
    assert "measured" not in missing(session, application)


def test_a_word_that_is_no_answer_and_a_figure_nobody_declared(world, session, browser, application):
    browser.sign_in(world.dung)
    assert browser.press(PAGE, PAGE, seen="", **{f"found-{KEY}": "perfect"}).status_code == 422
    assert browser.press(PAGE, PAGE, seen="", **{"found-ffff": "shown"}).status_code == 302  # no such question
    assert judged(session) in (None, {"found": {}})
    with pytest.raises(NotFound):
        measurements.judge(session, world.dung, application, {"ffff": "shown"}, "")


def test_two_who_judge_at_once_overwrite_nothing(world, session, browser, application):
    measurements.judge(session, world.dung, application, {KEY: "shown"}, measurements.fingerprint(None))
    session.commit()
    browser.sign_in(world.dung)
    late = browser.press(PAGE, PAGE, seen=measurements.fingerprint(None), **{f"found-{KEY}": "not_shown"})
    assert late.status_code == 409
    assert judged(session) == {"found": {KEY: "shown"}}


def test_a_judgement_asks_the_vendor_to_look_again(world, session, application):
    row = measurements.judge(session, world.dung, application, {KEY: "shown"}, measurements.fingerprint(None))
    row.sent_to_vendor_at = row.vendor_checked_at = row.saved_at
    seen = measurements.fingerprint(row)
    assert measurements.judge(session, world.dung, application, {KEY: "shown"}, seen).vendor_checked_at is not None
    assert measurements.judge(session, world.dung, application, {KEY: "not_shown"}, seen).vendor_checked_at is None


def test_figures_of_their_own_are_the_clubs(world, session, browser, application):
    browser.sign_in(world.dung)
    wrong = browser.press(f"{PAGE}/add", PAGE, **{**OWN, "harmful_blocked": "1001"})
    assert (wrong.status_code, "không thể lớn hơn số đã thử" in wrong.text) == (422, True)
    assert 'value="1001"' in wrong.text
    added = {**OWN, "measured_by": "laboratory", "tester": "Ai đó"}
    assert browser.press(f"{PAGE}/add", PAGE, **added).status_code == 302
    (own,) = judged(session)["own"]
    assert (own["measured_by"], own["tester"], own["harmful_blocked"]) == ("club", "", 968)
    assert browser.press(f"{PAGE}/{key_of(own)}/drop", PAGE).status_code == 302
    assert judged(session)["own"] == []
    assert browser.press(f"{PAGE}/{key_of(own)}/drop", PAGE).status_code == 404


def test_other_people(world, session, browser, application):
    others = ((world.ha, 200, 403), (world.an, 403, 403), (world.khanh, 404, 404), (world.bao, 404, 404))
    for person, read, code in others:
        browser.sign_in(person)
        assert browser.get(PAGE).status_code == read
        for path in (PAGE, f"{PAGE}/add", f"{PAGE}/{KEY}/drop"):
            assert browser.press(path, "/account", **OWN).status_code == code
    assert judged(session) is None


def test_before_all_reviews_are_final_nobody_judges(world, session, browser, measuring):
    application = evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, "/account", seen="", **{f"found-{KEY}": "shown"}).status_code == 409
    application.state = State.CONSENSUS
    with pytest.raises(NotReady):
        measurements.judge(session, world.dung, application, {KEY: "shown"}, "")


def test_no_token(world, session, browser, application):
    browser.sign_in(world.dung)
    for path in (PAGE, f"{PAGE}/add", f"{PAGE}/{KEY}/drop"):
        assert browser.post(path, data=OWN).status_code == 400
    assert judged(session) is None


def test_a_surveillance_publishes_no_figures(world, session, application):
    application.kind = Kind.SURVEILLANCE
    assert "measured" not in missing(session, application)
