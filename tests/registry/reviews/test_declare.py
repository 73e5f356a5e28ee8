"""GET and POST /reviews/<ref>/declare: the question of interests, before the file opens and at any time later."""

import pytest
from sqlmodel import select

from assessments.models import Declaration, HistoryEntry, Interest, Review
from assessments.states import State
from tests import evaluation

PAGE = "/reviews/HS-2026-0001/declare"


def test_the_question_names_the_vendor(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert world.hat_nang.name in page.text
    assert "24 tháng" in page.text


def test_none_opens_the_file(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    answer = browser.press(PAGE, page=PAGE, answer="none")
    assert (answer.status_code, answer.location) == (302, "/reviews/HS-2026-0001")
    assert browser.get("/reviews/HS-2026-0001").status_code == 200
    assert world.session.exec(select(Declaration)).one().has_interest is False


def test_an_interest_closes_the_file_at_the_next_click(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, answer="interest", kind="shares", note="cổ phiếu").status_code == 302
    assert browser.get("/reviews/HS-2026-0001").status_code == 404
    review = world.session.exec(select(Review).where(Review.reviewer_id == world.dung.id)).one()
    interest = world.session.exec(select(Interest).where(Interest.person_id == world.dung.id)).one()
    assert review.voided_at is not None
    assert (interest.kind, interest.vendor_id, interest.note) == ("shares", world.hat_nang.id, "cổ phiếu")
    assert world.session.exec(select(HistoryEntry.action)).all()[-2:] == ["declare_interest", "void_review"]


def test_not_sure_asks_the_coordinator_and_opens_nothing(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, answer="ask", note="Anh họ tôi làm ở đó").status_code == 302
    assert browser.get("/reviews/HS-2026-0001").location == PAGE
    browser.sign_in(world.chi)
    assert "Anh họ tôi làm ở đó" in browser.get("/assignments/HS-2026-0001").text


@pytest.mark.parametrize("typed", [{}, {"answer": "interest"}, {"answer": "ask"}, {"answer": "maybe"}])
def test_half_an_answer_is_sent_back(world, browser, typed):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, **typed).status_code == 422
    assert world.session.exec(select(Declaration)).all() == []


@pytest.mark.parametrize("who", ["bao", "khanh", "giang", "minh"])
def test_who_is_not_asked_learns_nothing(world, browser, who):
    evaluation.assigned(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == 404
    assert browser.press(PAGE, page="/account", answer="none").status_code == 404


@pytest.mark.parametrize("who", ["an", "chi", "lan"])
def test_insiders_are_refused(world, browser, who):
    evaluation.assigned(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == 403


def test_no_token_no_declaration(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.post(PAGE, data={"answer": "none"}).status_code == 400


def test_the_last_one_out_lets_the_consensus_open(world, browser):
    """Three review, two are final; the third stands aside."""
    world.session.delete(world.session.exec(select(Interest)).one())
    world.session.commit()
    application = evaluation.in_review(world, (world.dung, world.ha, world.khanh))
    evaluation.finish(world, world.dung, application)
    evaluation.finish(world, world.ha, application)
    browser.sign_in(world.khanh)
    browser.press(PAGE, page=PAGE, answer="interest", kind="family")
    assert world.again(application).state is State.CONSENSUS
