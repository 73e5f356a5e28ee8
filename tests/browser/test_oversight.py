"""The pages of oversight and the menu: axe finds nothing, light and dark, filled and with faults; keys suffice."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.site import Site

PHONE = {"width": 320, "height": 700}
OFFICE = (
    "/deadlines",
    "/deadlines?show=late",
    "/deadlines?kind=closing",
    "/workload",
    "/audit/follow-ups",
)


@pytest.fixture
def phone(browser, theme):
    """The narrowest window."""
    context: BrowserContext = browser.new_context(viewport=PHONE, color_scheme=theme)
    yield context
    context.close()


def enter(page: Page, site: Site, login: str, language: str) -> None:
    walking.sign_in(page, site, f"{login}@demo.example", PASSWORD)
    walking.speak(page, site, language)


@pytest.mark.parametrize(("theme", "language"), [("light", "vi"), ("dark", "en")])
def test_the_office(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    enter(page, demonstration, "coordinator", language)
    wrong = []
    for path in OFFICE:
        page.goto(demonstration.url + path)
        wrong += walking.faults(page, language)
    page.goto(f"{demonstration.url}/deadlines")
    action = page.locator("main form[method=post]").first.get_attribute("action") or ""
    assert walking.send_empty(page, action) == 422
    wrong += walking.faults(page, language)
    page.goto(f"{demonstration.url}/audit/follow-ups")
    action = page.locator("main form[method=post]").first.get_attribute("action") or ""
    assert walking.send_empty(page, action) == 422
    wrong += walking.faults(page, language)
    assert wrong == []


@pytest.mark.parametrize(("theme", "language"), [("light", "vi"), ("dark", "en")])
def test_the_auditor(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    enter(page, demonstration, "auditor", language)
    wrong = []
    for path in ("/audit", "/audit?state=returned&year=2026", "/audit?departs=1&voided=1", "/workload"):
        page.goto(demonstration.url + path)
        wrong += walking.faults(page, language)
    page.goto(f"{demonstration.url}/audit?state=in_review")
    page.locator("main table a").first.click()  # the question comes first
    wrong += walking.faults(page, language)
    action = page.locator("main form[method=post]").get_attribute("action") or ""
    assert walking.send_empty(page, action) == 422
    wrong += walking.faults(page, language)

    file = opened_file(page, demonstration)
    wrong += walking.faults(page, language)
    page.eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")
    wrong += walking.faults(page, language)
    for form in ("notes", "names"):
        page.goto(file + ("/names" if form == "names" else ""))
        wrong += walking.faults(page, language)
        action = page.locator(f"main form[action$='/{form}']").get_attribute("action") or ""
        assert walking.send_empty(page, action) == 422
        wrong += walking.faults(page, language)
    page.locator("main textarea").fill("Kiểm tra trang.")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main table")).to_be_visible()
    wrong += walking.faults(page, language)
    assert wrong == []


def opened_file(page: Page, site: Site) -> str:
    """The file that the demonstration's auditor has opened."""
    page.goto(f"{site.url}/audit?state=certified")
    row = page.locator("main tr", has=page.get_by_text("bạn đã mở").or_(page.get_by_text("opened by you")))
    row.locator("a").first.click()
    page.wait_for_url("**/audit/HS-*")
    return page.url


@pytest.mark.parametrize(
    ("login", "theme"), [("coordinator", "light"), ("coordinator", "dark"), ("auditor", "dark"), ("vendor1", "light")]
)
def test_the_menu_at_320_pixels(phone: BrowserContext, demonstration: Site, login: str):
    page = phone.new_page()
    enter(page, demonstration, login, "vi")
    page.goto(f"{demonstration.url}/account")
    wrong = walking.faults(page, "vi")
    if page.locator("nav.nav summary").count():
        page.locator("nav.nav summary").click()
        wrong += walking.faults(page, "vi")
    assert wrong == []
    small = page.eval_on_selector_all(
        "nav.nav a, nav.nav summary, nav.nav button",
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.height && box.height < 44).length",
    )
    assert small == 0


def test_the_menu_by_keys_and_without_script(browser, demonstration: Site):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    walking.sign_in(page, demonstration, "coordinator@demo.example", PASSWORD)
    assert page.url.endswith("/deadlines")
    groups = page.locator("nav.nav .groups")
    expect(groups).to_be_hidden()
    page.locator("nav.nav summary").focus()
    page.keyboard.press("Enter")
    expect(groups).to_be_visible()
    page.locator("nav.nav .groups a[href='/rounds']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/rounds")
    expect(page.locator("nav.nav summary")).to_contain_text("Đợt tiếp nhận")
    expect(page.locator("nav.nav .groups")).to_be_hidden()
    context.close()
