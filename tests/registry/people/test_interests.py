"""Registers of interests on the web: kept by their person, read by those who assign, shown to nobody else."""

from datetime import date

import pytest
from sqlmodel import select

from assessments.clock import now
from assessments.models import Interest
from assessments.people import InterestKind, Role
from registry.accounts.models import UserRole
from tests.rows import row, rows

NEW = {
    "kind": "shares",
    "vendor": "",
    "organisation": "Công ty Lá Xanh",
    "since": "2024-01-05",
    "until": "",
    "note": "5%",
}


@pytest.fixture
def entry(session, world):
    """A line in Dũng's register."""
    entry = Interest(person_id=world.dung.id, organisation="Lá Xanh", kind=InterestKind.SHARES, since=date(2024, 1, 1))
    session.add(entry)
    session.commit()
    return entry


def of(app, person):
    return rows(app, select(Interest).where(Interest.person_id == person.id))


def test_adding_by_name_and_by_company(app, world, browser):
    browser.sign_in(world.dung)
    url = "/account/interests/new"
    assert browser.press(url, url, **NEW).headers["Location"] == "/account/interests"
    company = {**NEW, "organisation": "", "vendor": str(world.hat_nang.id), "since": "05/02/2024"}
    assert browser.press(url, url, **company).status_code == 302
    found = {one.organisation: one for one in of(app, world.dung)}
    assert found["Công ty Lá Xanh"].vendor_id is None
    assert found["Công ty CP Hạt Nắng"].vendor_id == world.hat_nang.id
    assert found["Công ty CP Hạt Nắng"].since == date(2024, 2, 5)
    assert "Công ty Lá Xanh" in browser.get("/account/interests").text


def test_a_double_click_is_one_line(app, world, browser):
    browser.sign_in(world.dung)
    url = "/account/interests/new"
    for _n in range(2):
        assert browser.press(url, url, **NEW).location == "/account/interests"
    assert "Bản kê đã có đúng mục này." in browser.get("/account/interests").text
    assert len(of(app, world.dung)) == 1
    assert browser.press(url, url, **{**NEW, "note": "6%"}).status_code == 302
    assert len(of(app, world.dung)) == 2


def test_a_line_called_a_mistake_can_be_written_again(app, world, session, browser, entry):
    entry.retraction_asked_at = now()
    session.add(entry)
    session.commit()
    browser.sign_in(world.dung)
    url = "/account/interests/new"
    same = {"kind": "shares", "organisation": "Lá Xanh", "since": "2024-01-01"}
    assert browser.press(url, url, **same).status_code == 302
    assert len(of(app, world.dung)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"organisation": ""}, "Chọn đơn vị trong danh sách hoặc nhập tên tổ chức."),
        ({"since": "2999-01-01"}, "Ngày bắt đầu không được ở tương lai."),
        ({"until": "2023-01-01"}, "Ngày kết thúc không được trước ngày bắt đầu."),
        ({"since": "hôm qua"}, "Ngày chưa đúng."),
        ({"vendor": "not-a-company"}, "Lựa chọn này không còn trong danh sách."),
        ({"kind": "love"}, "Lựa chọn này không còn trong danh sách."),
    ],
)
def test_what_is_refused_and_stays_typed(app, world, browser, fields, said):
    browser.sign_in(world.dung)
    url = "/account/interests/new"
    answer = browser.press(url, url, **{**NEW, **fields})
    assert (answer.status_code, said in answer.text, "5%" in answer.text) == (422, True, True)
    assert of(app, world.dung) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ["Chọn loại lợi ích.", "Nhập ngày bắt đầu."]),
        ("en", ["Choose a kind of interest.", "Enter the first day."]),
    ],
)
def test_posted_empty(world, browser, session, language, said):
    world.dung.language = language
    session.add(world.dung)
    session.commit()
    browser.sign_in(world.dung)
    answer = browser.press("/account/interests/new", "/account/interests/new")
    assert answer.status_code == 422
    for sentence in said:
        assert sentence in answer.text


def test_ending(app, world, browser, entry):
    browser.sign_in(world.dung)
    url = f"/account/interests/{entry.id}/end"
    assert browser.press(url, url).status_code == 422
    assert browser.press(url, url, until="2023-01-01").status_code == 422
    assert browser.press(url, url, until="2025-01-01").status_code == 302
    assert row(app, select(Interest).where(Interest.id == entry.id)).until == date(2025, 1, 1)
    assert browser.press(url, "/account/interests/new", until="2025-01-02").status_code == 409


