"""Change notices on pages: the owner tells, the office answers, parents read what it means."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.lifecycle import ChangeSize
from assessments.models import ChangeNotice, Surveillance
from registry import jobs
from tests.assessments.test_change_notices import given, judged
from tests.counting import statements
from tests.deciding import certified
from tests.rows import letters, row, rows

TOLD = {"changes": ["version", "data"], "version": "6.0", "text": "Thêm nhật ký vị trí."}
REASON = "Dữ liệu của trẻ được giữ lâu hơn."


def in_days(count):
    return (clock.today() + timedelta(days=count)).isoformat()


def new(certificate):
    return f"/change-notices/new/{certificate.number}"


def one(certificate):
    return f"/change-notices/{certificate.number}/1"


def test_the_owner_tells_and_the_office_is_written_to(world, app, browser):
    certificate = certified(world)
    browser.sign_in(world.an)
    assert new(certificate) in browser.get("/company").text
    assert browser.press(new(certificate), page=new(certificate), **TOLD, effective_on=in_days(3)).status_code == 302
    found = row(app, select(ChangeNotice))
    assert (found.changes, found.version, found.text) == (["version", "data"], "6.0", TOLD["text"])
    assert TOLD["text"] in browser.get("/change-notices").text
    assert letters(app, world.chi.email)[-1].subject == f"Thông báo thay đổi về giấy {certificate.number}"


@pytest.mark.parametrize(("who", "code"), [("anh", 403), ("bao", 404), ("chi", 404), ("giang", 404)])
def test_others_do_not_tell(world, browser, who, code):
    certificate = certified(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(new(certificate)).status_code == code


@pytest.mark.parametrize(
    "wrong", [{"changes": []}, {"text": ""}, {"effective_on": "mai"}, {"effective_on": in_days(900)}]
)
def test_bad_input_keeps_what_was_typed(world, app, browser, wrong):
    certificate = certified(world)
    browser.sign_in(world.an)
    answer = browser.press(new(certificate), page=new(certificate), **{**TOLD, "effective_on": in_days(3), **wrong})
    assert answer.status_code == 422
    assert rows(app, select(ChangeNotice)) == []
    assert "text" in wrong or TOLD["text"] in answer.text


@pytest.mark.parametrize(("who", "code"), [("an", 404), ("bao", 404), ("giang", 404), ("lan", 404), ("chi", 200)])
def test_who_reads_the_offices_pages(world, browser, who, code):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(getattr(world, who))
    assert browser.get("/change-notices/office").status_code == code
    assert browser.get(one(certificate)).status_code == code


def test_another_company_reads_nothing_of_it(world, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.bao)
    assert "Giữ lịch sử" not in browser.get("/change-notices").text


def test_a_minor_change_is_covered_and_parents_read_so(world, app, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    form = {"size": "minor", "reason": "Chỉ sửa giao diện."}
    assert browser.press(f"{one(certificate)}/judge", page=one(certificate), **form).status_code == 302
    public = browser.get(f"/c/{certificate.number}").text
    assert "giấy vẫn áp dụng" in public
    assert "Chỉ sửa giao diện." not in public
    assert "Giữ lịch sử" not in public
    browser.sign_in(world.an)
    assert "Chỉ sửa giao diện." in browser.get("/change-notices").text
    assert world.chi.name not in browser.get("/change-notices").text


def test_a_major_change_is_applied_for_by_a_day(world, app, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    form = {"size": "major", "reason": REASON, "apply_by": in_days(20)}
    assert browser.press(f"{one(certificate)}/judge", page=one(certificate), **form).status_code == 302
    assert row(app, select(ChangeNotice)).apply_by.isoformat() == in_days(20)
    assert row(app, select(Surveillance)).due_on.isoformat() == in_days(20)
    assert "Phần thay đổi đó chưa được kiểm tra." in browser.get(f"/c/{certificate.number}").text
    letter = letters(app, world.an.email)[-1]
    assert letter.subject == f"Giấy {certificate.number}: thay đổi lớn, cần nộp hồ sơ"
    assert REASON in letter.body


def test_a_major_change_without_a_day_comes_back(world, app, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    form = {"size": "major", "reason": REASON, "apply_by": ""}
    answer = browser.press(f"{one(certificate)}/judge", page=one(certificate), **form)
    assert (answer.status_code, REASON in answer.text) == (422, True)
    assert row(app, select(ChangeNotice)).size is None


def test_two_coordinators_answer_once(world, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    form = {"size": "minor", "reason": "Nhỏ."}
    browser.press(f"{one(certificate)}/judge", page=one(certificate), **form)
    assert browser.press(f"{one(certificate)}/judge", page="/change-notices/office", **form).status_code in {400, 409}


def test_it_is_on_the_board_until_it_is_answered(world, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    assert "Xem xét thông báo thay đổi" in browser.get("/deadlines?kind=change_triage").text
    other = certified(world, "HS-2026-0002")
    judged(world, other, ChangeSize.MAJOR, days=10)
    board = browser.get("/deadlines?kind=change_application").text
    assert other.number in board
    with clock.at(clock.now() + timedelta(days=12)):
        browser.sign_in(world.chi)
        assert "quá hạn" in browser.get("/deadlines?kind=change_application").text


def test_a_late_application_is_said_to_everybody(world, app):
    certificate = certified(world)
    judged(world, certificate, ChangeSize.MAJOR, days=10)
    with app.app_context(), clock.at(clock.now() + timedelta(days=12)):
        jobs.speak_of_certificates()
        jobs.speak_of_certificates()
    said = f"Giấy {certificate.number}: đơn vị chưa nộp hồ sơ báo thay đổi"
    for person in (world.chi, world.giang, world.hung):
        assert [letter.subject for letter in letters(app, person.email)].count(said) == 1
    assert letters(app, world.an.email)[-1].subject == f"Giấy {certificate.number}: quá hạn nộp hồ sơ báo thay đổi"
    assert said not in [letter.subject for letter in letters(app, world.khanh.email)]


@pytest.mark.parametrize(("who", "page"), [("an", "/change-notices"), ("chi", "/change-notices/office")])
def test_the_lists_ask_a_fixed_number_of_statements(world, app, browser, who, page):
    counts = []
    browser.sign_in(getattr(world, who))
    for n in (1, 2, 3):
        given(world, certified(world, f"HS-2026-000{n}"))
        with statements(app) as seen:
            browser.get(page)
        counts.append(len(seen))
    assert counts[0] == counts[2] <= 8


def test_posts_need_their_token(world, browser):
    certificate = certified(world)
    given(world, certificate)
    browser.sign_in(world.chi)
    assert browser.post(f"{one(certificate)}/judge").status_code == 400
    browser.sign_in(world.an)
    assert browser.post(new(certificate)).status_code == 400
