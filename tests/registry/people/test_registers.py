"""Registers on the web: lines wait for a second person, and the office can write one where it has learned of it."""

from datetime import date

import pytest
from sqlmodel import select

from assessments.models import Background, Interest, Review
from assessments.people import InterestKind, Role
from registry.accounts.models import UserRole
from tests import evaluation
from tests.rows import letters, row, rows

SOURCE = "Báo Hạt Nắng, số 7"
REPORT = {"kind": "family", "organisation": "", "since": "2024-01-05", "until": "", "note": "", "source": SOURCE}


@pytest.fixture
def line(session, world):
    """A line in Dũng's register that nobody has confirmed."""
    entry = Interest(person_id=world.dung.id, organisation="Lá Xanh", kind=InterestKind.SHARES, since=date(2024, 1, 1))
    session.add(entry)
    session.commit()
    return entry


@pytest.fixture
def watcher(session, world):
    """Hùng sits on the impartiality committee too."""
    session.add(UserRole(user_id=world.hung.id, role=Role.IMPARTIALITY))
    session.commit()
    return world.hung


def test_a_line_waits_in_the_queue_until_somebody_else_confirms_it(app, world, browser, line):
    browser.sign_in(world.chi)
    page = browser.get("/people/interests")
    assert "Lá Xanh" in page.text
    answer = browser.press(f"/people/interests/{line.id}/acknowledge", "/people/interests")
    assert (answer.status_code, answer.location) == (302, "/people/interests")
    kept = row(app, select(Interest).where(Interest.id == line.id))
    assert kept.confirmed_by == world.chi.id
    assert f"/people/interests/{line.id}/" not in browser.get("/people/interests").text
    assert browser.press(f"/people/interests/{line.id}/acknowledge", "/account").status_code == 409


@pytest.mark.parametrize(("who", "code"), [("dung", 404), ("lan", 404), ("minh", 404), ("an", 404), ("bao", 404)])
def test_who_may_not_confirm(app, world, browser, line, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.press(f"/people/interests/{line.id}/acknowledge", "/account").status_code == code
    assert row(app, select(Interest).where(Interest.id == line.id)).confirmed_at is None


def test_nobody_confirms_their_own_line(app, session, world, browser):
    own = Interest(person_id=world.chi.id, organisation="Lá Xanh", kind=InterestKind.SHARES, since=date(2024, 1, 1))
    session.add(own)
    session.commit()
    browser.sign_in(world.chi)
    assert f"/people/interests/{own.id}/acknowledge" not in browser.get("/people/interests").text
    assert browser.press(f"/people/interests/{own.id}/acknowledge", "/people/interests").status_code == 403
    assert row(app, select(Interest).where(Interest.id == own.id)).confirmed_at is None


def test_no_token_no_confirmation(world, browser, line):
    browser.sign_in(world.chi)
    assert browser.post(f"/people/interests/{line.id}/acknowledge").status_code == 400


def test_the_office_writes_what_it_learned_and_the_person_is_told_and_answers(app, world, browser, watcher):
    evaluation.in_review(world)
    url = f"/people/{world.dung.id}/interests/new"
    browser.sign_in(world.chi)
    answer = browser.press(url, url, **REPORT, vendor=str(world.hat_nang.id))
    assert (answer.status_code, answer.location) == (302, f"/people/{world.dung.id}/interests")
    told_once = len(letters(app, world.dung.email))
    assert (
        browser.press(url, url, **REPORT, vendor=str(world.hat_nang.id)).location == answer.location
    )  # a double click
    assert len(letters(app, world.dung.email)) == told_once
    entry = row(app, select(Interest).where(Interest.person_id == world.dung.id))
    assert (entry.reported_by, entry.source, entry.confirmed_at) == (world.chi.id, SOURCE, None)
    assert row(app, select(Review).where(Review.reviewer_id == world.dung.id)).voided_at is not None
    told = letters(app, world.dung.email)[-1]
    assert (world.hat_nang.name in told.body, SOURCE in told.body, world.chi.name in told.body) == (True, True, False)

    browser.sign_in(world.dung)
    assert browser.get("/reviews/HS-2026-0001").status_code == 404
    assert SOURCE in browser.get("/account/interests").text
    url = f"/account/interests/{entry.id}/answer"
    assert browser.press(url, url, answer="").status_code == 422
    assert browser.press(url, url, answer="Người trùng tên.").location == "/account/interests"
    assert "Người trùng tên." in browser.get("/account/interests").text

    browser.sign_in(world.chi)  # who wrote it does not confirm it
    assert "Người trùng tên." in browser.get("/people/interests").text
    assert browser.press(f"/people/interests/{entry.id}/acknowledge", "/people/interests").status_code == 403
    browser.sign_in(watcher)
    assert browser.press(f"/people/interests/{entry.id}/acknowledge", "/people/interests").status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source": ""}, "Ghi Câu lạc bộ biết điều này từ đâu."),
        ({"vendor": ""}, "Chọn đơn vị trong danh sách hoặc nhập tên tổ chức."),
        ({"since": "2999-01-01"}, "Ngày bắt đầu không được ở tương lai."),
    ],
)
def test_what_is_refused_stays_typed(app, world, browser, fields, said):
    browser.sign_in(world.chi)
    url = f"/people/{world.dung.id}/interests/new"
    typed = {**REPORT, "vendor": str(world.hat_nang.id), "note": "anh rể", **fields}
    answer = browser.press(url, url, **typed)
    assert (answer.status_code, said in answer.text, "anh rể" in answer.text) == (422, True, True)
    assert rows(app, select(Interest).where(Interest.person_id == world.dung.id)) == []


