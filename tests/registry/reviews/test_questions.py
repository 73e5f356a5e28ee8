"""/reviews/<ref>/questions and /applications/<ref>/questions: asked by letter, answered once, told to both sides."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, questions
from assessments.clock import now
from assessments.models import Question, Score
from assessments.queries.questions import COLLECTED, due_with_pause
from assessments.reviews import Marking, save_score
from registry import jobs
from registry.mail.models import Letter
from registry.templating import day
from tests import evaluation

REF = "HS-2026-0001"
NEW = f"/reviews/{REF}/questions/new?c=TN-05"
MESSAGES = f"/applications/{REF}/messages"
SECRET = "điểm-của-Dũng-là-không"


@pytest.fixture
def application(world):
    """Dũng and Hà review."""
    return evaluation.in_review(world)


@pytest.fixture
def asked(world, application):
    """Dũng waits for an answer, and has scored meanwhile."""
    save_score(world.session, world.dung, application, "TN-05", Marking("0", None, SECRET, SECRET, SECRET), 0)
    question = questions.ask(world.session, world.dung, application, "TN-05", "Đo trên máy nào?")
    world.session.commit()
    return question


def rows(world):
    every = world.session.exec(select(Question).execution_options(populate_existing=True)).all()
    found = [(one.text, one.answer, one.closed_at is not None) for one in every]
    world.session.commit()
    return found


def letters(world):
    """Recipient and template of every letter."""
    found = [(one.recipient, one.event.split(":")[1]) for one in world.session.exec(select(Letter))]
    world.session.commit()
    return found


def test_a_question_goes_to_everybody_of_the_company_by_letter(app, world, browser, application):
    letter = evaluation.review_by(world, application, world.dung).letter
    browser.sign_in(world.dung)
    assert f"Người đánh giá {letter} hỏi" in browser.get(NEW).text
    answer = browser.press(NEW, page=NEW, text="Đo trên máy nào?")
    assert (answer.status_code, answer.location) == (302, f"/reviews/{REF}?c=TN-05")
    assert rows(world) == [("Đo trên máy nào?", "", False)]
    with app.app_context(), clock.at(now() + COLLECTED):
        jobs.tell_of_questions()
    sent = {to for to, template in letters(world) if template == "question"}
    assert sent == {"an@hatnang.example", "anh@hatnang.example"}
    browser.sign_in(world.anh)
    page = browser.get(MESSAGES)
    assert f"Người đánh giá {letter}" in page.text
    assert "Trả lời câu hỏi" in page.text
    assert "Vũ Dũng" not in page.text
    shown = browser.get(f"/applications/{REF}").text
    assert "Đến lượt đơn vị" in shown
    assert "Đọc và trả lời câu hỏi" in shown


def test_the_answer_goes_to_the_reviewers_and_nothing_else_does(world, browser, asked):
    url = f"/applications/{REF}/questions/{asked.id}"
    world.session.commit()
    browser.sign_in(world.anh)
    assert SECRET not in browser.get(url).text + browser.get(MESSAGES).text
    answer = browser.press(url, page=url, text="Máy A54, Android 14.")
    assert (answer.status_code, answer.location) == (302, MESSAGES)
    assert rows(world) == [("Đo trên máy nào?", "Máy A54, Android 14.", False)]
    sent = {to for to, template in letters(world) if template == "question_answered"}
    assert sent == {"dung@club.example"}
    again = browser.post(url, data={"csrf_token": browser.token("/account"), "text": "Khác"})
    assert (again.status_code, rows(world)[0][1]) == (409, "Máy A54, Android 14.")
    for who, shown in (("dung", True), ("ha", False)):
        browser.sign_in(getattr(world, who))
        for page in (f"/reviews/{REF}?c=TN-05", f"/reviews/{REF}/questions"):
            text = browser.get(page).text
            assert ("Máy A54, Android 14." in text, "Đo trên máy nào?" in text) == (shown, shown)
            assert SECRET not in text or who == "dung"
            assert "Trần Ánh" not in text


def test_the_other_reviewer_sees_the_deadline_move_and_no_question(world, browser, application, asked):
    world.session.commit()
    browser.sign_in(world.ha)
    moment = now() + timedelta(days=2)
    until = day(due_with_pause(application, evaluation.review_by(world, application, world.ha).due_at))
    assert f"nay là hết ngày {until}" in browser.get(f"/reviews/{REF}?c=TN-05").text
    with clock.at(moment):
        until = day(due_with_pause(application, evaluation.review_by(world, application, world.ha).due_at))
        for page in (f"/reviews/{REF}?c=TN-05", f"/reviews/{REF}/questions", f"/reviews/{REF}/finish"):
            text = browser.get(page).text
            assert ("Đo trên máy nào?" in text, "Đơn vị chưa trả lời" in text) == (False, False)
        assert f"nay là hết ngày {until}" in browser.get(f"/reviews/{REF}?c=TN-05").text


def test_everybody_reads_it_once_all_are_final(world, browser, application):
    asked = questions.ask(world.session, world.dung, application, "TN-05", "Đo trên máy nào?")
    questions.answer(world.session, world.anh, application, asked.id, "Máy A54, Android 14.")
    for person in (world.dung, world.ha):
        evaluation.finish(world, person, application)
    browser.sign_in(world.ha)
    for page in (f"/reviews/{REF}?c=TN-05", f"/reviews/{REF}/questions"):
        text = browser.get(page).text
        assert "Máy A54, Android 14." in text
        assert "Vũ Dũng" not in text


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_bad_question_comes_back(world, browser, application, text):
    browser.sign_in(world.dung)
    page = browser.press(NEW, page=NEW, text=text)
    assert page.status_code == 422
    assert text in page.text
    assert rows(world) == []


def test_an_empty_answer_comes_back(world, browser, asked):
    url = f"/applications/{REF}/questions/{asked.id}"
    world.session.commit()
    browser.sign_in(world.an)
    assert browser.press(url, page=url, text=" ").status_code == 422
    assert rows(world)[0][1] == ""


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("an", 403), ("chi", 403), ("khanh", 404), ("lan", 403)])
def test_others_do_not_ask(world, browser, application, who, status):
    browser.sign_in(getattr(world, who))
    for url in (NEW, f"/reviews/{REF}/questions"):
        assert browser.get(url).status_code == status
    assert browser.press(NEW, page="/account", text="Gì?").status_code == status
    assert rows(world) == []


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("ha", 403), ("chi", 403), ("minh", 404)])
def test_others_do_not_answer(world, browser, asked, who, status):
    url = f"/applications/{REF}/questions/{asked.id}"
    world.session.commit()
    browser.sign_in(getattr(world, who))
    assert browser.get(url).status_code == status
    assert browser.press(url, page="/account", text="Tôi").status_code == status
    assert rows(world)[0][1] == ""


def test_a_question_is_taken_back_by_its_reviewer(world, browser, asked):
    url, page = f"/reviews/{REF}/questions/{asked.id}/withdraw", f"/reviews/{REF}?c=TN-05"
    world.session.commit()
    browser.sign_in(world.ha)
    assert "Rút câu hỏi" not in browser.get(page).text
    assert browser.press(url, page=page).status_code == 404
    browser.sign_in(world.dung)
    assert browser.post(url).status_code == 400
    assert browser.press(url, page=page).status_code == 302
    assert rows(world)[0][2]
    browser.sign_in(world.an)
    assert "Câu hỏi, không cần trả lời nữa" in browser.get(MESSAGES).text
    assert "Trả lời câu hỏi" not in browser.get(MESSAGES).text


def test_a_waiting_reviewer_is_not_late(world, browser, application, asked):
    review = evaluation.review_by(world, application, world.dung)
    due = review.due_at
    world.session.commit()
    with clock.at(due + timedelta(days=2)):
        browser.sign_in(world.dung)
        page = browser.get(f"/reviews/{REF}?c=TN-05").text
        assert "Đã quá hạn" not in page
        assert "Đang chờ đơn vị. Hạn đánh giá dời theo số ngày chờ" in page
        assert "quá hạn" not in browser.get("/reviews").text
    assert now() < due


def test_without_a_token_nothing_is_asked(world, browser, application):
    browser.sign_in(world.dung)
    assert browser.post(NEW, data={"text": "Gì?"}).status_code == 400
    assert rows(world) == []
    assert world.session.exec(select(Score)).all() == []
