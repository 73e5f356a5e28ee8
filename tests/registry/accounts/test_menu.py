"""The menu: one table, what presses on top, everything in named groups, the page one is on marked."""

import re

import pytest

from assessments.people import Role
from registry.accounts.menu import FEW, TOP, Menu, menu_of
from registry.accounts.menu_entries import MENU, Entry, Group
from registry.accounts.models import UserRole
from tests import evaluation


def links(page: str) -> list[str]:
    """The addresses of the menu, in order."""
    (nav,) = re.findall(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', nav)


def current(page: str) -> list[tuple[str, str]]:
    """What the menu marks as the present page."""
    return re.findall(r'<a href="([^"]+)" aria-current="(page|true)"', page)


@pytest.mark.parametrize("who", ["an", "bao"])
def test_a_short_menu_is_flat(world, app, browser, who):
    person = getattr(world, who)
    expected = [entry.endpoint for entry in MENU if entry.whose(person)][:FEW]
    menu = menu_of(person, lambda page: page in expected)
    assert sorted(entry.endpoint for entry in menu.top) == sorted(expected)
    assert menu.groups == []
    browser.sign_in(person)
    assert links(browser.get("/account").text)[:2] == ["/applications", "/evidence"]


@pytest.mark.parametrize(
    ("who", "top"),
    [
        ("dung", ["/reviews"]),
        ("giang", ["/decisions"]),
        ("lan", ["/audit", "/impartiality", "/complaints"]),
        ("minh", ["/people"]),
    ],
)
def test_what_presses_stands_in_front_and_is_where_one_comes_to(world, app, browser, who, top):
    browser.sign_in(getattr(world, who))
    assert links(browser.get("/account").text)[: len(top)] == top
    assert browser.get("/sign-in").headers["Location"] == top[0]


def test_a_long_one_has_its_groups_and_says_where_one_is(world, browser):
    browser.sign_in(world.chi)
    page = browser.get("/rounds").text
    assert links(page)[:TOP] == ["/deadlines", "/intake", "/assignments"]
    assert {"/rounds", "/certificates", "/memberships", "/appeals/office", "/account"} <= set(links(page))
    assert current(page) == [("/rounds", "page")]
    assert re.search(r'<summary class="here">Đợt tiếp nhận', page)
    assert "menu.css" in page
    assert "Mọi mục" in browser.get("/deadlines").text


@pytest.mark.parametrize(
    ("endpoint", "blueprint", "entry"),
    [
        ("appeals.hear", "appeals", "appeals.hearings"),
        ("appeals.manage", "appeals", "appeals.office"),
        ("appeals.hearings", "appeals", "appeals.hearings"),
        ("people.interests", "people", "people.registers"),
        ("certificates.conditions.show", "certificates.conditions", "certificates.conditions.index"),
        ("certificates.office", "certificates", "certificates.index"),
        ("audit.follow_ups.index", "audit.follow_ups", "audit.follow_ups.index"),
        ("people.own_interests", "people", None),
    ],
)
def test_one_page_has_one_entry(endpoint, blueprint, entry):
    menu = Menu([], [("", list(MENU))])
    found = menu.here(endpoint, blueprint)
    assert (found.endpoint if found else None) == entry


def test_a_page_beneath_is_marked_too(world, browser):
    evaluation.handed_in(world)
    browser.sign_in(world.chi)
    assert set(current(browser.get("/intake/HS-2026-0001").text)) == {("/intake", "true")}


def test_nobody_finds_a_page_in_it_that_they_may_not_open(world, app, browser):
    world.session.add(UserRole(user_id=world.minh.id, role=Role.IMPARTIALITY))
    world.session.commit()
    for login in ("an", "anh", "bao", "chi", "dung", "khanh", "giang", "lan", "minh"):
        browser.sign_in(getattr(world, login))
        page = browser.get("/account").text
        assert [path for path in links(page) if browser.get(path).status_code not in (200, 302)] == [], login


def test_every_line_is_whole_and_every_page_there_once(app):
    assert len({entry.endpoint for entry in MENU}) == len(MENU)
    assert {entry.endpoint for entry in MENU} <= set(app.view_functions)
    assert all(str(entry.label) and str(entry.hint) for entry in MENU)
    assert {entry.group for entry in MENU} == set(Group)
    assert all(entry.top for entry in MENU[:2])


def test_a_line_before_its_page_is_left_out(world):
    def without(endpoint: str) -> bool:
        return endpoint != "deadlines.index"

    assert menu_of(world.chi, without).top[0].endpoint == "intake.index"
    assert menu_of(None, without).top == []


def test_flat_and_grouped_meet_at_few(world):
    pages = [entry.endpoint for entry in MENU if entry.whose(world.chi)]
    assert len(menu_of(world.chi, lambda page: page in pages[:FEW]).groups) == 0
    assert len(menu_of(world.chi, lambda page: page in pages[: FEW + 1]).groups) > 0


def test_marks(world):
    entry = next(one for one in MENU if one.endpoint == "people.index")
    assert isinstance(entry, Entry)
    assert entry.mark("people.index", "people") == "page"
    assert entry.mark("people.show", "people") == "true"
    assert entry.mark("people.own_interests", "people") == ""
    assert entry.mark(None, None) == ""