@pytest.mark.parametrize(("who", "code"), [("dung", 404), ("giang", 404), ("lan", 404), ("minh", 404), ("bao", 404)])
def test_who_may_not_write_into_registers(world, browser, who, code):
    browser.sign_in(getattr(world, who))
    url = f"/people/{world.ha.id}/interests/new"
    assert browser.get(url).status_code == code
    assert browser.press(url, "/account", **REPORT, vendor="").status_code == code


def test_not_into_ones_own_nor_that_of_somebody_outside_the_club(world, browser):
    browser.sign_in(world.chi)
    for person, code in ((world.chi, 403), (world.an, 404)):
        url = f"/people/{person.id}/interests/new"
        assert browser.get(url).status_code == code
        assert browser.press(url, "/people/interests", **REPORT, vendor=str(world.hat_nang.id)).status_code == code


def test_only_the_person_answers_and_only_a_reported_line(world, browser, line):
    url = f"/account/interests/{line.id}/answer"
    browser.sign_in(world.dung)
    assert browser.get(url).status_code == 409  # their own words
    browser.sign_in(world.ha)
    assert browser.get(url).status_code == 404


def test_an_interest_entered_from_the_question_leads_back_to_it(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    url = "/account/interests/new?from=reviews&ref=HS-2026-0001"
    assert url.replace("&", "&amp;") in browser.get("/reviews/HS-2026-0001/declare").text
    data = {"kind": "shares", "vendor": "", "organisation": "Lá Xanh", "since": "2024-01-05"}
    assert browser.press(url, url, **data).location == "/reviews/HS-2026-0001/declare"
    assert "Lá Xanh" in browser.get("/reviews/HS-2026-0001/declare").text
    elsewhere = browser.press("/account/interests/new?from=https://x.example&ref=a", url, **data)
    assert elsewhere.location == "/account/interests"


# --- where people come from ---


def test_an_outside_expert_is_invited_as_a_reviewer_only(app, world, browser):
    browser.sign_in(world.minh)
    data = {"name": "Cô Mới", "email": "moi@truong.example", "language": "vi", "affiliation": "Trường X"}
    data["outside"] = "outside"
    refused = browser.press("/people/invite", "/people/invite", **data, roles=["reviewer", "decider"])
    assert (refused.status_code, "Chuyên gia ngoài chỉ có thể là người đánh giá." in refused.text) == (422, True)
    assert browser.press("/people/invite", "/people/invite", **data, roles=["reviewer"]).status_code == 302
    assert "chuyên gia ngoài" in browser.get("/people").text


def test_the_background_of_a_person_and_their_roles_fit_each_other(app, world, browser):
    browser.sign_in(world.minh)
    page = f"/people/{world.dung.id}"
    saved = browser.press(f"{page}/background", page, affiliation="Trường X", outside="outside", represents="")
    assert saved.location == page
    kept = row(app, select(Background).where(Background.person_id == world.dung.id))
    assert (kept.affiliation, kept.outside) == ("Trường X", True)
    more = browser.press(f"{page}/roles", page, roles=["reviewer", "decider"])
    assert (more.status_code, "Chuyên gia ngoài chỉ có thể là người đánh giá." in more.text) == (422, True)
    assert [one.role for one in rows(app, select(UserRole).where(UserRole.user_id == world.dung.id))] == ["reviewer"]

    page = f"/people/{world.giang.id}"
    refused = browser.press(f"{page}/background", page, affiliation="Trường X", outside="outside")
    assert (refused.status_code, "Trường X" in refused.text) == (422, True)


@pytest.mark.parametrize("who", ["chi", "dung", "an", "bao"])
def test_only_administrators_say_where_people_come_from(world, browser, who):
    browser.sign_in(getattr(world, who))
    url = f"/people/{world.dung.id}/background"
    assert browser.press(url, "/account", affiliation="X", outside="club").status_code == 404


def test_the_assignment_page_says_it_with_the_signs(session, world, browser):
    evaluation.accepted(world)
    session.add(Background(person_id=world.dung.id, affiliation="Hạt Nắng", outside=True))
    session.commit()
    browser.sign_in(world.chi)
    page = browser.get("/assignments/HS-2026-0001").text
    assert "Nơi công tác có tên giống đơn vị này: Hạt Nắng." in page
    assert "chuyên gia ngoài" in page
