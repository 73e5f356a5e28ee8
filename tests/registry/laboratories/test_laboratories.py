"""GET /laboratories (for everybody), /laboratories/office, new, edit; POST: add, save, end."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from assessments import laboratories
from assessments.clock import today
from assessments.models import Laboratory
from tests.assessments.test_laboratories import facts, listed
from tests.counting import statements
from tests.rows import row, rows

PUBLIC, OFFICE, NEW = "/laboratories", "/laboratories/office", "/laboratories/new"
UNTIL = today() + timedelta(days=300)


def typed(**fields):
    return {
        "name": "Phòng thử nghiệm Sao Mai",
        "country": "Việt Nam",
        "accreditation_body": "BoA",
        "accreditation_number": "VILAS 9901",
        "standard": "ISO/IEC 17025:2017",
        "tests_vi": "Kiểm thử xâm nhập",
        "categories": ["PC"],
        "accepted_from": "2026-01-01",
        "accepted_until": UNTIL.isoformat(),
        **fields,
    }


def test_the_office_accepts_one_and_everybody_reads_it(app, world, browser):
    assert "Hiện chưa có phòng thử nghiệm nào" in browser.get(PUBLIC).text
    browser.sign_in(world.chi)
    answer = browser.press(NEW, NEW, **typed())
    assert (answer.status_code, answer.location) == (302, OFFICE)
    one = row(app, select(Laboratory))
    assert (one.name, one.categories, one.criteria, one.accepted_until, one.added_by) == (
        "Phòng thử nghiệm Sao Mai",
        ["PC"],
        [],
        UNTIL,
        world.chi.id,
    )
    stranger = app.test_client()
    page = stranger.get(PUBLIC)
    assert "VILAS 9901" in page.text
    assert "Kiểm thử xâm nhập" in page.text
    assert "Set-Cookie" not in page.headers
    assert "Phạm Linh Chi" not in page.text
    assert "accepted" in stranger.get(f"/en{PUBLIC}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Nhập tên."),
        ({"website": "http://x"}, "Địa chỉ phải bắt đầu bằng https://"),
        ({"accepted_until": "2025-01-01"}, "Ngày hết chấp nhận phải từ ngày bắt đầu trở đi."),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(app, world, browser, fields, sentence):
    browser.sign_in(world.chi)
    page = browser.press(NEW, NEW, **typed(**fields))
    assert page.status_code == 422
    assert sentence in page.text
    assert "VILAS 9901" in page.text
    assert rows(app, select(Laboratory)) == []


def test_changing_one_and_a_page_that_is_too_old(app, world, browser):
    one = listed(world)
    browser.sign_in(world.chi)
    address = f"{PUBLIC}/{one.id}"
    seen = laboratories.mark(one)
    assert browser.press(address, address, **typed(name="Sao Mai", seen=seen)).status_code == 302
    assert row(app, select(Laboratory.name)) == "Sao Mai"
    assert browser.press(address, address, **typed(name="Sao Hôm", seen=seen)).status_code == 409
    assert row(app, select(Laboratory.name)) == "Sao Mai"
    assert browser.post(address, data=typed()).status_code == 400


def test_ending_one_takes_it_off_the_public_page(app, world, browser):
    one = listed(world)
    browser.sign_in(world.chi)
    address = f"{PUBLIC}/{one.id}"
    url = f"{address}/end"
    assert browser.press(url, address, since=today().isoformat()).status_code == 422
    future = (today() + timedelta(days=1)).isoformat()
    assert browser.press(url, address, since=future, why="x").status_code == 422
    assert row(app, select(Laboratory.ended_on)) is None
    assert browser.press(url, address, since="2026-03-01", why="Mất công nhận.").status_code == 302
    assert row(app, select(Laboratory.ended_on)) == date(2026, 3, 1)
    assert "Sao Mai" not in browser.get(PUBLIC).text
    assert "Mất công nhận." in browser.get(OFFICE).text
    assert browser.press(url, address, since="2026-03-01", why="x").status_code == 409
    assert "Mất công nhận." in browser.get(address).text


@pytest.mark.parametrize(("who", "reads"), [("an", 404), ("bao", 404), ("minh", 404), ("dung", 200), ("lan", 200)])
def test_others_change_nothing(app, world, browser, who, reads):
    one = listed(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(OFFICE).status_code == reads
    for address in (NEW, f"{PUBLIC}/{one.id}"):
        assert browser.get(address).status_code == 404
        assert browser.press(address, "/account", **typed(name="Khác")).status_code == 404
    assert rows(app, select(Laboratory.name)) == ["Phòng thử nghiệm Sao Mai"]


def test_many_laboratories_take_no_more_statements_than_one(app, world, browser):
    listed(world)
    with statements(app) as few:
        browser.get(PUBLIC)
    for number in range(20):
        laboratories.accept(world.session, world.chi, facts(name=f"Phòng {number}"))
    world.session.commit()
    with statements(app) as many:
        assert browser.get(PUBLIC).text.count("VILAS 9901") == 21
    assert len(many) == len(few) == 2  # the edition in force, and the list
