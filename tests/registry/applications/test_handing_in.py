"""Handing in, withdrawing, and answering the club: through their forms."""

import re
from html import unescape

import pytest
from sqlmodel import select

from assessments import clock
from assessments.agreement import current_version
from assessments.models import Answer, Finding, HistoryEntry, Notice, Recommendation, Submission
from assessments.states import State
from tests.assessments.test_corrections import in_correction, with_notice, with_summary
from tests.drafting import answered, ready
from tests.world import PROFILE

REF = "HS-2026-0001"
URL = f"/applications/{REF}"


def test_the_owner_hands_in_once(world, session, browser):
    application = ready(world)
    browser.sign_in(world.an)
    form = {"csrf_token": browser.token(f"{URL}/check"), "seen": seen(browser)}
    first, second = (browser.post(f"{URL}/submit", data=form) for _n in range(2))
    assert (first.status_code, first.location, second.status_code, second.location) == (302, URL, 302, URL)
    assert "Không nộp thêm lần nữa." in browser.get(URL).text
    assert browser.get(f"{URL}/check").location == URL
    assert world.again(application).state is State.SUBMITTED
    assert [one.number for one in session.exec(select(Submission)).all()] == [1]
    assert [one.action for one in session.exec(select(HistoryEntry)).all()] == ["submit"]


def seen(browser):
    """What the check page carries of what it shows."""
    return unescape(re.search(r'name="seen" value="([^"]*)"', browser.get(f"{URL}/check").text)[1])


def hand_in(browser, mark):
    return browser.post(f"{URL}/submit", data={"csrf_token": browser.token(f"{URL}/check"), "seen": mark})


def test_what_a_colleague_changed_meanwhile_is_shown_before_it_is_handed_in(world, session, browser):
    application = ready(world)
    browser.sign_in(world.an)
    mark = seen(browser)
    answer = session.exec(select(Answer).where(Answer.criterion == "HN-01")).one()
    answer.claim, answer.saved_by, answer.version = "Ánh sửa.", world.anh.id, 2
    application.profile = {**application.profile, "name_en": "Lamp"}
    application.profile_saved_by, application.profile_saved_at = world.anh.id, clock.now()
    session.commit()
    page = hand_in(browser, mark)
    assert page.status_code == 409
    assert "Chưa nộp: hồ sơ vừa có thay đổi" in page.text
    assert re.search(r'<a href="#HN-01">HN-01: Trần Ánh lưu lúc ', page.text)
    assert re.search(r'<a href="#step-names">Tên sản phẩm, tiếng Anh: Trần Ánh lưu lúc ', page.text)
    assert "Ánh sửa." in page.text
    assert world.again(application).state is State.DRAFT
    assert session.exec(select(Submission)).all() == []
    fresh = unescape(re.search(r'name="seen" value="([^"]*)"', page.text)[1])
    assert hand_in(browser, fresh).location == URL
    assert world.again(application).state is State.SUBMITTED


@pytest.mark.parametrize(
    "mark",
    [
        *("", "nonsense", "[]", "{}", '{"number": 7}', "[" * 100_000, '{"' + "x" * 900_000 + '": 1}'),
        '{"profile:\\ud800": "x"}',
    ],
)
def test_a_mark_that_fits_nothing_hands_nothing_in(world, session, browser, mark):
    application = ready(world)
    browser.sign_in(world.an)
    assert hand_in(browser, mark).status_code == 409
    assert world.again(application).state is State.DRAFT
    assert session.exec(select(Submission)).all() == []


def test_an_old_page_does_not_hand_in_again_what_was_returned(world, session, browser):
    application = ready(world)
    browser.sign_in(world.an)
    mark = seen(browser)
    assert hand_in(browser, mark).location == URL
    application.state, application.intake_notes = State.RETURNED, {"questions": "Thiếu ngày đo."}
    session.commit()
    page = hand_in(browser, mark)
    assert (page.status_code, "Hồ sơ đã được nộp một lần rồi trả lại" in page.text) == (409, True)
    assert [one.number for one in session.exec(select(Submission))] == [1]


def test_a_round_that_closed_meanwhile_is_said_on_the_page(world, session, browser):
    application = ready(world)
    browser.sign_in(world.an)
    mark = seen(browser)
    world.round.closes_at = clock.now()
    session.add(world.round)
    session.commit()
    page = hand_in(browser, mark)
    assert (page.status_code, "Đợt tiếp nhận đã đóng." in page.text) == (422, True)
    assert world.again(application).state is State.DRAFT
    assert session.exec(select(Submission)).all() == []


def test_the_ways_to_change_come_back_to_their_spot(world, session, browser):
    answered(world)
    browser.sign_in(world.an)
    text = browser.get(f"{URL}/check").text
    for spot in ('id="HN-01"', 'id="step-names"', 'id="agreed"'):
        assert spot in text
    for place, spot in (
        ("criteria/HN-01", "HN-01"),
        ("profile/names", "step-names"),
        ("profile/support", "step-support"),
    ):
        page = f"{URL}/{place}?return=check"
        assert f'href="{page}' in text
        form = unescape(
            re.search(
                r'name="seen" type="hidden" value="([^"]*)"',
                browser.get(page).text + 'name="seen" type="hidden" value=""',
            )[1]
        )
        names = {"name_vi": "Đèn Nhà"} if "names" in place else {}
        answer = browser.press(page, page, seen=form, version="1", claim="Mới", then="check", **names)
        assert (answer.status_code, answer.location) == (302, f"{URL}/check#{spot}"), place
    page = f"{URL}/agreement?return=check"
    answer = browser.press(page, page, accept="y", version=current_version())
    assert answer.location == f"{URL}/check#agreed"


