"""GET /competences, /competences/mine, /competences/<person>; POST: grant, end; and the letters before one runs out."""

from datetime import timedelta

import pytest
from sqlmodel import delete, select

from assessments.clock import at, now, today
from assessments.models import Competence, HistoryEntry
from registry import jobs
from tests.counting import statements
from tests.rows import letters, row, rows

INDEX = "/competences"
UNTIL = today() + timedelta(days=400)


def page(person):
    return f"{INDEX}/{person.id}"


def typed(**fields):
    return {
        "categories": ["PC"],
        "groups": ["TN", "AT"],
        "basis": "training",
        "note": "Khóa tháng 9",
        "valid_from": today().isoformat(),
        "expires_on": UNTIL.isoformat(),
        **fields,
    }


@pytest.fixture
def bare(world):
    """Nobody is competent for anything."""
    world.session.exec(delete(Competence))
    world.session.commit()
    return world


def test_the_office_grants_and_the_table_shows_it(app, bare, browser):
    browser.sign_in(bare.chi)
    answer = browser.press(page(bare.dung), page(bare.dung), **typed())
    assert (answer.status_code, answer.location) == (302, page(bare.dung))
    assert {(one.field.value, one.code, one.expires_on) for one in rows(app, select(Competence))} == {
        ("category", "PC", UNTIL),
        ("group", "TN", UNTIL),
        ("group", "AT", UNTIL),
    }
    assert "Khóa tháng 9" in browser.get(page(bare.dung)).text
    table = browser.get(INDEX).text
    assert table.count(f"<b>✓</b> {UNTIL:%m/%y}") == 3
    assert "Vũ Dũng" in table
    assert "Đặng Lan" not in table  # an auditor judges nothing


def test_filters_keep_who_holds_it_and_who_runs_out(bare, browser):
    browser.sign_in(bare.chi)
    browser.press(page(bare.dung), page(bare.dung), **typed())
    soon = (today() + timedelta(days=20)).isoformat()
    browser.press(page(bare.ha), page(bare.ha), **typed(categories=["DL"], groups=[], expires_on=soon))
    by_code = browser.get(f"{INDEX}?subject=category:PC").text
    assert (page(bare.dung) in by_code.split("<table")[1], page(bare.ha) in by_code.split("<table")[1]) == (True, False)
    by_day = browser.get(f"{INDEX}?soon=y").text
    assert (page(bare.dung) in by_day, page(bare.ha) in by_day) == (False, True)
    assert browser.get(f"{INDEX}?subject=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"categories": [], "groups": []}, "Chọn ít nhất một loại sản phẩm hoặc một nhóm tiêu chí."),
        ({"basis": ""}, "Chọn căn cứ."),
        ({"note": ""}, "Ghi rõ căn cứ."),
        ({"expires_on": "2020-01-01"}, "Ngày hết hạn phải từ ngày bắt đầu trở đi."),
        ({"expires_on": "mai"}, "Ngày"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(app, bare, browser, fields, sentence):
    browser.sign_in(bare.chi)
    answer = browser.press(page(bare.dung), page(bare.dung), **typed(**fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "errsum" in answer.text
    assert fields.get("note", "Khóa tháng 9") in answer.text
    assert rows(app, select(Competence)) == []


def test_ending_asks_for_a_reason_and_happens_once(app, bare, browser):
    browser.sign_in(bare.minh)
    browser.press(page(bare.dung), page(bare.dung), **typed(groups=[]))
    url = f"{page(bare.dung)}/{row(app, select(Competence)).id}/end"
    assert browser.press(url, page(bare.dung)).status_code == 422
    assert row(app, select(Competence)).ended_at is None
    assert browser.press(url, page(bare.dung), reason="Đã nghỉ nghề.").status_code == 302
    assert row(app, select(Competence)).ended_reason == "Đã nghỉ nghề."
    assert "Đã nghỉ nghề." in browser.get(page(bare.dung)).text
    assert browser.press(url, page(bare.dung), reason="x").status_code == 409
    assert browser.post(url, data={"reason": "x"}).status_code == 400  # no token
    assert rows(app, select(HistoryEntry.action)) == ["grant_competence", "end_competence"]


def test_a_person_sees_their_own_and_nobody_elses(world, browser):
    browser.sign_in(world.dung)
    assert browser.get(f"{INDEX}/mine").location == page(world.dung)
    own = browser.get(page(world.dung)).text
    assert "Năng lực của tôi" in own
    assert "<form" not in own.split("<main")[1]
    assert browser.get(page(world.ha)).status_code == 404
    assert browser.get(INDEX).status_code == 404
    assert browser.press(page(world.dung), "/account", **typed()).status_code == 404


@pytest.mark.parametrize("who", ["an", "bao"])
def test_companies_find_nothing(world, browser, who):
    browser.sign_in(getattr(world, who))
    for address in (INDEX, f"{INDEX}/mine", page(world.dung)):
        assert browser.get(address).status_code == 404


def test_auditors_read_and_do_not_write(world, browser):
    browser.sign_in(world.lan)
    assert browser.get(INDEX).status_code == 200
    assert "Ghi năng lực" not in browser.get(page(world.dung)).text
    assert browser.press(page(world.dung), "/account", **typed()).status_code == 404


def test_the_table_reads_in_few_statements(app, world, browser):
    browser.sign_in(world.chi)
    browser.get(INDEX)
    with statements(app) as seen:
        browser.get(INDEX)
    assert len(seen) <= 7
    with statements(app) as seen:
        browser.get(page(world.dung))
    assert len(seen) <= 9


def work(app, days):
    with app.app_context(), at(now() + timedelta(days=days)):
        return jobs.remind_of_expiry()


def test_person_and_office_are_written_to_once_before_it_runs_out(app, bare, browser):
    browser.sign_in(bare.chi)
    browser.press(page(bare.dung), page(bare.dung), **typed())
    assert work(app, 300) == 0
    assert work(app, 345) == 3
    assert work(app, 346) == 0
    told = letters(app, "dung@club.example")
    assert [one.subject for one in told] == ["Năng lực của anh/chị sắp hết hạn"]
    assert f"- TN: đến hết ngày {UNTIL:%d/%m/%Y}" in told[0].body
    assert f"http://localhost{page(bare.dung)}" in told[0].body
    assert [one.subject for one in letters(app, "chi@club.example")] == ["Năng lực sắp hết hạn: Vũ Dũng"]
    assert rows(app, select(HistoryEntry.action)).count("remind_competence") == 3


def test_nobody_is_reminded_of_what_was_renewed_or_ended(app, bare, browser):
    browser.sign_in(bare.chi)
    browser.press(page(bare.dung), page(bare.dung), **typed(groups=[]))
    later = (UNTIL + timedelta(days=300)).isoformat()
    browser.press(page(bare.dung), page(bare.dung), **typed(groups=[], expires_on=later))
    browser.press(page(bare.ha), page(bare.ha), **typed(groups=[]))
    ended = rows(app, select(Competence).where(Competence.person_id == bare.ha.id))[0]
    browser.press(f"{page(bare.ha)}/{ended.id}/end", page(bare.ha), reason="x")
    assert work(app, 390) == 0
    assert letters(app, "dung@club.example") == []
