"""GET /reviews/<ref>/reports/<code>; POST /reviews/<ref>/reports/<code>/<piece>; and what the bench says of reports."""

import pytest
from sqlmodel import select

from assessments import declarations, reviews
from assessments.models import ReportJudgement
from assessments.reviews import Marking
from assessments.states import Basis
from tests import evaluation
from tests.assessments.test_laboratories import judge, listed, with_report
from tests.rows import row, rows

BENCH = "/reviews/HS-2026-0001"
PAGE = f"{BENCH}/reports/TN-05"


@pytest.fixture
def report(world):
    """A file whose TN-05 rests on a report of a listed laboratory: the address of its form."""
    one = listed(world)
    told = {"number": "12/2026", "laboratory": {"id": str(one.id), "name": one.name}}
    _application, piece = with_report(world, report=told)
    return f"{PAGE}/{piece.id}"


def test_the_bench_names_the_laboratory_and_leads_to_the_form(world, browser, report):
    browser.sign_in(world.dung)
    bench = browser.get(f"{BENCH}?c=TN-05").text
    assert "Phòng thử nghiệm Sao Mai, 12/2026 · phòng được chấp nhận vào ngày lập" in bench
    assert "Bạn chưa xét báo cáo này." in bench
    assert PAGE in bench
    assert "/reports/" not in browser.get(f"{BENCH}?c=TN-01").text
    assert "Phòng thử nghiệm được chấp nhận cho tiêu chí này vào ngày lập báo cáo." in browser.get(PAGE).text


def test_a_reviewer_accepts_and_changes_their_mind(app, world, browser, report):
    browser.sign_in(world.dung)
    answer = browser.press(report, PAGE, accepted="yes", reason="Đúng phiên bản.")
    assert (answer.status_code, answer.location) == (302, f"{BENCH}?c=TN-05")
    one = row(app, select(ReportJudgement))
    assert (one.accepted, one.reason, one.standing) == (True, "Đúng phiên bản.", "accepted")
    assert "Bạn đã chấp nhận." in browser.get(f"{BENCH}?c=TN-05").text
    assert browser.press(report, PAGE, accepted="no", reason="Khác phiên bản.").status_code == 302
    assert row(app, select(ReportJudgement)).accepted is False


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "Đúng"}, "Chọn chấp nhận hoặc không."),
        ({"accepted": "yes"}, "Ghi lý do chấp nhận hoặc không chấp nhận báo cáo."),
    ],
)
def test_half_a_word_comes_back(app, world, browser, report, fields, sentence):
    browser.sign_in(world.dung)
    page = browser.press(report, PAGE, **fields)
    assert page.status_code == 422
    assert sentence in page.text
    assert fields.get("reason", "") in page.text
    assert rows(app, select(ReportJudgement)) == []


def test_another_reviewer_learns_nothing_of_it(world, browser, report):
    browser.sign_in(world.dung)
    browser.press(report, PAGE, accepted="yes", reason="Lời riêng của Dũng")
    browser.sign_in(world.ha)
    for page in (PAGE, f"{BENCH}?c=TN-05", f"{BENCH}/all"):
        text = browser.get(page).text
        assert "Lời riêng của Dũng" not in text
        assert "Bạn đã chấp nhận." not in text


@pytest.mark.parametrize(
    ("who", "code"), [("bao", 404), ("khanh", 404), ("an", 403), ("chi", 403), ("lan", 403), ("giang", 404)]
)
def test_others_cannot(app, world, browser, report, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == code
    assert browser.press(report, "/account", accepted="yes", reason="x").status_code == code
    assert rows(app, select(ReportJudgement)) == []


def test_no_token_no_piece_no_second_chance_after_the_end(world, browser, report):
    browser.sign_in(world.dung)
    assert browser.post(report, data={"accepted": "yes", "reason": "x"}).status_code == 400
    unknown = f"{PAGE}/00000000-0000-4000-8000-000000000000"
    assert browser.press(unknown, PAGE, accepted="yes", reason="x").status_code == 404
    assert browser.get(f"{BENCH}/reports/TN-01").status_code == 404  # nothing from outside there


def test_a_final_review_only_shows_what_was_said(app, world, browser):
    application, piece = with_report(world)
    judge(world, application, piece, reason="Đã đọc hết.")
    evaluation.finish(world, world.dung, application)
    browser.sign_in(world.dung)
    page = browser.get(PAGE).text
    assert "Đã đọc hết." in page
    assert "<textarea" not in page
    token = browser.token("/account")
    data = {"csrf_token": token, "accepted": "no", "reason": "x"}
    assert browser.post(f"{PAGE}/{piece.id}", data=data).status_code == 409
    assert row(app, select(ReportJudgement)).accepted


def test_the_committee_reads_of_a_report_from_elsewhere(world, browser):
    application, piece = with_report(world)
    judge(world, application, piece, reason="Tự thử lại hai lần, khớp.")
    evaluation.score_all(world, world.dung, application)
    marking = Marking("4", Basis.INDEPENDENT_REPORT, "Báo cáo, trang 4.")
    reviews.save_score(world.session, world.dung, application, "TN-05", marking, 1)
    reviews.finish(world.session, world.dung, application)
    evaluation.finish(world, world.ha, application, TN_05="4")
    evaluation.recommend(world, application)
    declarations.declare(world.session, world.giang, application, has_interest=False)
    world.session.commit()
    browser.sign_in(world.giang)
    assert "Tự thử lại hai lần, khớp." in browser.get("/decisions/HS-2026-0001").text
    browser.sign_in(world.an)
    for page in ("", "/messages", "/changes"):
        assert "Tự thử lại hai lần" not in browser.get(f"/applications/HS-2026-0001{page}").text
