"""The start page of a company: what it says, with and without an open round, in both languages."""

import re
from datetime import date, timedelta

import pytest

from assessments.clock import now
from assessments.models import Round
from registry import catalogue
from tests.self_checking import EDITION, read


@pytest.fixture
def round_of(world):
    """Another round, from so many days on, for so many days."""

    def build(code, opens, lasts, **facts):
        opened = now() + timedelta(days=opens)
        closes = opened + timedelta(days=lasts) if lasts else None
        world.session.add(Round(code=code, edition_id=EDITION.id, opens_at=opened, closes_at=closes, **facts))
        world.session.commit()

    return build


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_it_is_for_everyone_and_may_be_cached(browser, world, prefix):
    page = browser.get(f"{prefix}/apply")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers["Vary"]
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
    assert browser.get(f"{prefix}/apply", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_without_a_round_it_says_so_and_that_drafts_may_be_written(browser, world):
    world.session.delete(world.round)
    world.session.commit()
    assert "Hiện chưa có đợt tiếp nhận nào mở. Vẫn mở tài khoản và soạn hồ sơ được" in read(browser.get("/apply").text)
    assert "No intake round is open at present." in read(browser.get("/en/apply").text)


def test_an_open_round_shows_fee_closing_kinds_and_announcement(browser, world, round_of):
    fees = {"fee_text_vi": "3.000.000 đồng mỗi hồ sơ", "fee_text_en": "VND 3,000,000 an application"}
    round_of("2027-dot-1", -3, 30, categories=["PC", "DL"], announce_on=date(2027, 6, 1), **fees)
    text = read(browser.get("/apply").text)
    assert "3.000.000 đồng mỗi hồ sơ" in text
    assert "Cha mẹ quản lý máy của con; Học liệu kỹ năng số" in text
    assert "01/06/2027" in text
    assert re.search(r"Nhận hồ sơ đến \d\d:\d\d ngày.\d\d/\d\d/\d{4} \(giờ Việt Nam\)", text)
    assert "VND 3,000,000 an application" in read(browser.get("/en/apply").text)


def test_a_closed_round_is_gone_and_a_coming_one_is_announced(browser, world, round_of):
    round_of("da-dong", -30, 10)
    round_of("sap-mo", 10, 30)
    text = read(browser.get("/apply").text)
    assert "da-dong" not in text
    assert "Đợt sau (sap-mo) mở lúc" in text


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_every_group_says_which_evidence_it_takes(browser, world, prefix, lang):
    text = read(browser.get(f"{prefix}/apply").text)
    for group, criteria in EDITION.by_group():
        assert group.name.get(lang) in text
        for code in {code for one in criteria for code in one.evidence}:
            count = sum(code in one.evidence for one in criteria)
            assert f"{EDITION.evidence_kind(code).name.get(lang)} ({count})" in text


def test_periods_come_from_the_edition(browser, world):
    text = read(browser.get("/apply").text)
    assert "trong 5 ngày làm việc" in text
    assert "28 ngày kể từ khi giao hồ sơ" in text
    assert "đơn vị có 30 ngày mỗi vòng, nhiều nhất 2 vòng" in text


def test_it_leads_to_everything_and_everything_leads_to_it(browser, world):
    links = set(re.findall(r'href="([^"#]+)', browser.get("/apply").text))
    wanted = {"/apply/self-check", "/apply/blank", "/apply/blank.xlsx", "/criteria/vcsc-2026/print", "/sign-up"}
    assert wanted | {"/criteria/vcsc-2026.xlsx", "/criteria/vcsc-2026", "/procedure", "/about"} <= links
    assert all(browser.get(link).status_code == 200 for link in wanted)
    for page in ("/", "/procedure", "/criteria", "/sign-up", "/sign-in"):
        assert 'href="/apply"' in browser.get(page).text, page
    assert 'href="/en/apply"' in browser.get("/en/").text


def test_without_an_edition_there_is_nothing_to_apply_under(browser, world, monkeypatch):
    monkeypatch.setattr(catalogue, "current_edition", lambda: None)
    assert "Chưa có bản tiêu chí nào được công bố." in read(browser.get("/apply").text)
    for path in ("/apply/self-check", "/apply/blank", "/apply/blank.xlsx"):
        assert browser.get(path).status_code == 404