def test_what_is_missing_stands_by_criterion_even_where_the_profile_lacks_something(world, session, browser):
    world.application(profile={**PROFILE, "removal_en": ""})
    browser.sign_in(world.anh)
    text = browser.get(f"{URL}/check").text
    assert f'href="{URL}/criteria/HN-01?return=check"' in text
    assert f'href="{URL}/profile/support?return=check#removal_en"' in text
    assert "Chỉ người phụ trách (Nguyễn Thị An) nộp được hồ sơ." in text


def test_what_is_missing_is_a_list_of_links(world, browser):
    answered(world)
    browser.sign_in(world.an)
    text = browser.get(f"{URL}/check").text
    assert f'href="{URL}/agreement?return=check"' in text
    assert "Nộp hồ sơ HS-2026-0001?" not in text
    assert browser.press(f"{URL}/submit", f"{URL}/check").status_code == 422


def test_an_empty_profile_links_to_its_fields(world, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    text = browser.get(f"{URL}/check").text
    assert f'href="{URL}/profile/names?return=check#name_vi"' in text
    assert f'href="{URL}/profile/kinds?return=check#categories-0"' in text


def test_the_owner_withdraws_with_a_reason(world, browser):
    application = ready(world)
    browser.sign_in(world.an)
    browser.press(f"{URL}/withdraw", f"{URL}/withdraw", reason="Đổi kế hoạch")
    assert world.again(application).state is State.WITHDRAWN
    assert "Đổi kế hoạch" in browser.get(URL).text
    assert browser.press(f"{URL}/withdraw", "/applications/new").status_code == 409


def test_findings_are_answered_saved_and_sent(world, session, browser):
    application, (finding,) = in_correction(world, "HN-01")
    browser.sign_in(world.anh)
    page = f"{URL}/corrections"
    saved = browser.press(page, page, **{f"answer-{finding.id}": "Đã sửa", f"version-{finding.id}": "0"})
    assert saved.status_code == 302
    assert world.again(finding).answer == "Đã sửa"
    assert browser.press(f"{page}/send", page).status_code == 403
    browser.sign_in(world.an)
    assert "Gửi bản khắc phục?" in browser.get(page).text
    assert browser.press(f"{page}/send", page).location == URL
    assert world.again(application).state is State.CONSENSUS
    assert len(session.exec(select(Submission)).all()) == 1
    assert browser.get(page).status_code == 409


def test_two_people_at_one_finding_see_both_texts(world, browser):
    _application, (finding,) = in_correction(world, "HN-01")
    browser.sign_in(world.an)
    page = f"{URL}/corrections"
    form = {f"version-{finding.id}": "0"}
    browser.press(page, page, **form, **{f"answer-{finding.id}": "Bản thứ nhất"})
    answer = browser.press(page, page, **form, **{f"answer-{finding.id}": "Bản thứ hai"})
    assert answer.status_code == 409
    assert "Bản thứ nhất" in answer.text
    assert "Bản thứ hai" in answer.text


@pytest.mark.parametrize("version", ["9" * 5000, "²", "x", "-1"])
def test_a_version_that_is_none_is_the_first(world, session, browser, version):
    _application, (finding,) = in_correction(world, "HN-01")
    browser.sign_in(world.an)
    page = f"{URL}/corrections"
    form = {f"version-{finding.id}": version, f"answer-{finding.id}": "Đã sửa."}
    assert browser.press(page, page, **form).status_code == 302
    assert session.get_one(Finding, finding.id).answer == "Đã sửa."


def test_too_long_an_answer_stays_on_the_page(world, session, browser):
    _application, (finding,) = in_correction(world, "HN-01")
    browser.sign_in(world.an)
    page = f"{URL}/corrections"
    answer = browser.press(page, page, **{f"version-{finding.id}": "0", f"answer-{finding.id}": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.text
    assert session.get_one(Finding, finding.id).answer == ""


def test_only_the_named_criterion_is_open_in_a_correction(world, session, browser):
    in_correction(world, "HN-01")
    browser.sign_in(world.an)
    page = f"{URL}/criteria/HN-01"
    answer = browser.press(page, page, version="1", claim="Đo ngày 01/10/2026", then="later")
    assert answer.location == f"{URL}/corrections"
    assert session.exec(select(Answer).where(Answer.criterion == "HN-01")).one().version == 2
    assert browser.get(f"{URL}/criteria/HN-02").status_code == 409
    assert browser.press(f"{URL}/criteria/HN-02", page, version="1", claim="x").status_code == 409


def test_the_owner_comments_on_the_notice(world, session, browser):
    application, notice = with_notice(world)
    browser.sign_in(world.an)
    page = f"{URL}/notice"
    empty = browser.press(page, page)
    assert (empty.status_code, "Nhập ý kiến của đơn vị." in empty.text) == (422, True)
    assert browser.press(page, page, text="Bản 5.3 đã sửa.").location == URL
    assert session.get_one(Notice, notice.id, populate_existing=True).comment == "Bản 5.3 đã sửa."
    assert world.again(application).state is State.IN_DECISION
    assert "Bản 5.3 đã sửa." in browser.get(page).text
    assert browser.press(page, "/applications/new", text="Nữa").status_code == 409


def test_the_owner_checks_the_facts(world, session, browser):
    application, _summary = with_summary(world)
    browser.sign_in(world.an)
    page = f"{URL}/summary"
    for form in ({}, {"right": "no"}):
        assert browser.press(page, page, **form).status_code == 422
    assert browser.press(page, page, right="no", remarks="Phiên bản là 5.2.").location == URL
    found = session.get_one(Recommendation, application.id, populate_existing=True)
    assert (found.vendor_remarks, found.vendor_checked_by) == ("Phiên bản là 5.2.", world.an.id)
    assert browser.press(page, "/applications/new", right="yes").status_code == 409
