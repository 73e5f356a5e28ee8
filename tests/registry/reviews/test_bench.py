"""GET /reviews, /reviews/<ref>, POST /reviews/<ref>/scores/<code>: the queue and the bench."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments.clock import now
from assessments.models import Score
from assessments.queries.consensus import applicable_criteria
from assessments.states import State
from criteria import store
from tests import evaluation

PAGE = "/reviews/HS-2026-0001?c=TN-05"
SAVE = "/reviews/HS-2026-0001/scores/TN-05"


def test_the_queue_lists_what_is_assigned(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    page = browser.get("/reviews")
    assert page.status_code == 200
    assert "HS-2026-0001" in page.text
    assert "Khai lợi ích liên quan" in page.text
    assert "mở sau khi khai" in page.text  # not even how much there is to score


def test_the_queue_of_somebody_else_is_empty(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.khanh)
    page = browser.get("/reviews")
    assert "HS-2026-0001" not in page.text
    assert "Không có việc nào đang chờ bạn." in page.text


@pytest.mark.parametrize("who", ["an", "bao", "chi", "giang", "minh"])
def test_the_queue_is_for_reviewers(world, browser, who):
    browser.sign_in(getattr(world, who))
    assert browser.get("/reviews").status_code == 404


def test_before_the_declaration_the_bench_leads_to_the_question(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    answer = browser.get("/reviews/HS-2026-0001")
    assert (answer.status_code, answer.location) == (302, "/reviews/HS-2026-0001/declare")


def test_the_bench_shows_the_claim_the_evidence_and_the_rubric(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    page = browser.get(PAGE)
    assert page.status_code == 200
    for text in (evaluation.CLAIM, "Trang công khai", "Chống vô hiệu hóa", "Bằng chứng chưa cho thấy", "Đạt một phần"):
        assert text in page.text
    assert page.text.count('name="mark"') == 6


@pytest.mark.parametrize(
    ("language", "mark"),
    [("vi", "Hướng dẫn, không thuộc nội dung bộ tiêu chí."), ("en", "Guidance; not part of the criteria.")],
)
def test_the_guidance_is_folded_on_the_bench(world, session, browser, language, mark):
    application = evaluation.in_review(world)
    world.dung.language = language
    session.commit()
    browser.sign_in(world.dung)
    folded = re.search(r"<details>\s*<summary class=\"tap\">.*?</details>", browser.get(PAGE).text, re.DOTALL)[0]
    assert mark in folded
    guidance = store.load(application.edition_id).criterion("TN-05").guidance
    assert f"<p>{guidance.look_for.get(language)}</p>" in folded
    assert f"<p>{guidance.example.get(language)}</p>" in folded


def test_what_was_noticed_in_a_file_stands_beside_it(world, browser):
    file = {"sha256": "ab" * 32, "size": 9, "media_type": "application/pdf", "name": "a.pdf", "flags": ["links", "old"]}
    piece = {key: value for key, value in evaluation.answer()["evidence"][0].items() if key != "url"}
    evaluation.in_review(world, TN_05={"evidence": [{**piece, "file": file}]})
    browser.sign_in(world.dung)
    assert "Trong tệp có đường dẫn ra trang khác." in browser.get(PAGE).text
    browser.sign_in(world.chi)
    assert "Trong tệp có đường dẫn ra trang khác." in browser.get("/intake/HS-2026-0001").text


def test_a_lateness_is_said_and_locks_nothing(world, browser):
    application = evaluation.in_review(world)
    review = evaluation.review_by(world, application, world.dung)
    review.due_at = now() - timedelta(days=3)
    world.session.add(review)
    world.session.commit()
    browser.sign_in(world.dung)
    assert "Đã quá hạn 3 ngày." in browser.get(PAGE).text
    assert browser.press(SAVE, page=PAGE, mark="3", version=0).status_code == 302


@pytest.mark.parametrize("who", ["bao", "chi", "khanh", "giang", "minh", "lan"])
def test_the_bench_is_not_there_for_others(world, browser, who):
    evaluation.in_review(world)
    browser.sign_in(getattr(world, who))
    expected = 403 if who in {"chi", "lan"} else 404
    assert browser.get(PAGE).status_code == expected
    assert browser.press(SAVE, page="/account", mark="3").status_code == expected


def test_the_vendor_may_not_open_the_bench(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.an)
    assert browser.get(PAGE).status_code == 403


def test_a_criterion_that_does_not_apply_is_not_there(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.get("/reviews/HS-2026-0001?c=XX-1").status_code == 404
    assert browser.press("/reviews/HS-2026-0001/scores/XX-1", page=PAGE, mark="3").status_code == 404


def test_saving_keeps_everything_and_goes_on(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    answer = browser.press(
        SAVE,
        page=PAGE,
        mark="4",
        basis="own_test",
        rationale="Đã thử",
        panel_only="Hỏi lại",
        to_vendor="Xin ngày",
        version=0,
    )
    assert (answer.status_code, answer.location) == (302, "/reviews/HS-2026-0001?c=TN-07")
    score = world.session.exec(select(Score)).one()
    assert (score.value, score.basis, score.rationale, score.panel_only, score.to_vendor) == (
        *(4, "own_test", "Đã thử"),
        *("Hỏi lại", "Xin ngày"),
    )


def test_saving_may_stay(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    answer = browser.press(SAVE, page=PAGE, mark="3", version=0, then="stay")
    assert answer.location == PAGE
    assert "Đã lưu TN-05." in browser.get(PAGE).text


def test_the_last_criterion_leads_to_the_finish(world, browser):
    application = evaluation.in_review(world)
    last = applicable_criteria(world.session, application)[-1].code
    world.session.commit()
    browser.sign_in(world.dung)
    answer = browser.press(f"/reviews/HS-2026-0001/scores/{last}", page=PAGE, mark="3", version=0)
    assert answer.location == "/reviews/HS-2026-0001/finish"


def test_two_tabs_see_both_texts_and_saving_again_keeps_ones_own(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    browser.press(SAVE, page=PAGE, mark="2", rationale="bản thứ nhất", version=0)
    page = browser.press(SAVE, page=PAGE, mark="1", rationale="bản thứ hai", version=0)
    assert page.status_code == 409
    assert "bản thứ nhất" in page.text
    assert "bản thứ hai" in page.text
    assert 'name="version" type="hidden" value="1"' in page.text
    assert world.session.exec(select(Score)).one().rationale == "bản thứ nhất"
    world.session.commit()

    assert browser.press(SAVE, page=PAGE, mark="1", rationale="bản thứ hai", version=1).status_code == 302
    world.session.expire_all()
    assert world.session.exec(select(Score)).one().rationale == "bản thứ hai"


@pytest.mark.parametrize("typed", [{"mark": "7"}, {"mark": "3", "rationale": "x" * 5001}, {"mark": "not_applicable"}])
def test_what_cannot_be_is_refused_and_kept_on_the_page(world, browser, typed):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    page = browser.press(SAVE, page=PAGE, panel_only="đừng mất", version=0, **typed)
    assert page.status_code == 422
    assert "đừng mất" in page.text
    assert world.session.exec(select(Score)).all() == []


def test_after_final_it_is_read_and_not_written(world, browser):
    application = evaluation.in_review(world)
    browser.sign_in(world.dung)
    token = browser.token(PAGE)
    evaluation.finish(world, world.dung, application)
    page = browser.get(PAGE)
    assert "Không sửa được nữa." in page.text
    assert "<textarea" not in page.text
    assert browser.post(SAVE, data={"csrf_token": token, "mark": "1", "version": 1}).status_code == 409


def test_no_token_no_score(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.post(SAVE, data={"mark": "3"}).status_code == 400
    assert world.session.exec(select(Score)).all() == []


def test_a_withdrawn_application_takes_no_scores(world, browser):
    application = evaluation.in_review(world)
    browser.sign_in(world.dung)
    token = browser.token(PAGE)
    application.state = State.WITHDRAWN
    world.session.add(application)
    world.session.commit()
    assert browser.post(SAVE, data={"csrf_token": token, "mark": "1", "version": 0}).status_code == 409
