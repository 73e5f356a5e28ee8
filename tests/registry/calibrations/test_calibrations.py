"""Calibration by its pages: one way through a file, the key hidden until the end, the bar and results of the office."""

import re

import pytest
from sqlmodel import delete, select

from assessments import calibrations
from assessments.calibrations import Marking
from assessments.models import CalibrationAttempt, CalibrationBar, CalibrationScore
from criteria import calibration
from tests.world import EDITION

FIRST, SECOND = calibration.files(EDITION)
PLACE = f"/calibrations/{EDITION}/{FIRST.name}"
KEY = [text for key in FIRST.key.values() for text in (key.reason.vi, key.reason.en)]


@pytest.fixture
def world(world):
    """Nobody has tried yet."""
    world.session.exec(delete(CalibrationAttempt))
    world.session.commit()
    return world


def attempt_of(world, person, **marks):
    """An attempt under way with everything marked as the panel did, but where said otherwise."""
    attempt = calibrations.begin(world.session, person, EDITION, FIRST.name)
    for code in FIRST.codes:
        mark = marks.get(code.replace("-", "_"), FIRST.key[code].mark)
        calibrations.save_score(world.session, person, attempt, code, Marking(mark, "Vì tôi thấy vậy."), 0)
    world.session.commit()
    return attempt


def finished(world, person, **marks):
    attempt = calibrations.finish(world.session, person, attempt_of(world, person, **marks))
    world.session.commit()
    return attempt


def told(text):
    """Which reasons of the panel a page gives away."""
    plain = text.replace("&#39;", "'").replace("&#34;", '"')
    return [reason for reason in KEY if reason in plain]


def test_the_way_through_a_file(world, browser):
    browser.sign_in(world.dung)
    page = browser.get("/calibrations").text
    assert FIRST.product.vi in page
    assert SECOND.product.vi in page
    begun = browser.press(PLACE, "/calibrations")
    assert begun.headers["Location"] == PLACE
    saved = browser.press(f"{PLACE}/scores/TL-03", PLACE, mark="0", rationale="Hứa tuyệt đối.", version="0")
    assert saved.headers["Location"] == f"{PLACE}?c=TN-01"
    row = world.session.exec(select(CalibrationScore)).one()
    assert (row.criterion, row.value, row.rationale) == ("TL-03", 0, "Hứa tuyệt đối.")
    world.session.commit()
    early = browser.press(f"{PLACE}/finish", PLACE)
    assert early.status_code == 422
    assert len(re.findall(r"\?c=[A-Z]{2}-\d\d", early.text)) == len(FIRST.codes) - 1


def test_finishing_shows_where_and_why_one_differs(world, browser):
    attempt_of(world, world.dung, TN_05="4", HN_02="3")
    browser.sign_in(world.dung)
    done = browser.press(f"{PLACE}/finish", f"{PLACE}/finish")
    assert done.headers["Location"] == f"{PLACE}/results/1"
    page = browser.get(f"{PLACE}/results/1").text
    assert len(told(page)) == len(FIRST.codes)
    assert "trùng với điểm mẫu ở 10/12 tiêu chí, lệch 1 điểm ở 1, lệch từ 2 điểm ở 1" in page
    assert "Còn 1 hồ sơ phải qua." in page


PAGES = ("/calibrations", PLACE, f"{PLACE}?c=TN-05", f"{PLACE}?c=RT-03", f"{PLACE}/finish", f"{PLACE}/results/1")


@pytest.mark.parametrize("page", PAGES)
def test_the_key_is_nowhere_before_the_end(world, browser, page):
    attempt_of(world, world.dung)
    browser.sign_in(world.dung)
    answer = browser.get(page)
    assert told(answer.text) == []
    assert answer.status_code == (409 if page.endswith("results/1") else 200)


def test_the_key_hides_again_while_the_same_file_is_tried_again(world, browser):
    finished(world, world.dung)
    browser.sign_in(world.dung)
    assert told(browser.get(f"{PLACE}/results/1").text) != []
    browser.press(PLACE, "/calibrations")
    assert browser.get(f"{PLACE}/results/1").status_code == 409
    assert f"{PLACE}/results/1" not in browser.get("/calibrations").text


@pytest.mark.parametrize("name", ["calibration.toml", "../bar.toml", "..%2Fbar.toml", "khac.pdf"])
def test_nothing_but_the_listed_evidence_is_handed_out(world, browser, name):
    browser.sign_in(world.dung)
    assert browser.get(f"{PLACE}/evidence/{name}").status_code == 404


def test_evidence_is_shown_in_place(world, browser):
    browser.sign_in(world.dung)
    for sample in FIRST.samples:
        for one in sample.exhibits:
            answer = browser.get(f"{PLACE}/evidence/{one.name}")
            assert (answer.status_code, answer.data) == (200, one.path.read_bytes())
            assert answer.headers["Content-Type"].startswith(one.media_type)


