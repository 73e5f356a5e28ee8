"""GET and POST /rounds: hours are those of Viet Nam; nothing closes before it opens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from assessments.clock import now
from assessments.models import HistoryEntry, Round
from registry.rounds.forms import in_vietnam

NEW = "/rounds/new"
TYPED = {"code": "2027-dot-1", "edition": "vcsc-2026", "opens_at": "2027-01-05T08:00", "closes_at": "2027-02-05T17:00"}
OLD = "/rounds/2026-thuong-xuyen"


def test_a_round_is_opened_in_vietnam_time(world, browser):
    browser.sign_in(world.chi)
    assert browser.press(NEW, page=NEW, categories=["PC", "DL"], announce_on="2027-03-01", **TYPED).status_code == 302
    one = world.session.exec(select(Round).where(Round.code == "2027-dot-1")).one()
    assert one.opens_at == datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    assert one.categories == ["PC", "DL"]
    assert world.session.exec(select(HistoryEntry.action)).all() == ["open_round"]
    world.session.commit()
    assert "17:00 ngày\u00a005/02/2027" in browser.get("/rounds").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": "2027-01-05T08:00"},
        {"announce_on": "2027-02-04"},
        {"code": "2026-thuong-xuyen"},
        {"code": "Đợt 1"},
        {"code": "new"},
        {"code": ""},
        {"opens_at": "mai"},
        {"edition": "vcsc-1999"},
        {"categories": ["XX"]},
    ],
)
def test_what_cannot_be_is_refused(world, browser, wrong):
    browser.sign_in(world.chi)
    assert browser.press(NEW, page=NEW, **{**TYPED, **wrong}).status_code == 422
    assert len(world.session.exec(select(Round)).all()) == 1


def test_the_closing_moves_until_it_has_passed(world, browser):
    browser.sign_in(world.chi)
    later = in_vietnam(now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert browser.press(OLD, page=OLD, closes_at="2020-01-01T08:00").status_code == 422
    assert browser.press(OLD, page=OLD, closes_at=later).status_code == 302
    assert browser.press(f"{OLD}/close", page=OLD).status_code == 302
    assert browser.press(f"{OLD}/close", page=NEW).status_code == 409
    assert browser.press(OLD, page=NEW, closes_at=later).status_code == 409
    assert world.again(world.round).closes_at <= now()


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "minh"])
def test_rounds_are_for_the_office(world, browser, who):
    browser.sign_in(getattr(world, who))
    for page in ("/rounds", NEW, OLD):
        assert browser.get(page).status_code == 404
    assert browser.press(NEW, page="/account", **TYPED).status_code == 404


def test_no_token_and_no_such_round(world, browser):
    browser.sign_in(world.chi)
    assert browser.post(NEW, data=TYPED).status_code == 400
    assert browser.post(f"{OLD}/close").status_code == 400
    assert browser.get("/rounds/2030").status_code == 404
