"""What a cold visit transfers and asks for: the limits for parents on weak networks."""

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser import walking
from tests.browser.conftest import PASSWORD

KB = 1024


def visit(browser: Browser, url: str, page: Page | None = None) -> tuple[int, int]:
    """Bytes transferred, headers included, and requests made by one page with nothing cached."""
    page = page or browser.new_context().new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # Playwright takes no built-in
    page.goto(url, wait_until="load")
    sizes = [request.sizes() for request in finished]
    page.context.close()
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes), len(sizes)


def first(browser: Browser, url: str, selector: str) -> str:
    """Where the first link of a kind leads."""
    page = browser.new_context().new_page()
    page.goto(url)
    href = page.locator(selector).first.get_attribute("href")
    page.context.close()
    assert href, selector
    return href


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["vi", "en"])
def test_public_pages_are_light(browser: Browser, demonstration, prefix):
    site = demonstration.url
    product = first(browser, f"{site}{prefix}/products", "main a[href*='/products/']")
    certificate = first(browser, site + product, "main a[href*='/c/']")
    limits = {
        f"{prefix}/": (25 * KB, 4),
        f"{prefix}/products": (40 * KB, 6),
        product: (50 * KB, 8),
        certificate: (20 * KB, 3),
    }
    found = {path: visit(browser, site + path) for path in limits}
    assert {path: one for path, one in found.items() if one[0] > limits[path][0] or one[1] > limits[path][1]} == {}


def test_a_workspace_page_is_light(browser: Browser, demonstration):
    page = browser.new_context().new_page()
    walking.sign_in(page, demonstration, "vendor1@demo.example", PASSWORD)
    transferred, requests = visit(browser, f"{demonstration.url}/applications", page)
    assert transferred <= 80 * KB
    assert requests <= 8
