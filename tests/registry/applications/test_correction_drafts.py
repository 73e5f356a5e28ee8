"""Answers to findings save themselves while they are typed, and two colleagues never overwrite each other."""

import pytest
from sqlmodel import select

from assessments.models import Application, Finding
from assessments.states import State
from tests.assessments.test_corrections import in_correction
from tests.rows import row, rows

PAGE = "/applications/HS-2026-0001/corrections"
LONG = "Đã sửa bộ lọc và đo lại từ ngày 01/11. " * 10


@pytest.fixture
def finding(world):
    """The one finding of a running round."""
    _application, (found,) = in_correction(world, "HN-01")
    return found


def auto(browser, finding, text, version=0):
    typed = {f"answer-{finding.id}": text, f"version-{finding.id}": str(version)}
    form = {"csrf_token": browser.token(PAGE), "page": "p1", **typed}
    return browser.post(f"{PAGE}/draft", data=form, headers={"Accept": "application/json"})


def kept(app):
    found = row(app, select(Finding))
    return found.answer, found.answer_version, found.answered_by


def test_it_is_saved_while_it_is_typed_and_says_when(app, world, finding, browser):
    browser.sign_in(world.anh)
    answer = auto(browser, finding, "Đã sửa\r\nngày 01/11.")
    assert (answer.status_code, answer.json["state"]) == (200, "saved")
    assert answer.json["fields"] == {f"version-{finding.id}": "1"}
    assert kept(app) == ("Đã sửa\nngày 01/11.", 1, world.anh.id)
    assert auto(browser, finding, "Đã sửa\nngày 01/11.", 1).json["fields"] == {f"version-{finding.id}": "1"}
    page = browser.get(PAGE).text
    assert f'data-draft="{PAGE}/draft"' in page
    assert f'name="version-{finding.id}" value="1" data-draft-skip' in page


def test_what_a_colleague_has_saved_is_not_overwritten(app, world, finding, browser):
    browser.sign_in(world.an)
    assert auto(browser, finding, "Bản của An.").json["state"] == "saved"
    other = browser
    other.sign_in(world.anh)
    answer = auto(other, finding, "Bản của An. Ánh viết thêm.")
    assert (answer.status_code, answer.json["state"]) == (409, "conflict")
    assert world.an.name in answer.json["message"]
    assert kept(app) == ("Bản của An.", 1, world.an.id)
    typed = {f"answer-{finding.id}": "Bản của Ánh.", f"version-{finding.id}": "0", "then": "stay"}
    page = other.press(PAGE, PAGE, **typed)
    assert page.status_code == 409
    assert "Bản của An." in page.text
    assert "Bản của Ánh.</textarea>" in page.text
    assert 'data-draft=""' in page.text


def test_a_page_whose_answer_got_lost_goes_on_behind_its_own_text(app, world, finding, browser):
    browser.sign_in(world.anh)
    auto(browser, finding, "Đã sửa")
    assert auto(browser, finding, "Đã sửa ngày 01/11.", 0).status_code == 200
    assert kept(app) == ("Đã sửa ngày 01/11.", 2, world.anh.id)
    assert auto(browser, finding, "Chữ khác hẳn.", 0).status_code == 409


def test_much_is_taken_away_by_hand_only(app, world, finding, browser):
    browser.sign_in(world.anh)
    auto(browser, finding, LONG)
    answer = auto(browser, finding, "", 1)
    assert (answer.status_code, answer.json["state"]) == (422, "invalid")
    assert "Bấm Lưu nếu đúng là muốn bỏ." in answer.json["message"]
    assert kept(app)[0] == LONG.strip()
    typed = {f"answer-{finding.id}": "", f"version-{finding.id}": "1"}
    assert browser.press(PAGE, PAGE, **typed).status_code == 302
    assert kept(app) == ("", 2, world.anh.id)


def test_others_wrong_states_and_missing_tokens_save_nothing(app, world, finding, browser):
    typed = {f"answer-{finding.id}": "Chen vào.", f"version-{finding.id}": "0"}
    for person in (world.bao, world.minh):
        browser.sign_in(person)
        assert browser.press(f"{PAGE}/draft", "/account", **typed).status_code == 404
    browser.sign_in(world.anh)
    assert browser.post(f"{PAGE}/draft", data=typed).status_code == 400
    token = browser.token("/account")
    application = world.session.exec(select(Application)).one()
    application.state = State.CONSENSUS
    world.session.add(application)
    world.session.commit()
    answer = browser.post(f"{PAGE}/draft", data={"csrf_token": token, **typed})
    assert (answer.status_code, answer.json["state"]) == (409, "locked")
    assert [one.answer for one in rows(app, select(Finding))] == [""]
