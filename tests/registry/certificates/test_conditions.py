"""Conditions and departures on pages: to the vendor and the public; the office finds conditions fulfilled."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, decisions
from assessments.clock import now, today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.models import Certificate, Condition
from assessments.states import Outcome
from registry import jobs
from registry.mail.models import Letter
from tests.deciding import ISSUER, in_decision
from tests.rows import row, rows

LIST = "/certificates/conditions"
ONE = f"{LIST}/HS-2026-0001/1"


@pytest.fixture
def granted(app, world):
    """A certificate at another level than computed, on one condition due in forty days."""
    application = in_decision(world)
    condition = Wanted("Thêm trang hướng dẫn.", "Add a guide.", today() + timedelta(days=40), "HN-02")
    proposing = Proposing(Outcome.CERTIFY, "L2", "Nhóm thấp nhất sát ngưỡng.", "Close to the line.", (condition,))
    decisions.propose(world.session, world.giang, application, proposing)
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()
    return row(app, select(Certificate))


def test_the_public_reads_the_departure_and_the_condition(browser, granted):
    for page in (f"/c/{granted.number}", "/products/den-nha-0001"):
        text = browser.get(page).text
        assert "khác với kết quả tính từ điểm. Lý do: Nhóm thấp nhất sát ngưỡng." in text
        assert "Thêm trang hướng dẫn." in text
    english = browser.get(f"/en/c/{granted.number}").text
    assert "Close to the line." in english
    assert "Add a guide." in english
    told = browser.get(f"/c/{granted.number}.json").json
    assert (told["departs"], told["reasons"]["en"]) == (True, "Close to the line.")
    assert [one["text"] for one in told["conditions"]] == [{"vi": "Thêm trang hướng dẫn.", "en": "Add a guide."}]


def test_the_vendor_reads_both_and_was_written_to(world, app, browser, granted):
    browser.sign_in(world.an)
    text = browser.get("/applications/HS-2026-0001").text
    assert "Nhóm thấp nhất sát ngưỡng." in text
    assert "Thêm trang hướng dẫn." in text
    for person in (world.giang, world.hung, world.dung, world.ha):
        assert person.name not in text


def test_a_day_that_has_passed_is_said(browser, granted):
    with clock.at(now() + timedelta(days=41)):
        assert "Quá hạn" in browser.get(f"/c/{granted.number}").text
        assert "Quá hạn" in browser.get("/products/den-nha-0001").text


def test_the_office_finds_it_fulfilled(app, world, browser, granted):
    browser.sign_in(world.chi)
    assert "Thêm trang hướng dẫn." in browser.get(LIST).text
    assert browser.press(f"{ONE}/fulfil", page=ONE, note=" ").status_code == 422
    answer = browser.press(f"{ONE}/fulfil", page=ONE, note="Trang đã có trong bản 5.3.")
    assert (answer.status_code, answer.location) == (302, LIST)
    assert row(app, select(Condition)).fulfilled_by == world.chi.id
    assert "Không còn điều kiện nào chờ thực hiện." in browser.get(LIST).text
    assert "Đã thực hiện" in browser.get(f"/c/{granted.number}").text
    assert (
        browser.post(f"{ONE}/fulfil", data={"csrf_token": browser.token("/account"), "note": "Lại"}).status_code == 409
    )


@pytest.mark.parametrize(("who", "code"), [("giang", 403), ("an", 403), ("lan", 403), ("bao", 404), ("khanh", 404)])
def test_nobody_else_does(app, world, browser, granted, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.get(ONE).status_code == code
    assert browser.press(f"{ONE}/fulfil", page="/account", note="Xong").status_code == code
    assert row(app, select(Condition)).fulfilled_at is None


def test_it_needs_a_token_and_a_condition_that_is_there(world, browser, granted):
    browser.sign_in(world.chi)
    assert browser.post(f"{ONE}/fulfil", data={"note": "Xong"}).status_code == 400
    assert browser.get(f"{LIST}/HS-2026-0001/2").status_code == 404


def test_the_worker_reminds_the_vendor_and_tells_the_club_when_it_is_overdue(world, app, browser, granted):
    with app.app_context():
        assert jobs.remind_of_conditions() == 0
        for days, expected in ((33, 1), (33, 0), (41, 1), (41, 0)):
            with clock.at(now() + timedelta(days=days)):
                assert jobs.remind_of_conditions() == expected
    told = {(one.recipient, one.event.split(":")[1]) for one in rows(app, select(Letter))}
    assert told == {
        (world.an.email, "condition_reminder"),
        (world.an.email, "condition_overdue"),
        (world.chi.email, "condition_overdue_club"),
        (world.giang.email, "condition_overdue_club"),
        (world.hung.email, "condition_overdue_club"),
    }
    with clock.at(now() + timedelta(days=41)):
        browser.sign_in(world.giang)
        assert "1 điều kiện của giấy đã cấp quá hạn" in browser.get("/decisions").text


def test_the_committee_proposes_conditions_on_the_page(app, world, browser):
    in_decision(world)
    browser.sign_in(world.giang)
    page = "/decisions/HS-2026-0001"
    half = {"choice": "certify:L1", "conditions-0-text_vi": "Thêm trang hướng dẫn."}
    answer = browser.press(f"{page}/propose", page=page, **half)
    assert answer.status_code == 422
    assert "Thêm trang hướng dẫn." in answer.text
    assert "Ghi điều kiện bằng tiếng Anh." in answer.text
    whole = {**half, "conditions-0-text_en": "Add a guide.", "conditions-0-due_on": str(today() + timedelta(days=9))}
    declined = {**whole, "choice": "decline", "reasons_vi": "a", "reasons_en": "b"}
    assert browser.press(f"{page}/propose", page=page, **declined).status_code == 422
    assert browser.press(f"{page}/propose", page=page, **whole).status_code == 302
    found = row(app, select(Condition))
    assert (found.number, found.text_en, found.criterion) == (1, "Add a guide.", "")
    browser.sign_in(world.hung)
    assert "Đề xuất có 1 điều kiện" in browser.get(page).text


def test_a_day_before_the_result_is_announced_is_refused_and_what_was_typed_stays(app, world, browser):
    world.round.announce_on = today() + timedelta(days=30)
    world.session.add(world.round)
    in_decision(world)
    browser.sign_in(world.giang)
    page = "/decisions/HS-2026-0001"
    given = {"conditions-0-text_vi": "Thêm trang hướng dẫn.", "conditions-0-text_en": "Add a guide."}
    early = {"choice": "certify:L1", **given, "conditions-0-due_on": str(today() + timedelta(days=30))}
    answer = browser.press(f"{page}/propose", page=page, **early)
    assert answer.status_code == 422
    assert "là ngày đơn vị biết kết quả" in answer.text
    assert "Add a guide." in answer.text
    assert rows(app, select(Condition)) == []
