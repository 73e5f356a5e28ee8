"""Evidence seen in place in a real browser: pages turned by the arrow keys, by links, and on the bench itself."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.site import Site

PATIENCE = 60_000  # milliseconds that pages may take to be made on a busy machine


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A desk; scripts are on or off."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def bench(page: Page, site: Site) -> None:
    """The bench at a criterion with a report of two pages; waits until they are made."""
    walking.sign_in(page, site, "reviewer1@demo.example", PASSWORD)
    rows = page.locator(".queue tbody tr").filter(has_text=re.compile("Chấm và chốt|Score"))
    page.goto(f"{site.url}{rows.first.locator('a').first.get_attribute('href')}?c=TL-03")
    until = PATIENCE
    while not page.locator("figure[data-pages='2'] img").count() and until > 0:
        page.wait_for_timeout(2_000)
        until -= 2_000
        page.reload()


def test_pages_are_turned(page: Page, demonstration: Site, request: pytest.FixtureRequest):
    scripted = "no script" not in request.node.name
    bench(page, demonstration)
    figure = page.locator("figure[data-pages='2']").first
    expect(figure.locator("button")).to_have_count(2)
    assert figure.locator("button:visible").count() == (2 if scripted else 0)
    if scripted:
        figure.get_by_role("button").last.click()
        expect(figure.locator("[data-number]")).to_contain_text(re.compile("2 ?(/|of) ?2"))
        expect(figure.locator("img")).to_have_attribute("src", re.compile(r"/pages/2$"))
        assert "page=2" in (figure.locator("a").first.get_attribute("href") or "")
        expect(figure.get_by_role("button").last).to_be_disabled()
        figure.get_by_role("button").first.click()
    figure.locator("figcaption a").click()
    picture = page.locator(".sheetframe img")
    expect(picture).to_be_visible()
    here = urlsplit(page.url).path
    if scripted:
        expect(picture).to_have_js_property("naturalWidth", 1000)
        page.keyboard.press("ArrowRight")
    else:
        page.locator("a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))
    assert urlsplit(page.url).path == here
    if scripted:
        page.locator("textarea").focus()
        page.keyboard.press("ArrowLeft")
        page.locator("h1").click()
        assert "page=2" in page.url, "arrows in a text move in the text"
        page.keyboard.press("ArrowLeft")
    else:
        page.locator("a[rel=prev]").click()
    expect(page.locator("a[rel=prev]")).to_have_count(0)
