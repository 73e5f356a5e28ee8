"""The register, days gone by and the form for news: filled, empty and with faults, in both languages."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import walking
from tests.site import Site

PREFIX = {"vi": "", "en": "/en"}
LONG_AGO = (date.today() - timedelta(days=120)).isoformat()  # noqa: DTZ011  the demonstration counts from the day of its loading
PAGES = (
    *("/changes", "/changes?kind=suspend&kind=withdraw&q=cong", "/changes?q=zzzz", "/changes?since=31/02/2026"),
    *(f"/products?as_of={LONG_AGO}", f"/products?as_of={LONG_AGO}&q=zzzz", "/products?as_of=31/02/2026"),
    *("/subscriptions/new", "/c/{number}?as_of={day}", "/c/{number}?as_of=2999-01-01", "/c/{number}"),
)


@pytest.fixture
def phone(browser: Browser):
    """The narrowest window that pages must fit."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    yield context.new_page()
    context.close()


def withdrawn(page: Page, site: Site) -> str:
    """The number of a withdrawn one."""
    page.goto(f"{site.url}/changes?kind=withdraw")
    found = re.search(r"/c/(VCSC-[^\"?]+)", page.content())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", PREFIX)
def test_every_page_in_every_state(phone: Page, demonstration: Site, language: str):
    number = withdrawn(phone, demonstration)
    wrong = []
    for path in PAGES:
        phone.goto(f"{demonstration.url}{PREFIX[language]}{path.format(number=number, day=LONG_AGO)}")
        wrong += walking.faults(phone, language)
    phone.goto(f"{demonstration.url}{PREFIX[language]}/subscriptions/new")
    phone.locator("input[name=way][value=webhook]").check()
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".errsum li")).to_have_count(2)
    wrong += walking.faults(phone, language)
    phone.locator("input[name=email]").fill("toi@example.com")
    phone.locator("input[name=url]").fill("https://hook.example/")
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".errsum")).to_have_count(0)
    wrong += walking.faults(phone, language)
    assert wrong == []
    assert phone.context.cookies() == []


def test_a_day_is_chosen_and_left_again(phone: Page, demonstration: Site):
    number = withdrawn(phone, demonstration)
    phone.goto(f"{demonstration.url}/c/{number}")
    phone.locator("#as_of").fill(LONG_AGO)
    phone.locator("form.past-day button").click()
    expect(phone.locator(".flash.warning").first).to_contain_text("Đã thu hồi")
    expect(phone.locator(".stat b").first).to_have_text("Còn hiệu lực")
    phone.locator(".flash.warning a").first.click()
    expect(phone.locator(".stat b").first).to_have_text("Đã thu hồi")


@pytest.mark.parametrize("script", [True, False])
def test_filtering_without_script(browser: Browser, demonstration: Site, *, script: bool):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{demonstration.url}/changes")
    page.locator("input[name=kind][value=suspend]").check()
    page.locator("#filters button[type=submit]").click()
    expect(page.locator(".chips")).to_be_visible()
    assert set(page.locator(".lines .stat-s b").all_inner_texts()) == {"Tạm đình chỉ"}
    context.close()