def test_retracting_keeps_the_line(app, world, browser, entry):
    browser.sign_in(world.dung)
    url = f"/account/interests/{entry.id}/retract"
    assert "Báo mục “Lá Xanh” là khai nhầm?" in browser.get(url).text
    assert browser.press(url, url).status_code == 302
    kept = row(app, select(Interest).where(Interest.id == entry.id))
    assert (kept.retraction_asked_at is not None, kept.retracted_at) == (True, None)
    assert "chờ một người khác xác nhận; vẫn được tính" in browser.get("/account/interests").text
    assert browser.get(url).status_code == 409

    page = f"/people/{world.dung.id}/interests"
    browser.sign_in(world.chi)
    assert "1 mục chờ xác nhận khai nhầm" in browser.get("/people/interests").text
    assert browser.press(f"/people/interests/{entry.id}/confirm", page).headers["Location"] == page
    kept = row(app, select(Interest).where(Interest.id == entry.id))
    assert (kept.retracted_at is not None, kept.retracted_by) == (True, world.chi.id)
    assert "Khai nhầm, không tính từ" in browser.get(page).text
    assert browser.press(f"/people/interests/{entry.id}/confirm", "/account").status_code == 409


def test_a_reported_mistake_may_be_none(app, world, browser, entry):
    browser.sign_in(world.dung)
    url = f"/account/interests/{entry.id}/retract"
    browser.press(url, url)
    assert browser.press(f"/people/interests/{entry.id}/confirm", "/account").status_code == 404
    browser.sign_in(world.chi)
    page = f"/people/{world.dung.id}/interests"
    assert browser.press(f"/people/interests/{entry.id}/keep", page).status_code == 302
    kept = row(app, select(Interest).where(Interest.id == entry.id))
    assert (kept.retraction_asked_at, kept.retracted_at) == (None, None)


def test_nobody_frees_themselves(app, world, browser, entry, session):
    session.add(UserRole(user_id=world.dung.id, role=Role.COORDINATOR))
    session.commit()
    browser.sign_in(world.dung)
    url = f"/account/interests/{entry.id}/retract"
    browser.press(url, url)
    assert "Xác nhận khai nhầm" not in browser.get(f"/people/{world.dung.id}/interests").text
    assert browser.press(f"/people/interests/{entry.id}/confirm", "/account").status_code == 403
    assert browser.post(f"/people/interests/{entry.id}/confirm").status_code == 400
    assert row(app, select(Interest).where(Interest.id == entry.id)).retracted_at is None


def test_nobody_touches_the_register_of_another(app, world, browser, entry):
    browser.sign_in(world.ha)
    for act in ("end", "retract"):
        url = f"/account/interests/{entry.id}/{act}"
        assert browser.get(url).status_code == 404
        assert browser.press(url, "/account/interests/new", until="2025-01-01").status_code == 404
    assert "Lá Xanh" not in browser.get("/account/interests").text


def test_members_of_companies_have_no_register(world, browser):
    browser.sign_in(world.an)
    assert browser.get("/account/interests").status_code == 404
    assert browser.press("/account/interests/new", "/account", **NEW).status_code == 404


def test_the_coordinator_reads_and_others_do_not(world, browser, entry):
    browser.sign_in(world.chi)
    assert "Vũ Dũng" in browser.get("/people/interests").text
    page = browser.get(f"/people/{world.dung.id}/interests").text
    assert "Lá Xanh" in page
    assert f"/account/interests/{entry.id}" not in page
    assert browser.get(f"/people/{world.an.id}/interests").status_code == 404
    for stranger in (world.an, world.ha, world.giang, world.lan, world.minh):
        browser.sign_in(stranger)
        assert browser.get("/people/interests").status_code == 404
        assert browser.get(f"/people/{world.dung.id}/interests").status_code == 404


def test_without_a_token(app, world, browser, entry):
    browser.sign_in(world.dung)
    for path in (
        "/account/interests/new",
        f"/account/interests/{entry.id}/end",
        f"/account/interests/{entry.id}/retract",
    ):
        assert browser.post(path, data=NEW).status_code == 400
    assert len(of(app, world.dung)) == 1
