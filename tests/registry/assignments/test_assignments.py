"""GET /assignments, /assignments/<ref>; POST: assign, replace, add, lead, deadline."""

from datetime import timedelta

import pytest

from assessments.clock import today
from assessments.queries.reviews import active
from assessments.states import State
from tests import evaluation

PAGE = "/assignments/HS-2026-0001"
DUE = (today() + timedelta(days=28)).isoformat()


def typed(world, *people, **more):
    return {"reviewers": [str(one.id) for one in people], "lead": str(people[0].id), "due_on": DUE, **more}


def test_the_page_offers_the_free_and_says_why_others_are_not(world, browser):
    evaluation.accepted(world)
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert f'value="{world.dung.id}"' in page
    assert f'value="{world.khanh.id}"' not in page
    assert "Có lợi ích liên quan ở Công ty CP Hạt Nắng: làm việc." in page
    assert "HS-2026-0001" in browser.get("/assignments").text


def test_assigning_starts_the_review(world, browser):
    application = evaluation.accepted(world)
    browser.sign_in(world.chi)
    assert browser.press(PAGE, page=PAGE, **typed(world, world.dung, world.ha)).status_code == 302
    assert world.again(application).state is State.IN_REVIEW
    assert len(active(world.session, application.id)) == 2


@pytest.mark.parametrize("people", [("dung",), ("dung", "khanh"), ("dung", "giang")])
def test_what_cannot_be_is_said_and_nothing_changes(world, browser, people):
    application = evaluation.accepted(world)
    browser.sign_in(world.chi)
    page = browser.press(PAGE, page=PAGE, **typed(world, *(getattr(world, one) for one in people)))
    assert page.status_code == 422
    assert world.again(application).state is State.ACCEPTED
    assert active(world.session, application.id) == []


@pytest.mark.parametrize(("who", "code"), [("bao", 404), ("dung", 404), ("an", 403), ("lan", 403)])
def test_others_cannot(world, browser, who, code):
    evaluation.accepted(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == code
    assert browser.press(PAGE, page="/account", **typed(world, world.dung, world.ha)).status_code == code
    assert browser.get("/assignments").status_code == 404


def test_no_token_no_second_time(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.chi)
    assert browser.post(PAGE, data=typed(world, world.dung, world.ha)).status_code == 400
    assert browser.press(PAGE, page=PAGE, **typed(world, world.dung, world.ha)).status_code == 409


def test_replacing_somebody_with_a_conflict_in_their_place_is_refused(world, browser):
    application = evaluation.in_review(world)
    review = evaluation.review_by(world, application, world.dung)
    world.session.commit()
    browser.sign_in(world.chi)
    url = f"{PAGE}/reviewers/{review.id}/replace"
    page = browser.press(url, page=PAGE, person=str(world.khanh.id), reason="ốm")
    assert page.status_code == 422
    assert world.again(review).voided_at is None
    world.session.commit()
    assert browser.post(url).status_code == 400


def test_the_office_sees_progress_and_no_score(world, browser):
    application = evaluation.in_review(world)
    evaluation.score_all(world, world.dung, application, "2")
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert "36/36" in page
    assert "Lý do của" not in page


def test_lead_and_deadline(world, browser):
    application = evaluation.in_review(world)
    review = evaluation.review_by(world, application, world.ha)
    world.session.commit()
    browser.sign_in(world.chi)
    assert browser.press(f"{PAGE}/reviewers/{review.id}/lead", page=PAGE).status_code == 302
    until = (today() + timedelta(days=60)).isoformat()
    assert browser.press(f"{PAGE}/deadline", page=PAGE, until=until).status_code == 302
    assert browser.press(f"{PAGE}/deadline", page=PAGE, until=until).status_code == 422
    assert world.again(review).lead