def test_results_are_for_the_person_and_the_office(world, browser):
    finished(world, world.dung)
    browser.sign_in(world.ha)
    assert browser.get(f"{PLACE}/results/1").status_code == 404
    assert world.dung.name not in browser.get("/calibrations").text
    browser.sign_in(world.chi)
    assert world.dung.name in browser.get("/calibrations").text
    assert browser.get(f"{PLACE}/results/1").status_code == 404


@pytest.mark.parametrize("name", ["an", "anh", "bao", "giang", "lan", "minh"])
def test_for_everybody_else_there_is_nothing(world, browser, name):
    browser.sign_in(getattr(world, name))
    assert [browser.get(page).status_code for page in PAGES] == [404] * len(PAGES)
    assert browser.press(PLACE, "/account").status_code == 404
    assert browser.press(f"/calibrations/{EDITION}/bar", "/account", files="1").status_code == 404
    assert world.session.exec(select(CalibrationAttempt)).all() == []


def test_nobody_signed_in_is_asked_to(browser, world):
    assert browser.get("/calibrations").headers["Location"].startswith("/sign-in")


def test_without_a_token_nothing_is_saved(world, browser):
    attempt_of(world, world.dung)
    browser.sign_in(world.dung)
    assert browser.post(f"{PLACE}/finish").status_code == 400
    assert browser.post(f"{PLACE}/scores/TN-05", data={"mark": "0"}).status_code == 400
    assert world.again(world.session.exec(select(CalibrationAttempt)).one()).finished_at is None


def test_two_tabs_meet(world, browser):
    attempt_of(world, world.dung)
    browser.sign_in(world.dung)
    met = browser.press(f"{PLACE}/scores/TN-05", PLACE, mark="1", rationale="Bản khác.", version="0")
    assert met.status_code == 409
    assert "Bản khác." in met.text
    assert "Vì tôi thấy vậy." in met.text
    assert browser.press(f"{PLACE}/scores/TN-05", PLACE, mark="7", version="1").status_code == 422


def test_autosaves_answer_in_json(world, browser):
    attempt_of(world, world.dung)
    browser.sign_in(world.dung)
    draft = f"{PLACE}/scores/TN-05/draft"
    saved = browser.press(draft, PLACE, mark="2", rationale="Vì tôi thấy vậy. Thêm.", version="1")
    assert (saved.status_code, saved.json["state"], saved.json["fields"]) == (200, "saved", {"version": "2"})
    met = browser.press(draft, PLACE, mark="1", rationale="Khác", version="1")
    assert (met.status_code, met.json["state"]) == (409, "conflict")
    gone = browser.press(f"{PLACE}/scores/XX-99/draft", PLACE, mark="1", rationale="x", version="0")
    assert (gone.status_code, gone.json["state"]) == (404, "gone")
    browser.press(f"{PLACE}/finish", f"{PLACE}/finish")
    locked = browser.press(draft, "/calibrations", mark="1", rationale="x", version="2")
    assert (locked.status_code, locked.json["state"]) == (409, "locked")


def test_what_is_finished_is_closed(world, browser):
    finished(world, world.dung)
    browser.sign_in(world.dung)
    assert browser.get(PLACE).headers["Location"] == f"/calibrations#{FIRST.name}"
    assert browser.get(f"{PLACE}/finish").status_code == 409
    assert browser.press(f"{PLACE}/scores/TN-05", "/calibrations", mark="0", rationale="x").status_code == 409
    assert browser.get(f"/calibrations/{EDITION}/khong-co").status_code == 404
    assert browser.get("/calibrations/khong-co/khong-co").status_code == 404


def test_the_office_sets_the_bar(world, browser):
    browser.sign_in(world.chi)
    url = f"/calibrations/{EDITION}/bar"
    given = {"max_deviation": "0,5", "min_within": "90", "files": "1"}
    assert browser.press(url, "/calibrations", **given).status_code == 302
    row = world.session.exec(select(CalibrationBar)).one()
    assert (row.max_deviation, row.min_within, row.files, row.set_by) == (0.5, 90, 1, world.chi.id)
    world.session.commit()
    for wrong in ({"max_deviation": "x"}, {"max_deviation": "9"}, {"min_within": "101"}, {"files": "9"}):
        refused = browser.press(url, "/calibrations", **{**given, **wrong})
        assert refused.status_code == 422
        assert next(iter(wrong.values())) in refused.text
    assert len(world.session.exec(select(CalibrationBar)).all()) == 1


def test_a_reviewer_may_not_set_it(world, browser):
    browser.sign_in(world.dung)
    given = {"max_deviation": "4", "min_within": "0", "files": "1"}
    assert browser.press(f"/calibrations/{EDITION}/bar", "/calibrations", **given).status_code == 404
    assert world.session.exec(select(CalibrationBar)).all() == []
